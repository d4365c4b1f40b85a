"""Pages whose metadata says nothing: what readers see around the headline."""

from __future__ import annotations

import time
from itertools import islice

import pytest

from pipelines.document import Document
from pipelines.nearby import Surroundings

PARAGRAPH = (
    "<p>" + "Warga desa memanen padi lebih awal karena hujan turun sebulan penuh. " * 4 + "</p>"
)
TITLE = "Panen Padi Dimulai Lebih Awal"


def page(before: str = "", after: str = "", end: str = "") -> Surroundings:
    body = f"{before}<h1>{TITLE}</h1>{after}{PARAGRAPH}{PARAGRAPH}{PARAGRAPH}{end}"
    html = f"<html><body>{body}</body></html>"
    return Surroundings(Document(html, "https://kabar.id/a"), TITLE, ["Kabar Kita", "kabar.id"])


@pytest.mark.parametrize(
    ("before", "after", "date"),
    [
        ("", "<div>Senin, 6 November 2023 14:05 WIB</div>", "Senin, 6 November 2023 14:05 WIB"),
        ("<p>06/11/2023 14.05</p>", "", "06/11/2023 14.05"),
        ("", "<p><b>6 November 2023</b> | 14:05 WIB</p>", "6 November 2023 | 14:05 WIB"),
        ("", "<p><i>6</i> <i>Nov</i> <i>2023</i></p>", "6 Nov 2023"),
        ("", "<p>Oleh Sari Dewi</p><span>Kabar Kita - 6/11/2023</span>", "Kabar Kita - 6/11/2023"),
        ("", "<time datetime='2023-11-06T14:05:00+07:00'>3 jam lalu</time>",
         "2023-11-06T14:05:00+07:00"),
        ("<p>1 Mei 2020</p>" + "<i>a</i>" * 9, "<p>6 Mei 2023</p>", "6 Mei 2023"),
        ("", "<p>Diperbarui: 7 Mei 2023</p><p>Terbit: 6 Mei 2023</p>", "Terbit: 6 Mei 2023"),
        ("", "<b>Diperbarui</b><i>7 Mei 2023</i><i>6 Mei 2023 10:00</i>", "6 Mei 2023 10:00"),
    ],
)  # fmt: skip
def test_the_nearest_date_is_found(before: str, after: str, date: str) -> None:
    assert next(page(before, after).dates(), None) == date


@pytest.mark.parametrize(
    "after",
    [
        "<p>Diperbarui 7 Mei 2023</p>",
        "<footer>© 2023 Kabar Kita</footer>",
        "<div class='berita-terkait'><p>6 Mei 2023</p></div>",
        "<nav><a href='/'>6 Mei 2023</a></nav>",
        "<p>" + "Pada 6 Mei 2023 petani di lereng gunung memanen padi. " * 5 + "</p>",
    ],
)
def test_what_dates_something_else_is_not_found(after: str) -> None:
    assert list(page(after=after).dates()) == []


@pytest.mark.parametrize(
    "after",
    ["<p>Diperbarui 7 Mei 2023</p>", "<b>Last updated:</b> <i>7 Mei 2023</i>"],
)
def test_an_update_is_found_as_one(after: str) -> None:
    found = page(after=after)
    assert [one[-10:] for one in found.updates()] == ["7 Mei 2023"]
    assert list(found.dates()) == []


def test_a_date_in_a_sidebar_counts_where_it_says_what_it_is() -> None:
    found = page(after="<aside class='sidebar'><b>Diterbitkan</b><i>6 Mei 2023</i></aside>")
    assert "6 Mei 2023" in list(found.dates())


@pytest.mark.parametrize(
    ("after", "names"),
    [
        ("<p>Oleh Sari Dewi</p>", ("Sari Dewi",)),
        (
            "<p>Oleh: <a href='/x'>Sari Dewi</a> dan <a href='/y'>Budi</a></p>",
            ("Sari Dewi", "Budi"),
        ),
        ("<p>By Jane Doe</p>", ("Jane Doe",)),
        ("<p>Ditulis oleh</p><p>Sari Dewi</p>", ("Sari Dewi",)),
        ("<table><tr><td>Penulis</td><td>:</td><td>Sari</td></tr></table>", ("Sari",)),
        ("<table><tr><td>Penulis :</td><td>Kontributor Medan, Sari</td></tr></table>", ("Sari",)),
        ("<p class='byline'>Sari Dewi</p>", ("Sari Dewi",)),
        ("<p class='post-author'>By<a href='/x'>Sari Dewi</a><i>Wartawan</i></p>", ("Sari Dewi",)),
        ("<a rel='author' href='/x'>Sari Dewi</a>", ("Sari Dewi",)),
        ("<a href='/penulis/sari'>Sari Dewi</a>", ("Sari Dewi",)),
        ("<p class='byline'>Kabar Kita</p>", ()),
        ("<p class='byline'><a>Facebook</a></p>", ()),
        ("<p class='byline'>dan alat pengembang</p>", ()),
        ("<p>Oleh karena itu panen dimulai lebih awal</p>", ()),
        ("<div class='komentar'><p class='author'>Sari Dewi</p></div>", ()),
    ],
)
def test_bylines(after: str, names: tuple[str, ...]) -> None:
    assert page(after=after).names("author") == names


