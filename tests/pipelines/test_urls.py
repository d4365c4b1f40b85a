from __future__ import annotations

import hashlib
import string
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.outlets import generic_outlet, parse_outlet
from pipelines.urls import article_id, canonical_url, single_page_url, url_key

if TYPE_CHECKING:
    from pipelines.outlets import Outlet


def outlet_with(articles: str = "", domains: str = '["contoh.id"]') -> Outlet:
    toml = f'name = "Contoh"\ndomains = {domains}\n[articles]\n{articles}\n'
    return parse_outlet(toml, slug="contoh", where="contoh.toml")


ANY = outlet_with()
MATCHING = outlet_with(r"""match = '^https?://(\w+\.)?contoh\.id(:\d+)?/berita/\d+/[a-z0-9-]+'""")
QUERY = outlet_with('match = "/d-[0-9]+/"\nsingle_page = { query = "single=1" }')
PATH = outlet_with('match = "/read/[0-9]+/"\nsingle_page = { path = "/all" }')
NUMBERED = outlet_with('match = "/read/[0-9]+/[a-z-]+"\nsingle_page = { pages = "/{n}" }')
SUFFIXED = outlet_with('match = "/berita/[0-9]+/"\nsingle_page = { pages = "-part{n}" }')
OUTLETS = [ANY, MATCHING, QUERY, PATH, NUMBERED, SUFFIXED, generic_outlet("https://contoh.id/")]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.Contoh.ID:443/Berita/1", "https://www.contoh.id/Berita/1"),
        ("http://contoh.id:80", "http://contoh.id/"),
        ("http://contoh.id:8080/a", "http://contoh.id:8080/a"),
        ("http://contoh.id./a", "http://contoh.id/a"),
        ("https://contoh.id/a/#komentar", "https://contoh.id/a/"),
        ("https://contoh.id/a?", "https://contoh.id/a"),
        ("https://contoh.id/?p=123&utm_medium=wa&fbclid=Iw", "https://contoh.id/?p=123"),
        ("https://contoh.id/a?id=3&_gl=1*x&mc_cid=a&gclid=b&igshid=c", "https://contoh.id/a?id=3"),
        ("https://contoh.id/a?source=2", "https://contoh.id/a?source=2"),
        ("https://contoh.id/x/../a/./b/..", "https://contoh.id/a/"),
        ("https://contoh.id/%7ebudi/%c3%a9 é", "https://contoh.id/~budi/%C3%A9%20%C3%A9"),
        ("https://contoh.id/100%/%zz%2F", "https://contoh.id/100%25/%25zz%2F"),
        ("https://bücher.contoh.id/", "https://xn--bcher-kva.contoh.id/"),
        ("https://budi:rahasia@contoh.id/a", "https://contoh.id/a"),
        ("  https://contoh.id/a\n", "https://contoh.id/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://contoh.id/judul/amp/", "https://contoh.id/judul/"),
        ("https://contoh.id/judul?amp=1", "https://contoh.id/judul"),
        ("https://contoh.id/amp", "https://contoh.id/amp"),
        ("https://amp.contoh.id/judul", "https://amp.contoh.id/judul"),
        ("https://m.contoh.id/judul", "https://m.contoh.id/judul"),
    ],
)
def test_an_address_is_normalised(url: str, expected: str) -> None:
    assert expected == canonical_url(url, outlet=ANY)


