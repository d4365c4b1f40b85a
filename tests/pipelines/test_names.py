from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.names import names_in

BRANDS = ["Kabar Kita", "kabar.id"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Oleh: Sari Dewi", ("Sari Dewi",)),
        ("Oleh Siti Aminah", ("Siti Aminah",)),
        ("Ditulis oleh Sari Dewi", ("Sari Dewi",)),
        ("By Jane Doe and John Smith", ("Jane Doe", "John Smith")),
        ("By Jane Doe, Staff Writer", ("Jane Doe",)),
        ("Penulis Sari Dewi dan Budi Santoso", ("Sari Dewi", "Budi Santoso")),
        ("Sari, Budi, dan Asep", ("Sari", "Budi", "Asep")),
        ("Kontributor Medan, Sari Dewi", ("Sari Dewi",)),
        ("Kontributor Kabar.id Semarang, Sari Dewi", ("Sari Dewi",)),
        ("Laporan Wartawan Warta, Sari Dewi", ("Sari Dewi",)),
        ("Laporan Wartawan WartaJatim.com, Sari Dewi", ("Sari Dewi",)),
        ("Reporter Budi Santoso, Siti", ("Budi Santoso", "Siti")),
        ("Sari Dewi - detikNews", ("Sari Dewi",)),
        ("Sari Dewi | Senin, 6 Nov 2023 14:05 WIB", ("Sari Dewi",)),
        ("Antara/Sari Dewi", ("Sari Dewi",)),
        ("SARI DEWI (sari@kabar.id)", ("SARI DEWI",)),
        ("Sari Dewi @saridewi", ("Sari Dewi",)),
        ("Sari Dewi, S.H.", ("Sari Dewi, S.H.",)),
        ("Dr. Sari Dewi, M.Si", ("Dr. Sari Dewi, M.Si",)),
        ("Sari, S.Pd.I., M.H. dan Budi, Lc", ("Sari, S.Pd.I., M.H.", "Budi, Lc")),
        ("Dening Slamet Riyadi", ("Slamet Riyadi",)),
        (
            "Oleh: Prof. Dr. Ir. H. Ahmad Surya Wijaya Kusuma, M.Si.",
            ("Prof. Dr. Ir. H. Ahmad Surya Wijaya Kusuma, M.Si.",),
        ),
        ("Oleh: Prof. Dr.", ()),
        ("Sari Dewi (Penulis) Budi (Editor)", ("Sari Dewi",)),
        ("Redi Kurniawan", ("Redi Kurniawan",)),
        ("Byron Smith", ("Byron Smith",)),
        ("Kabar Kita", ()),
        ("Kabar Kita Media", ()),
        ("admin", ()),
        ("Tim Redaksi", ()),
        ("AFP", ()),
        ("Reuters", ()),
        ("https://facebook.com/kabar", ()),
        ("Rep: C31", ()),
        ("Penulis:", ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert names_in([text], brands=BRANDS, role="author") == names


@pytest.mark.parametrize(
    ("text", "authors", "editors"),
    [
        ("Reporter: Sari Dewi | Editor: Budi", ("Sari Dewi",), ("Budi",)),
        ("Rep: Sari Dewi/ Red: Budi, Ani", ("Sari Dewi",), ("Budi", "Ani")),
        ("Editor: Budi; Penulis: Sari", ("Sari",), ("Budi",)),
        ("Foto: Budi, Teks: Sari", ("Sari",), ()),
        ("Sari", ("Sari",), ("Sari",)),
    ],
)
def test_whom_the_text_gives_another_role_is_left_out(
    text: str, authors: tuple[str, ...], editors: tuple[str, ...]
) -> None:
    assert names_in([text], role="author") == authors
    assert names_in([text], role="editor") == editors


def test_each_name_counts_once_in_the_spelling_that_came_first() -> None:
    assert names_in(["Sari Dewi", "SARI DEWI", "Budi"]) == ("Sari Dewi", "Budi")


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    assert all(name == name.strip() and name for name in names_in([text]))
