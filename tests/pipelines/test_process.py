"""The one path, from bytes as served to an article, on the product's own example and on others."""

from __future__ import annotations

import gzip
import json
import pickle
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import HTML

from pipelines import __version__
from pipelines.blocks import lines_in
from pipelines.clean import FORMS, KINDS
from pipelines.outlets import Outlet, parse_outlet
from pipelines.process import process
from pipelines.records import Article, Page, Reason, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SEED = Path(__file__).parents[1] / "data" / "purnawarta-2023-10-31.txt"
LINES = SEED.read_text(encoding="utf-8").splitlines()
LABELLED = [line for line in LINES if line.startswith("Baca Juga")]
WANTED = [line for line in LINES if not line.startswith("Baca Juga")]
TITLES = [line.removeprefix("Baca Juga : ") for line in LABELLED]
URL = "https://purnawarta.com/dunia/menlu-iran-bertemu-pemimpin-hamas-di-doha/"

LAYOUT = parse_outlet(
    'name = "Purna Warta"\ndomains = ["purnawarta.com"]\n[[layouts]]\nbody = [".entry-content"]',
    slug="purnawarta",
    where="purnawarta.toml",
)
GENERIC = replace(LAYOUT, layouts=())
OUTLETS = {"layout": LAYOUT, "generic": GENERIC}

OWN: dict[str, str] = {
    "paragraph": '<p>Baca Juga : <a href="{u}">{t}</a></p>',
    "paragraph, all linked": '<p><a href="{u}">Baca Juga : {t}</a></p>',
    "paragraph, bold": '<p><strong>Baca Juga : <a href="{u}">{t}</a></strong></p>',
    "paragraph, apart": '<p><b>Baca Juga</b> : <em><a href="{u}"><span>{t}</span></a></em></p>',
    "paragraph, label linked": '<p><a href="{u}">Baca Juga</a> : {t}</p>',
    "plain": "<p>Baca Juga : {t}</p>",
    "plain, no space": "<p>BACA JUGA:{t}</p>",
    "plain, no colon": "<p>Baca Juga {t}</p>",
    "div": '<div><div class="x">Baca Juga : <a href="{u}">{t}</a></div></div>',
    "heading": '<h3>Baca Juga : <a href="{u}">{t}</a></h3>',
    "heading, no colon": '<h6>Baca Juga <a href="{u}">{t}</a></h6>',
    "quote": '<blockquote><p>Baca Juga : <a href="{u}">{t}</a></p></blockquote>',
    "quote, two lines": "<blockquote><b>Baca Juga</b><br><a href='{u}'>{t}</a></blockquote>",
    "label and list": '<p><b>Baca Juga :</b></p><ul><li><a href="{u}">{t}</a></li></ul>',
    "heading and list": '<h3>Baca Juga</h3><ul><li><a href="{u}">{t}</a></li></ul>',
    "label and plain list": "<p>Baca Juga:</p><ul><li>{t}</li></ul>",
    "list item": '<ul><li>Baca Juga : <a href="{u}">{t}</a></li></ul>',
    "table": '<table><tr><td>Baca Juga</td></tr><tr><td><a href="{u}">{t}</a></td></tr></table>',
    "table, one cell": '<table><tr><td>Baca Juga : <a href="{u}">{t}</a></td></tr></table>',
    "aside": '<aside><span>Baca Juga</span><h4><a href="{u}"><img src="x.jpg">{t}</a></h4></aside>',
    "aside, other label": '<aside><h4>Berita Terkait</h4><p><a href="{u}">{t}</a></p></aside>',
    "section": '<section class="inline-related"><div>Baca Juga</div><div><a href="{u}">{t}</a>'
    "<span>31 Oktober 2023</span></div></section>",
    "line break": '<p>Baca Juga :<br><a href="{u}">{t}</a></p>',
    "brackets": '<p>(Baca juga: <a href="{u}">{t}</a>)</p>',
    "brackets, plain": "<p>(Baca juga: {t})</p>",
    "no-break spaces": '<p>Baca\xa0Juga\xa0:\xa0\xa0<a href="{u}">{t}</a>&nbsp;</p>',
    "dash": '<p>Baca juga – <a href="{u}">{t}</a></p>',
    "arrows": '<p>» Baca Juga → <a href="{u}">{t}</a></p>',
    "Simak juga": '<p>Simak juga: <a href="{u}">{t}</a></p>',
    "Lihat juga": "<p>Lihat Juga : {t}</p>",
    "Tonton juga": '<p>Tonton juga: <a href="{u}">{t}</a></p>',
    "Simak": '<p>Simak: <a href="{u}">{t}</a></p>',
    "Baca": '<p>Baca: <a href="{u}">{t}</a></p>',
    "Baca artikel": '<p>Baca artikel: <a href="{u}">{t}</a></p>',
    "Baca pula": '<p>Baca pula: <a href="{u}">{t}</a></p>',
    "Baca selengkapnya": '<p>Baca selengkapnya: <a href="{u}">{t}</a></p>',
    "Baca lagi": '<p>Baca lagi: <a href="{u}">{t}</a></p>',
    "two paragraphs": '<p>Baca Juga :</p><p><a href="{u}">{t}</a></p>',
    "two paragraphs, plain": "<p>Baca Juga :</p><p>{t}</p>",
    "Jangan Lewatkan": '<p><b>Jangan Lewatkan</b></p><p><a href="{u}">{t}</a></p>',
    "nested": "<div><div><section><p><span><b><span>Baca Juga</span></b></span>&nbsp;:&nbsp;"
    '<a href="{u}"><b>{t}</b></a></p></section></div></div>',
}
"""A read-also in an element of its own."""

