"""No word of a body is lost or made up, and cleaning what is clean takes nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from pipelines.blocks import lines_in, tidy
from pipelines.body import choose
from pipelines.clean import FORMS, KINDS, clean, cut_end
from pipelines.document import Document
from pipelines.outlets import CleanRules, parse_outlet
from pipelines.process import process
from pipelines.records import Article, Page, Related, Removed
from tests.served import served
from tests.visible import article_words, kept_words, letters, visible_words, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NO_RULES = CleanRules()
RULES = CleanRules(
    drop_lines=(re.compile(r"(?i)^ikuti terus"), re.compile(r"kanal kami$")),
    signoff=(re.compile(r"\s*-tamat-$"),),
    inline=(re.compile(r"\(promo[^)]*\)"), re.compile(r"KABAR\d")),
)

PIECES = (
    "Harga beras naik lagi di pasar induk", "Warga mengeluh, kata Budi", "katanya",
    "(sejak pagi)", "Bupati Resmikan Pasar Baru", "Harga Cabai Turun Tajam Pekan Ini", "dan",
    '"Kami lelah," kata dia', "Baca juga:", "Baca Juga", "BACA JUGA :", "Baca:", "(Baca juga:",
    "[Baca:", ")", "]", "Lihat juga", "Simak Juga:", "Artikel Terkait", "Berita Terkait:",
    "Berkaitan", "Pilihan Editor:", "Terpopuler", "Jangan lewatkan", "Selengkapnya baca di sini",
    "Baca selengkapnya", "baca juga", ">>", "→", "- ", "0", "Iklan", "ADVERTISEMENT",
    "SCROLL TO CONTINUE WITH CONTENT", "[Gambas:Video Kabar]", "Bagikan:",
    "Simak Video 'Banjir Rendam Rumah':", "Ikuti saluran WhatsApp kami untuk berita terbaru",
    "Editor: Sari Dewi", "Oleh Sari Dewi", "Sumber: Reuters", "Foto: Antara/Sari",
    "(Foto: Sari Dewi)", "Copyright © Kabar 2021", "2 dari 3 halaman", "(abc/def)", "(abc)",
    "(*)", "***", "Tags: pasar", "Artikel ini telah tayang di Kabar.id dengan judul",
    "Ikuti terus", "di kanal kami", "-tamat-", "(promo akhir tahun)", "KABAR7",
    "Senin, 6 November 2023 10:20 WIB", "Doha –", "_garis_bawah_", "MEDIA9", "Apa itu inflasi?",
    "Ungkap!", "“Lihat juga: data harga turun 0,2 persen.”",
)  # fmt: skip
ENDS = (" ", ". ", ".", ", ", ": ", "? ", " – ")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


TEXT = st.builds("{}{}".format, st.sampled_from(PIECES), st.sampled_from(ENDS)).map(escaped)


def within(opening: str) -> st.SearchStrategy[str]:
    tag = re.match(r"\w+", opening)
    assert tag
    return st.just(f"<{opening}>{{}}</{tag[0]}>")


MARKS = st.one_of(
    *(
        within(one)
        for one in (
            "a href='/b'", "a href='/c'", "a", "b", "strong", "em", "span", "span class='cut'",
            "span style='display: none'", "span hidden", "font", "cite", "noscript",
        )
    )
)  # fmt: skip
BLOCKS = st.one_of(
    *(
        within(one)
        for one in (
            "p", "p", "p", "div", "h3", "blockquote", "aside class='related-post'", "div hidden",
            "figcaption", "div class='cut'", "div class='sharedaddy'", "button",
            "div class='wp-caption-text'", "section",
        )
    )
)  # fmt: skip


def joined(parts: list[str]) -> str:
    return "".join(parts)


UNSEEN = ("<!-- Baca -->", "<script>var baca = 1;</script>", "<style>.baca{color:red}</style>")
INLINE = st.recursive(
    TEXT,
    lambda inner: st.builds(str.format, MARKS, st.lists(inner, min_size=1, max_size=4).map(joined)),
    max_leaves=4,
)
RUN = st.lists(
    st.one_of(INLINE, INLINE, INLINE, st.just("<br>"), st.sampled_from(UNSEEN)), max_size=6
)
FLOW = st.recursive(
    st.builds(str.format, BLOCKS, RUN.map(joined)),
    lambda inner: st.one_of(
        st.builds(str.format, BLOCKS, st.lists(inner, max_size=3).map(joined)),
        st.lists(RUN.map(joined), min_size=1, max_size=3).map(
            lambda items: "<ul>" + "".join(f"<li>{one}</li>" for one in items) + "</ul>"
        ),
        st.lists(RUN.map(joined), min_size=1, max_size=3).map(
            lambda cells: (
                "<table><tr>" + "".join(f"<td>{one}</td>" for one in cells) + "</tr></table>"
            )
        ),
    ),
    max_leaves=6,
)
HTML = st.lists(FLOW, min_size=1, max_size=5).map(joined)


def glued(parts: list[str]) -> str:
    """Join parts and take out the spaces around tags."""
    return re.sub(r" *(</?(?:a|b|strong|em|span|font|cite)\b[^>]*>) *", r"\1", "".join(parts))


OUTLET = parse_outlet(
    """