@pytest.mark.parametrize(
    ("outlet", "url", "expected"),
    [
        (QUERY, "https://contoh.id/d-7/x?single=1&page=2", "https://contoh.id/d-7/x"),
        (QUERY, "https://contoh.id/indeks?page=2", "https://contoh.id/indeks?page=2"),
        (PATH, "https://contoh.id/read/7/x/all", "https://contoh.id/read/7/x"),
        (PATH, "https://contoh.id/read/7/x/all/", "https://contoh.id/read/7/x/"),
        (PATH, "https://contoh.id/tag/all", "https://contoh.id/tag/all"),
        (NUMBERED, "https://contoh.id/read/7/harga-beras/3", "https://contoh.id/read/7/harga-beras"),
        (NUMBERED, "https://contoh.id/read/7", "https://contoh.id/read/7"),
        (SUFFIXED, "https://contoh.id/berita/7/x-part2", "https://contoh.id/berita/7/x"),
        (MATCHING, "https://contoh.id/berita/7/x?ref=wa&page=3&id=9", "https://contoh.id/berita/7/x?id=9"),
        (MATCHING, "https://contoh.id/berita/7/x/amp", "https://contoh.id/berita/7/x"),
        (MATCHING, "https://contoh.id/topik/amp", "https://contoh.id/topik/amp"),
    ],
)  # fmt: skip
def test_the_forms_of_one_article_become_one(outlet: Outlet, url: str, expected: str) -> None:
    assert expected == canonical_url(url, outlet=outlet)


@pytest.mark.parametrize(
    ("url", "declared", "expected"),
    [
        # The mobile and AMP hosts are undone by what the page declares.
        ("https://m.contoh.id/berita/7/x", "https://contoh.id/berita/7/x", None),
        ("https://amp.contoh.id/berita/7/x", "https://contoh.id/berita/7/x?utm_source=amp", "https://contoh.id/berita/7/x"),
        # Foreign, home, and section addresses are not believed.
        ("https://contoh.id/berita/7/x", "https://lain.id/berita/7/x", "https://contoh.id/berita/7/x"),
        ("https://contoh.id/berita/7/x", "https://contoh.id/", "https://contoh.id/berita/7/x"),
        ("https://contoh.id/berita/7/x", "https://contoh.id/index.php", "https://contoh.id/berita/7/x"),
        ("https://contoh.id/berita/7/x", "https://contoh.id/berita", "https://contoh.id/berita/7/x"),
        ("https://contoh.id/berita/7/x", "javascript:void(0)", "https://contoh.id/berita/7/x"),
        ("https://contoh.id/berita/7/x", "", "https://contoh.id/berita/7/x"),
        ("https://contoh.id/berita/7/x", "http://[", "https://contoh.id/berita/7/x"),
        # What is no article by its address may name what is one.
        ("https://contoh.id/?p=7", "https://contoh.id/berita/7/x", None),
        # The port of a server that does not name it.
        ("http://contoh.id:8080/berita/7/y", "http://contoh.id/berita/7/x", "http://contoh.id:8080/berita/7/x"),
        ("https://contoh.id:8443/berita/7/y", "http://contoh.id/berita/7/x", "https://contoh.id:8443/berita/7/x"),
    ],
)  # fmt: skip
def test_a_declared_address_is_believed_only_with_reason(
    url: str, declared: str, expected: str | None
) -> None:
    assert (expected or declared) == canonical_url(url, declared=[declared], outlet=MATCHING)


def test_a_declared_address_without_the_port_of_the_outlet_keeps_it() -> None:
    outlet = outlet_with(domains='["127.0.0.1:8000"]')
    declared = ["http://127.0.0.1/berita-7/"]
    expected = "http://127.0.0.1:8000/berita-7/"
    assert expected == canonical_url("http://127.0.0.1:8000/?p=7", declared=declared, outlet=outlet)


def test_a_site_on_any_port_may_declare_its_name() -> None:
    outlet = outlet_with(domains='["demo.contoh.id", "127.0.0.1"]')
    declared = ["http://demo.contoh.id/berita-7/"]
    expected = "http://demo.contoh.id/berita-7/"
    assert expected == canonical_url("http://127.0.0.1:999/b", declared=declared, outlet=outlet)


def test_the_first_trusted_declaration_wins() -> None:
    declared = [
        "https://contoh.id/",
        "https://contoh.id/berita/7/x",
        "https://contoh.id/berita/7/z",
    ]
    expected = "https://contoh.id/berita/7/x"
    assert expected == canonical_url(
        "https://contoh.id/berita/7/y", declared=declared, outlet=MATCHING
    )


