from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from benchmarks.evaluate import FLOORS
from benchmarks.figures import Row
from benchmarks.floors import FloorError, as_toml, below, own_figures, read_floors, unmeasured
from benchmarks.peers import FILES, GENERIC, REFERENCE

if TYPE_CHECKING:
    from pathlib import Path


def row(extractor: str, **figures: float) -> Row:
    return Row(extractor=extractor, pages=1, figures=figures, worst=[], f1_of={}, refused={})


def floors_of(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_figure_below_its_floor_is_named_with_wanted_and_found() -> None:
    lines = list(below({"wcxb-dev": {"f1": 0.95}}, {"wcxb-dev": {"f1": 0.9412}}))
    assert lines == ["wcxb-dev: f1: wanted at least 0.95, found 0.9412"]


def test_a_count_above_its_floor_is_named() -> None:
    floors = {"id": {"read_also_left": 0.0, "cpu_ratio": 0.25}}
    lines = list(below(floors, {"id": {"read_also_left": 2.0, "cpu_ratio": 0.251}}))
    assert lines == [
        "id: read_also_left: wanted at most 0, found 2",
        "id: cpu_ratio: wanted at most 0.25, found 0.251",
    ]


def test_a_figure_at_its_floor_holds() -> None:
    floors = {"id": {"f1": 0.99, "lost": 0.0}}
    assert list(below(floors, {"id": {"f1": 0.99, "lost": 0.0}})) == []


def test_what_was_not_measured_is_passed_and_told() -> None:
    floors = {"id": {"f1": 0.99, "f1_lead": 0.0}, "wcxb-dev": {"f1": 0.9}}
    own = {"id": {"f1": 1.0}}
    assert list(below(floors, own)) == []
    assert unmeasured(floors, own) == ["id.f1_lead", "wcxb-dev.f1"]


def test_pages_with_the_file_withheld_have_floors_of_their_own() -> None:
    results = {
        "id": [row(FILES, f1=0.9), row(GENERIC, f1=0.8), row(REFERENCE, f1=0.7)],
        "lain": [row(GENERIC, f1=0.6)],
    }
    expected = {"id": {"f1": 0.9}, "id-generic": {"f1": 0.8}, "lain": {"f1": 0.6}}
    assert expected == own_figures(results)


def test_present_figures_hold_against_themselves() -> None:
    own = {"id": {"f1": 0.98765, "read_also_left": 3.0, "must_not_left": 0.03456, "cpu_ratio": 1.1}}
    floors = tomllib.loads(as_toml(own))
    expected = {"f1": 0.987, "read_also_left": 3, "must_not_left": 0.035, "cpu_ratio": 1.38}
    assert floors == {"id": expected}
    assert list(below(floors, own)) == []


def test_a_lead_may_be_negative() -> None:
    assert "f1_lead = -0.025 " in as_toml({"id": {"f1_lead": -0.0241}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[id\n", "wanted a TOML file of floors"),
        ("id = 1\n", "id: wanted a table, found 1"),
        ("[id]\nrogue = 0.9\n", "id.rogue: no such measure; did you mean 'rouge'?"),
        ("[id]\nf1 = '0.9'\n", "id.f1: wanted a number, found '0.9'"),
        ("[id]\nf1 = true\n", "id.f1: wanted a number, found True"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = floors_of(tmp_path / "floors.toml", text)
    with pytest.raises(FloorError) as caught:
        read_floors(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_repository_has_a_floor_for_every_set() -> None:
    floors = read_floors(FLOORS)
    sets = ["article-extraction-benchmark", "fundus-evaluation", "id", "id-generic", "wcxb-dev"]
    assert sets == sorted(floors)
    assert all({"f1", "rouge", "cpu_ratio", "f1_lead"} <= set(table) for table in floors.values())
    assert floors["id"]["read_also_left"] == 0
    assert floors["id"]["lost"] == 0
