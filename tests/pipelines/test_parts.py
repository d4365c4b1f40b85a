from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.outlets import Outlet, parse_outlet
from pipelines.parts import is_part, part_number, part_url, parts_in
from pipelines.process import process
from pipelines.records import Article, Page, Reason, Rejected
from tests.served import served

URL = "https://contoh.id/berita/7/pasar-kota"
LEAD = "Pasar kota yang terbakar tahun lalu mulai dibangun kembali sejak awal pekan ini."
TEXTS = (
    "Pekerja memasang tiang beton di sisi timur, sedangkan pedagang bertahan di kios darurat.",
    "Wali kota menjanjikan semua blok selesai sebelum bulan puasa dan sewanya tidak dinaikkan.",
    "Pedagang sayur berharap atapnya lebih tinggi supaya udara di dalam tidak lagi pengap.",
    "Dana pembangunan berasal dari kas daerah dan dicairkan dalam tiga tahap sampai Maret.",
)


def outlet_with(pages: str) -> Outlet:
    toml = (
        'name = "Contoh"\ndomains = ["contoh.id"]\n[articles]\nmatch = "/berita/[0-9]+/"\n'
        f'single_page = {{ pages = "{pages}" }}\n'
        '[[layouts]]\nbody = [".isi"]\ntitle = ["h1"]\n'
    )
    return parse_outlet(toml, slug="contoh", where="contoh.toml")


QUERY = outlet_with("?hal={n}")
SLOTS = ("?hal={n}", "-bagian{n-1}", "/{n}", "/{n}/", "/{(n-1)*15}", "?x=1&hal={n-1}")


def page(*paragraphs: str, links: str = "", url: str = URL) -> Page:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    html = (
        "<!doctype html><html><head><title>Pasar Kota Dibangun</title></head><body>"
        f'<h1>Pasar Kota Dibangun</h1><div class="isi">{body}</div>{links}</body></html>'
    )
    return served(html, url, fetched_at=datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("pages", "number", "expected"),
    [
        ("?hal={n}", 2, f"{URL}?hal=2"),
        ("-bagian{n-1}", 2, f"{URL}-bagian1"),
        ("/{n}", 3, f"{URL}/3"),
        ("/{(n-1)*15}", 3, f"{URL}/30"),
        ("?hal={n}", 1, URL),
    ],
)
def test_a_part_has_the_address_that_the_outlet_gives_it(
    pages: str, number: int, expected: str
) -> None:
    assert expected == part_url(URL, number, outlet_with(pages))


@given(
    st.sampled_from(SLOTS).map(outlet_with),
    st.sampled_from(["", "/", "?id=3", "/?id=3&y"]),
    st.integers(1, 30),
    st.integers(1, 30),
)
def test_an_address_says_which_part_it_shows(
    outlet: Outlet, end: str, number: int, other: int
) -> None:
    url = part_url(URL + end, number, outlet)
    assert number == part_number(url, outlet)
    again = part_url(part_url(URL + end, other, outlet), number, outlet)
    # A part's address does not say whether the first one's ends in a slash.
    assert re.sub(r"/(?=\?|$)", "", url) == re.sub(r"/(?=\?|$)", "", again)
    assert is_part(url, number, URL + end, outlet)
    assert not is_part(url, number + 1, URL + end, outlet)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("", 1),
        ('<a href="?hal=2">2</a>', 2),
        ('<a href="?hal=2">2</a> … <a href="?hal=9">9</a>', 9),
        ('<link rel="next" href="https://www.contoh.id/berita/7/pasar-kota?hal=2&amp;y">', 1),
        ('<link rel=next href="//www.contoh.id/berita/7/pasar-kota?hal=2&amp;fbclid=x">', 2),
        ("<a href='http://contoh.id/berita/7/pasar-kota/?hal=3#isi'>3</a>", 3),
        ('<select><option value="/berita/7/pasar-kota?hal=4">4</option></select>', 4),
        # Of another article, another site, the list of comments, a comment in the markup.
        ('<a href="/berita/8/pasar-desa?hal=5">5</a>', 1),
        ('<a href="https://lain.id/berita/7/pasar-kota?hal=5">5</a>', 1),
        ('<a href="?komentar=5">5</a><a href="/indeks?hal=5">5</a>', 1),
        ('<!-- <a href="?hal=5">5</a> --><a href="?hal=1">1</a><a href="?hal=all">semua</a>', 1),
        ('<a href="https://[salah?hal=2">2</a><a href="?hal=99999999999">x</a>', 1),
    ],
)  # fmt: skip
def test_a_page_shows_how_many_parts_there_are(links: str, expected: int) -> None:
    assert expected == parts_in(page(LEAD, links=links), QUERY)


def test_only_an_outlet_that_says_so_has_parts() -> None:
    links = '<a href="?hal=2">2</a>'
    plain = parse_outlet('name = "X"\ndomains = ["contoh.id"]', slug="x", where="x.toml")
    assert parts_in(page(LEAD, links=links), plain) == 1
    assert parts_in(replace(page(LEAD, links=links), status=404), QUERY) == 1
    assert parts_in(page(LEAD, links=links, url="https://contoh.id/indeks"), QUERY) == 1
    broken = replace(page(LEAD), payload=b"\x1f\x8b", headers=(("Content-Encoding", "gzip"),))
    assert parts_in(broken, QUERY) == 1


def joined(*parts: Page) -> Article | Rejected:
    return process(replace(parts[0], parts=parts[1:]), QUERY)


def test_what_a_part_repeats_is_taken_out_of_it() -> None:
    answer = "Tidak ada."
    found = joined(
        page(LEAD, TEXTS[0], answer),
        page(LEAD, TEXTS[1], answer, TEXTS[2]),
        page("Pasar Kota Dibangun", LEAD, TEXTS[3], TEXTS[1]),
    )
    assert isinstance(found, Article)
    assert found.body.split("\n") == [
        *(LEAD, TEXTS[0], answer, TEXTS[1], answer, TEXTS[2], TEXTS[3])
    ]
    removed = [(one.kind, one.text) for one in found.removed]
    assert sorted(removed) == sorted(
        [
            ("part_repeat", LEAD),
            ("title", "Pasar Kota Dibangun"),
            ("part_repeat", LEAD),
            ("part_repeat", TEXTS[1]),
        ]
    )


def test_an_article_one_of_whose_parts_is_no_text_is_none() -> None:
    empty = joined(page(LEAD, *TEXTS), page())
    assert isinstance(empty, Rejected)
    assert (empty.reason, empty.detail) == (Reason.NO_BODY, "no text was found in part 2")
    gone = joined(page(LEAD, *TEXTS), replace(page(TEXTS[0]), status=404))
    assert isinstance(gone, Rejected)
    assert gone.reason is Reason.HTTP_STATUS
    wall = page(LEAD)
    wall = replace(wall, payload=b"<html><title>Just a moment...</title><body><p>Tunggu</p>")
    blocked = joined(page(LEAD, *TEXTS), wall)
    assert isinstance(blocked, Rejected)
    assert blocked.reason is Reason.BLOCKED