GLUED: dict[str, str] = {
    "plain": "Baca Juga : {t}",
    "plain, space": " Baca Juga : {t}",
    "no colon": "Baca Juga {t}",
    "link": ' Baca Juga : <a href="{u}">{t}</a>',
    "bold link": '<strong>Baca Juga : <a href="{u}">{t}</a></strong>',
    "line break": "<br>Baca Juga : {t}",
    "line breaks, link": '<br/><br/><b>Baca Juga : <a href="{u}">{t}</a></b>',
    "brackets": " (Baca juga: {t})",
    "brackets, link": ' (Baca juga: <a href="{u}">{t}</a>)',
}
"""A read-also at the end of the paragraph before it."""


def filled(form: str, number: int) -> str:
    return form.format(t=TITLES[number], u=f"/dunia/artikel-{number}/")


def own_body(form: str) -> str:
    return "\n".join(
        filled(form, LABELLED.index(line)) if line in LABELLED else f"<p>{line}</p>"
        for line in LINES
    )


def glued_body(form: str, *, inside: bool = False) -> str:
    paragraphs: list[str] = []
    for line in LINES:
        if line not in LABELLED:
            paragraphs.append(line)
            continue
        text = paragraphs[-1]
        at = text.find(" ", len(text) // 2) if inside else len(text)
        paragraphs[-1] = text[:at] + filled(form, LABELLED.index(line)) + text[at:]
    return "\n".join(f"<p>{one}</p>" for one in paragraphs)


def wordpress(body: str, *, head: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">
<title>Menlu Iran Bertemu Pemimpin Hamas di Doha - Purna Warta</title>
<meta property="og:title" content="Menlu Iran Bertemu Pemimpin Hamas di Doha - Purna Warta">
<meta property="og:type" content="article">
<meta property="article:published_time" content="2023-10-31T22:10:05+07:00">
<meta property="article:modified_time" content="2023-11-01T06:00:00+07:00">
<link rel="canonical" href="{URL}">{head}</head><body>
<header><nav><ul><li><a href="/">Beranda</a></li><li><a href="/dunia/">Dunia</a></li></ul></nav>
</header><main><article><h1 class="entry-title">Menlu Iran Bertemu Pemimpin Hamas di Doha</h1>
<div class="entry-content">{body}</div></article>
<aside><h3>Berita Terkait</h3><ul><li><a href="/lain/">Judul Lain di Bilah Samping</a></li></ul>
</aside></main><footer><p>Hak cipta Purna Warta</p></footer></body></html>"""


def page(html: str | bytes, *, url: str = URL, **kwargs: object) -> Page:
    given: dict[str, object] = {
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=UTF-8"),),
        "payload": html if isinstance(html, bytes) else html.encode(),
        "fetched_at": datetime(2023, 11, 1, tzinfo=UTC),
    }
    return Page(**{**given, **kwargs})  # type: ignore[arg-type]


def article(html: str, outlet: Outlet = LAYOUT) -> Article:
    found = process(page(html), outlet)
    assert isinstance(found, Article), found
    return found


def check_seed(found: Article) -> None:
    assert found.body.split("\n") == WANTED
    assert [one.title for one in found.related] == TITLES
    assert {one.form for one in found.related} <= set(FORMS)
    assert found.dateline == "Doha"
    assert found.language == "id"
    assert found.published_at == datetime(2023, 10, 31, 15, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)
@pytest.mark.parametrize("form", OWN.values(), ids=OWN)
def test_seed_loses_exactly_its_read_also_lines(form: str, outlet: Outlet) -> None:
    found = article(wordpress(own_body(form)), outlet)
    check_seed(found)
    linked = "{u}" in form
    assert [one.url for one in found.related] == [
        f"https://purnawarta.com/dunia/artikel-{n}/" if linked else None for n in range(3)
    ]


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)
@pytest.mark.parametrize("form", GLUED.values(), ids=GLUED)
def test_seed_loses_read_also_glued_to_a_paragraph(form: str, outlet: Outlet) -> None:
    check_seed(article(wordpress(glued_body(form)), outlet))


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)
@pytest.mark.parametrize("form", [GLUED["brackets"], GLUED["brackets, link"], GLUED["link"]])
def test_seed_keeps_the_paragraph_around_a_read_also(form: str, outlet: Outlet) -> None:
    check_seed(article(wordpress(glued_body(form, inside=True)), outlet))


@pytest.mark.parametrize("form", [*OWN.values()])
def test_nothing_visible_disappears_unseen(form: str) -> None:
    html = wordpress(own_body(form))
    found = article(html)
    element = HTML(html).find(".//div[@class='entry-content']")
    assert element is not None
    visible = letters(line.text for line in lines_in(element))
    taken = [*(one.title for one in found.related), *(one.text for one in found.removed)]
    assert letters([found.body, *taken]) == visible


def letters(texts: Iterable[str]) -> Counter[str]:
    return Counter(char for text in texts for char in text if char.isalnum())


def test_cleaning_a_clean_body_changes_nothing() -> None:
    first = article(wordpress(own_body(OWN["paragraph"])))
    again = article(wordpress("".join(f"<p>{one}</p>" for one in first.body.split("\n"))))
    assert again.body == first.body
    assert again.related == ()


def test_an_article_is_the_same_every_time_and_pickles() -> None:
    html = page(wordpress(own_body(OWN["aside"])))
    first, second = process(html, LAYOUT), process(html, LAYOUT)
    assert first == second
    assert pickle.loads(pickle.dumps(first)) == second  # noqa: S301 - our own bytes


def test_columns_of_the_seed() -> None:
    found = article(wordpress(own_body(OWN["paragraph"])))
    assert found.title == "Menlu Iran Bertemu Pemimpin Hamas di Doha"
    assert found.url == URL
    assert found.outlet == "purnawarta"
    assert found.published_on == date(2023, 10, 31)
    assert found.published_precision == "second"
    assert found.published_raw == "2023-10-31T22:10:05+07:00"
    assert found.modified_at == datetime(2023, 10, 31, 23, tzinfo=UTC)
    assert found.year == 2023
    assert found.word_count == len(found.body.split())
    assert re.fullmatch(r"[0-9a-f]{16}", found.near_hash)
    assert found.extractor.startswith(f"kliping {__version__}; trafilatura ")
    assert found.provenance["body"] == "selector:.entry-content"
    assert found.provenance["published_at"] == "meta:article:published_time"


def test_gzip_and_plain_pages_give_the_same_article() -> None:
    html = wordpress(own_body(OWN["paragraph"]))
    headers = (("content-type", "text/html"), ("content-encoding", "gzip"))
    packed = page(gzip.compress(html.encode()), headers=headers)
    assert process(packed, LAYOUT) == process(page(html), LAYOUT)


def test_text_between_line_breaks_becomes_paragraphs() -> None:
    body = "<br><br>".join(WANTED[:4])
    for outlet in OUTLETS.values():
        assert article(wordpress(body), outlet).body.split("\n") == WANTED[:4]


def test_headings_lists_quotes_and_rows_are_kept() -> None:
    body = (
        "<p>Panitia mengumumkan hasil lomba pada malam penutupan di balai kota.</p>"
        "<h2>Para pemenang</h2><ul><li>Juara pertama Sari</li><li><p>Juara kedua Budi</p></li></ul>"
        "<blockquote><p>“Kami senang. .”</p></blockquote><p>Ya.</p><p>Ya.</p>"
        "<table><tr><th>Nama</th><th>Nilai</th></tr><tr><td>Sari</td><td>9,5</td></tr></table>"
    )
    assert article(wordpress(body)).body.split("\n") == [
        "Panitia mengumumkan hasil lomba pada malam penutupan di balai kota.",
        "Para pemenang",
        "Juara pertama Sari",
        "Juara kedua Budi",
        "“Kami senang. .”",
        "Ya.",
        "Ya.",
        "Nama Nilai",
        "Sari 9,5",
    ]


def test_captions_scripts_and_the_repeated_title_go() -> None:
    body = (
        "<p>Menlu Iran Bertemu Pemimpin Hamas di Doha</p><script>var a = 'kode';</script>"
        "<figure><img src='a.jpg'><figcaption>Foto: dua menteri bersalaman</figcaption></figure>"
        f"<p>{WANTED[0]}</p><iframe src='https://video.example/'>bingkai</iframe>"
    )
    found = article(wordpress(body))
    assert found.body == WANTED[0]
    assert [(one.kind, one.text) for one in found.removed] == [
        ("title", "Menlu Iran Bertemu Pemimpin Hamas di Doha"),
        ("caption", "Foto: dua menteri bersalaman"),
    ]


def test_captions_stay_where_they_are_the_story() -> None:
    figures = "".join(
        f"<figure><img src='{n}.jpg'><figcaption>{text}</figcaption></figure>"
        for n, text in enumerate(WANTED[:3])
    )
    assert article(wordpress(figures)).body.split("\n") == WANTED[:3]


def test_rules_of_the_outlet_cut_no_more_than_their_match() -> None:
    outlet = parse_outlet(
        'name = "Kabar Kita"\ndomains = ["purnawarta.com"]\n'
        '[[layouts]]\nbody = [".entry-content"]\nremove = [".iklan", "span.catatan"]\n'
        "[clean]\ndrop_lines = ['^Ikuti kami']\nsignoff = ['\\(kk-\\d+\\)$']\n"
        "inline = ['\\[lihat grafik\\] ?']\ndateline = ['^(?P<place>\\w+) \\(KK\\)']",
        slug="kabarkita",
        where="kabarkita.toml",
    )
    body = (
        "<p>Bogor (KK) Hujan turun [lihat grafik] sejak pagi.<span class=catatan> Nota</span></p>"
        "<div class=iklan>Beli sekarang</div><p>Ikuti kami di mana saja</p>"
        "<p>Warga menunggu bantuan sampai malam di balai desa. (kk-12)</p>"
    )
    found = article(wordpress(body), outlet)
    assert found.body.split("\n") == [
        "Bogor (KK) Hujan turun sejak pagi.",
        "Warga menunggu bantuan sampai malam di balai desa.",
    ]
    assert found.dateline == "Bogor"
    assert {(one.kind, one.text) for one in found.removed} == {
        ("remove", "Nota"),
        ("inline", "[lihat grafik]"),
        ("remove", "Beli sekarang"),
        ("drop_line", "Ikuti kami di mana saja"),
        ("signoff", "(kk-12)"),
    }
    assert {one.kind for one in found.removed} <= set(KINDS)


def test_read_also_in_an_element_that_the_layout_removes_is_related() -> None:
    outlet = replace(
        LAYOUT,
        layouts=parse_outlet(
            'name="x"\ndomains=["x.id"]\n[[layouts]]\nbody=[".entry-content"]\nremove=[".sisip"]',
            slug="x",
            where="x.toml",
        ).layouts,
    )
    form = '<table class="sisip"><tr><td>Baca juga: <a href="{u}">{t}</a></td></tr></table>'
    check_seed(article(wordpress(own_body(form)), outlet))


def test_parts_are_joined_in_order() -> None:
    first, second = (
        wordpress("".join(f"<p>{one}</p>" for one in part)) for part in (WANTED[:5], WANTED[5:])
    )
    found = process(replace(page(first), parts=(page(second),)), LAYOUT)
    assert isinstance(found, Article)
    assert found.body.split("\n") == WANTED


def test_a_wordpress_item_gives_the_same_text_as_its_page() -> None:
    post = {
        "id": 77,
        "link": URL,
        "date_gmt": "2023-10-31T15:10:05",
        "modified_gmt": "2023-10-31T23:00:00",
        "title": {"rendered": "Menlu Iran Bertemu Pemimpin Hamas di Doha &#8211; Kabar"},
        "content": {"rendered": own_body(OWN["paragraph"]) + "</div></div>"},
        "_embedded": {
            "author": [{"name": "Sari Dewi"}],
            "wp:term": [
                [{"taxonomy": "category", "name": "Dunia &amp; Kawasan"}],
                [{"taxonomy": "post_tag", "name": "Doha"}],
            ],
        },
    }
    api = page(
        json.dumps([{"id": 1}, post]),
        url="https://purnawarta.com/wp-json/wp/v2/posts?per_page=100",
        headers=(("content-type", "application/json"),),
        item="77",
    )
    found = process(api, LAYOUT)
    assert isinstance(found, Article), found
    check_seed(found)
    assert found.title == "Menlu Iran Bertemu Pemimpin Hamas di Doha – Kabar"
    assert found.url == URL
    assert found.authors == ("Sari Dewi",)
    assert found.section == "Dunia & Kawasan"
    assert found.tags == ("Doha",)
    assert found.provenance["published_at"] == "wordpress:date_gmt"
    missing = process(replace(api, item="78"), LAYOUT)
    assert isinstance(missing, Rejected)
    assert missing.reason == Reason.NOT_ARTICLE


JSON = (("content-type", "application/json"),)
REFUSED: dict[str, tuple[Callable[[], Page], Reason]] = {
    "404": (lambda: page(wordpress(own_body(OWN["plain"])), status=404), Reason.HTTP_STATUS),
    "nothing": (lambda: page(b""), Reason.EMPTY),
    "white space": (lambda: page(b" \n "), Reason.EMPTY),
    "JSON": (lambda: page(b'{"a": 1}', headers=JSON), Reason.NOT_HTML),
    "JSON that says HTML": (lambda: page(b'{"a": "<p>satu</p>"}'), Reason.NOT_HTML),
    "PDF that says HTML": (lambda: page(b"%PDF-1.7 <p>"), Reason.NOT_HTML),
    "feed": (lambda: page(b'<?xml version="1.0"?><rss><p>a</p></rss>'), Reason.NOT_HTML),
    "broken gzip": (
        lambda: page(
            gzip.compress(wordpress("x" * 999).encode())[:-30],
            headers=(("content-encoding", "gzip"),),
        ),
        Reason.UNDECODABLE,
    ),
    "bomb": (
        lambda: page(gzip.compress(b"<p>" * 9**8)[:], headers=(("content-encoding", "gzip"),)),
        Reason.TOO_LARGE,
    ),
    "deep": (lambda: page(b"<html><title>Judul</title>" + b"<b>" * 90_000), Reason.NO_BODY),
    "tags": (lambda: page(b"<html><title>Judul</title>" + b"<p>a</p>" * 90_000), Reason.TOO_LARGE),
    "attributes": (
        lambda: page(b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">"),
        Reason.TOO_LARGE,
    ),
    "novel": (lambda: page(wordpress("<p>" + "kata " * 200_000)), Reason.TOO_LARGE),
    "no title": (lambda: page(f"<html><body><p>{WANTED[0]}</p></body></html>"), Reason.NO_TITLE),
    "no text": (lambda: page(wordpress("<p>(Baca juga: Judul Lain Sekali)</p>")), Reason.NO_BODY),
    "too short": (lambda: page(wordpress("<p>Hanya sebaris.</p>")), Reason.TOO_SHORT),
    "challenge": (
        lambda: page(
            "<html><head><title>Just a moment...</title></head><body><p>Checking your browser"
            "</p><script src='/cdn-cgi/challenge-platform/x.js'></script></body></html>"
        ),
        Reason.BLOCKED,
    ),
    "home page": (
        lambda: page(
            '<html><head><title>Kabar Kita</title><meta property="og:type" content="website">'
            '<meta property="og:title" content="Berita Hari Ini dari Kabar"></head><body><ul>'
            + "".join(f'<li><a href="/a{n}">Judul berita nomor {n}</a></li>' for n in range(60))
            + "</ul></body></html>",
            url="https://contoh.id/",
        ),
        Reason.NOT_ARTICLE,
    ),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_page_that_is_no_article_is_rejected(make: Callable[[], Page], reason: Reason) -> None:
    found = process(make(), LAYOUT)
    assert isinstance(found, Rejected), found
    assert found.reason == reason
    assert found.detail
    assert "\n" not in found.detail


def test_character_references_smuggle_no_control_characters() -> None:
    body = f"<p>{WANTED[0]}&#1;&#x7f;</p><p><a href='/a&#2;b'>satu&#3;dua</a></p>"
    found = article(wordpress(body))
    assert found.body.split("\n")[0] == WANTED[0]
    assert not re.search("[\x00-\x08\x0e-\x1f\x7f]", found.body)


SPLICES = [b"<", b">", b"</p>", b"<table>", b"</div>", b"<!--", b'"', b"&#1;", b"\xff", b"\x00",
           b"(baca juga: ", b"Baca Juga : ", b'<a href="//[">', b"<svg><p>"]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 9_000), st.sampled_from(SPLICES)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_mangled_page_never_raises(splices: list[tuple[int, bytes]]) -> None:
    data = wordpress(own_body(OWN["aside"])).encode()
    for at, splice in splices:
        data = data[:at] + splice + data[at:]
    for outlet in OUTLETS.values():
        assert isinstance(process(page(data), outlet), Article | Rejected)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "br", "zstd", "deflate", "identity"]))
@settings(deadline=None)
def test_any_bytes_never_raise(data: bytes, encoding: str) -> None:
    assert isinstance(process(page(data, headers=(("content-encoding", encoding),)), LAYOUT),
                      Rejected)  # fmt: skip


def test_a_shortest_body_may_be_asked_for() -> None:
    outlet = replace(LAYOUT, articles=replace(LAYOUT.articles, min_chars=100_000))
    found = process(page(wordpress(own_body(OWN["paragraph"]))), outlet)
    assert isinstance(found, Rejected)
    assert found.reason == Reason.TOO_SHORT