@pytest.mark.parametrize(
    ("credit", "authors"),
    [
        ("Penulis: <a>Sari Dewi</a> | Editor: <a>Budi Santoso</a>", ("Sari Dewi",)),
        ("Penulis: <b>Sari Dewi</b> | Editor: <b>Budi Santoso</b>", ("Sari Dewi",)),
        ("Penulis: <a>Sari Dewi</a><br>Editor: <a>Budi Santoso</a>", ("Sari Dewi",)),
        ("Reporter: <a>Sari Dewi</a> - Redaktur: <a>Budi Santoso</a>", ("Sari Dewi",)),
        ("<a>Sari Dewi</a> (Penulis) <a>Budi Santoso</a> (Editor)", ("Sari Dewi",)),
        ("Editor: <a>Budi Santoso</a> | Penulis: <a>Sari Dewi</a>", ("Sari Dewi",)),
        ("Editor: <a>Budi Santoso</a>", ()),
        ("Editor: <a href='/author/budi'>Budi Santoso</a>", ()),
        ("Editor: <a rel='author'>Budi Santoso</a>", ()),
    ],
)
@pytest.mark.parametrize("around", ["<div>", "<div class='byline'>"])
def test_a_label_claims_what_stands_up_to_the_next(
    around: str, credit: str, authors: tuple[str, ...]
) -> None:
    found = page(after=f"{around}{credit}</div>")
    assert (found.names("author"), found.names("editor")) == (authors, ("Budi Santoso",))


@pytest.mark.parametrize(
    "byline",
    ["Penulis: admin", "Penulis: Tim Liputan6.com", "Penulis: <a>admin</a>", "Penulis:"],
)
@pytest.mark.parametrize("lead", ["SEMARANG - Wali kota", "Semarang (Kabar) - Wali kota"])
def test_no_place_before_a_lead_is_an_author(byline: str, lead: str) -> None:
    after = f"<div class='byline'>{byline}</div><p>{lead} membuka pasar baru di tepi kali.</p>"
    assert page(after=after).names("author") == ()


def test_a_byline_that_names_nobody_ends_the_search() -> None:
    after = "<div>Penulis: admin</div><p>teks</p><a href='/penulis/sari'>Sari Dewi</a>"
    assert page(after=after).names("author") == ()


@pytest.mark.parametrize(
    "name",
    ["Prof. Dr. H. Ahmad Surya, M.Si.", "KH. Ahmad Surya", "Dato' Ahmad Surya", "Tan Sri Ahmad",
     "Hj. Sari Dewi", "dr. Sari Dewi"],
)  # fmt: skip
def test_titles_belong_to_the_name(name: str) -> None:
    assert page(after=f"<p>Oleh: {name}</p>").names("author") == (name.rstrip("."),) or (
        page(after=f"<p>Oleh: {name}</p>").names("author") == (name,)
    )


@pytest.mark.parametrize(
    "end",
    [
        "<p>Editor: Budi Santoso</p>",
        "<p><b>Penyunting :</b> Budi Santoso</p>",
        "<p>Rep: Sari Dewi / Red: Budi Santoso</p>",
        "<table><tr><td>Editor</td><td>:</td><td>Budi Santoso</td></tr></table>",
    ],
)
def test_editors_in_credit_lines(end: str) -> None:
    assert page(end=end).names("editor") == ("Budi Santoso",)


def test_the_byline_nearest_to_the_headline_counts() -> None:
    other = "<p class='author'>Ani Lestari</p>"
    assert page(before=other, after="<p class='author'>Sari Dewi</p>").names("author") == (
        "Sari Dewi",
    )


def test_a_page_without_a_headline_has_surroundings_too() -> None:
    document = Document("<html><body><p>6 Mei 2023</p></body></html>", "https://kabar.id/a")
    assert list(Surroundings(document, None).dates()) == ["6 Mei 2023"]


@pytest.mark.parametrize(
    "inner",
    ["<i>6 Mei 2023 x</i>" * 20_000, "<i></i>" * 20_000, " <i> </i>" * 20_000],
    ids=["dates", "empty elements", "white space"],
)
def test_deep_and_wide_pages_take_no_time(inner: str) -> None:
    nest = "<div class='date author tags'>" * 200
    document = Document(f"<html><body><h1>{TITLE}</h1>{nest}{inner}", "https://kabar.id/a")
    found = Surroundings(document, TITLE)
    began = time.process_time()
    list(islice(found.dates(), 20))
    found.names("author")
    assert time.process_time() - began < 3  # seconds; 0.2 seen, minutes without bounds