@pytest.mark.parametrize(
    ("outlet", "url", "expected"),
    [
        (QUERY, "https://contoh.id/d-7/x?id=1", "https://contoh.id/d-7/x?id=1&single=1"),
        (QUERY, "https://contoh.id/d-7/x?single=1", "https://contoh.id/d-7/x?single=1"),
        (QUERY, "https://contoh.id/indeks", "https://contoh.id/indeks"),
        (PATH, "https://contoh.id/read/7/x", "https://contoh.id/read/7/x/all"),
        (PATH, "https://contoh.id/read/7/x/?a=1", "https://contoh.id/read/7/x/all/?a=1"),
        (NUMBERED, "https://contoh.id/read/7/harga/2", "https://contoh.id/read/7/harga"),
        (ANY, "https://contoh.id/read/7/x", "https://contoh.id/read/7/x"),
        (ANY, "mailto:budi@contoh.id", "mailto:budi@contoh.id"),
    ],
)
def test_the_single_page_address_shows_all_parts(outlet: Outlet, url: str, expected: str) -> None:
    assert expected == single_page_url(url, outlet)


@pytest.mark.parametrize(
    "home", ["https://contoh.id/", "https://contoh.id", "https://contoh.id/Home"]
)
def test_the_home_page_is_never_believed(home: str) -> None:
    expected = "https://contoh.id/judul"
    assert expected == canonical_url(expected, declared=[home], outlet=ANY)


@pytest.mark.parametrize("url", ["https://contoh.id/a", "https://contoh.id/berita-7"])
def test_keys_are_the_first_64_bits_of_sha256(url: str) -> None:
    digest = hashlib.sha256(url.encode()).digest()
    assert digest.hex()[:16] == article_id(url)
    assert int.from_bytes(digest[:8], "big", signed=True) == url_key(url)


_TEXT = st.text(alphabet=string.printable + "éＡ。\ud800", max_size=40)
_PIECE = st.sampled_from(
    [
        "/",
        "/all",
        "/amp",
        "/2",
        "-part1",
        "/read/7/x",
        "/berita/7/",
        "/d-7/x",
        "/..",
        "%2e",
        "%",
        "?",
        "&",
        "page=2",
        "single=1",
        "ref=a",
        "utm_source=b",
        "p=3",
        "amp",
        "#a",
        "//",
    ]
)
_URL = st.one_of(
    _TEXT,
    st.builds("https://{}".format, _TEXT),
    st.builds("http://contoh.id{}".format, st.lists(_PIECE | _TEXT, max_size=8).map("".join)),
)


@given(url=_URL, outlet=st.sampled_from(OUTLETS))
@example(url="http://contoh.id/read/7/x/all/all?page=2/amp", outlet=PATH)
@example(url="https://é。/", outlet=ANY)
def test_the_canonical_address_of_a_canonical_address_is_itself(url: str, outlet: Outlet) -> None:
    once = canonical_url(url, outlet=outlet)
    assert once == canonical_url(once, outlet=outlet)


@given(url=_URL, outlet=st.sampled_from(OUTLETS))
def test_the_single_page_address_is_of_the_same_article(url: str, outlet: Outlet) -> None:
    expected = canonical_url(url, outlet=outlet)
    assert expected == canonical_url(single_page_url(url, outlet), outlet=outlet)


@given(declared=st.lists(_URL, max_size=3))
def test_no_declaration_takes_an_article_elsewhere(declared: list[str]) -> None:
    found = canonical_url("https://contoh.id/berita/7/x", declared=declared, outlet=MATCHING)
    assert MATCHING.is_article(found)


@pytest.mark.parametrize(
    "filler", ["a", "/amp", "/2", "-part1", "%", " ", "/..", "&utm_source=1", "[", "1", "."]
)
def test_a_huge_address_takes_no_time(filler: str) -> None:
    started = time.perf_counter()
    for outlet in OUTLETS:
        canonical_url(
            "https://contoh.id/read/7/x" + filler * (100_000 // len(filler)), outlet=outlet
        )
        canonical_url("https://contoh.id" + filler * (100_000 // len(filler)) + "/x", outlet=outlet)
    assert time.perf_counter() - started < 5