name = "Kabar"
domains = ["kabar.test"]
[[layouts]]
body = [".isi"]
title = ["h1"]
remove = [".cut"]
[clean]
drop_lines = ['(?i)^ikuti terus']
signoff = ['-tamat-$']
inline = ['\\(promo[^)]*\\)']
""",
    slug="kabar",
    where="kabar.toml",
)
STORY = (
    "Pasar itu ramai sejak pagi, dan pedagang menunggu pembeli sampai sore tiba di kota kecil itu."
)


def page(html: str) -> Page:
    payload = f"<html><body><h1>Pasar Kota Ramai</h1><div class='isi'>{html}</div></body></html>"
    return served(payload, "https://kabar.test/1", fetched_at=datetime(2023, 11, 6, tzinfo=UTC))


@settings(max_examples=40, deadline=None)
@given(before=HTML, after=HTML)
def test_an_article_holds_every_word_of_its_body_element(before: str, after: str) -> None:
    one = page(f"{before}<p>{STORY}</p>{after}")
    document = Document(one.payload.decode(), one.final_url)
    chosen = choose(document, OUTLET)
    assert chosen
    article = process(one, OUTLET)
    assert isinstance(article, Article)
    assert article_words(article) == visible_words(chosen.element)


def cleaned(root: HtmlElement, rules: CleanRules) -> tuple[list[str], list[Related], list[Removed]]:
    """Clean an element as an article's body: its end is cut, too."""
    cut_out = frozenset(one for one in root.iter() if one.get("class") == "cut")
    result = clean(lines_in(root), root, base="https://x.id/", rules=rules, removed=cut_out)
    texts = [(number, tidy(line.text)) for number, line in result.lines]
    left, signoffs = cut_end(texts, rules)
    found = [item for _, item in (*result.found, *signoffs)]
    return (
        [text for _, text in left],
        [one for one in found if isinstance(one, Related)],
        [one for one in found if isinstance(one, Removed)],
    )


def paragraphs(texts: list[str]) -> HtmlElement:
    return fragment_fromstring(
        "<div>" + "".join(f"<p>{escaped(text)}</p>" for text in texts) + "</div>"
    )


@settings(max_examples=150, deadline=None)
@given(html=HTML, rules=st.sampled_from([NO_RULES, RULES]))
def test_every_word_is_kept_once(html: str, rules: CleanRules) -> None:
    root = fragment_fromstring(f"<div>{html}</div>")
    before = visible_words(root)
    texts, related, removed = cleaned(root, rules)
    assert kept_words(texts, related, removed) == before
    assert {one.form for one in related} <= set(FORMS)
    assert {one.kind for one in removed} <= set(KINDS)


@settings(max_examples=150, deadline=None)
@given(html=HTML, rules=st.sampled_from([NO_RULES, RULES]))
def test_cleaning_twice_changes_nothing(html: str, rules: CleanRules) -> None:
    texts, _, _ = cleaned(fragment_fromstring(f"<div>{html}</div>"), rules)
    assert cleaned(paragraphs(texts), rules) == (texts, [], [])


@settings(max_examples=60, deadline=None)
@given(
    html=st.lists(FLOW, min_size=1, max_size=4).map(glued), rules=st.sampled_from([NO_RULES, RULES])
)
def test_every_letter_is_kept_where_words_are_glued(html: str, rules: CleanRules) -> None:
    root = fragment_fromstring(f"<div>{html}</div>")
    before = letters(visible_words(root))
    assert letters(kept_words(*cleaned(root, rules))) == before


@settings(max_examples=80, deadline=None)
@given(html=HTML, rules=st.sampled_from([NO_RULES, RULES]))
def test_the_tree_holds_what_the_lines_hold(html: str, rules: CleanRules) -> None:
    root = fragment_fromstring(f"<div>{html}</div>")
    result = clean(lines_in(root), root, base="https://x.id/", rules=rules)
    assert visible_words(root) == words(line.text for _, line in result.lines)


@pytest.mark.parametrize(
    ("html", "rest"),
    [
        ("<p>Baca juga <a href='/b'>Harga Beras</a> Naik Lagi di Pasar Induk Kota</p>", []),
        ("<p>Harga beras naik. (abc/def) Editor: Sari Dewi -tamat-</p>", ["Harga beras naik."]),
        ("<p>Harga beras naik.</p><p>Editor: Sari Dewi (abc/def)</p>", ["Harga beras naik."]),
        ("<figure><figcaption>Foto: Sari Dewi</figcaption></figure><p>Baca juga:</p>", []),
    ],
)
def test_what_one_cut_lays_bare_goes_too(html: str, rest: list[str]) -> None:
    texts, related, _ = cleaned(fragment_fromstring(f"<div>{html}</div>"), RULES)
    assert texts == rest
    assert {one.url for one in related} <= {"https://x.id/b"}
    assert cleaned(paragraphs(texts), RULES) == (texts, [], [])
