from __future__ import annotations

import pytest

from benchmarks.figures import rows_of
from benchmarks.peers import GENERIC, REFERENCE
from benchmarks.runner import Measured


def page(extractor: str, name: str, f1: float, cpu_s: float, **values: float) -> Measured:
    return Measured(
        page=name,
        extractor=extractor,
        cpu_s=cpu_s,
        refused=None,
        shingles=(f1, f1),
        values={"f1": f1, "rouge": f1, **values},
    )


def test_pages_add_up_to_figures() -> None:
    pages = [
        page(GENERIC, "a", 1.0, 0.010, lost=2, title=1.0),
        page(GENERIC, "b", 0.4, 0.020, lost=1),
        page(GENERIC, "c", 0.4, 0.030),
    ]
    (row,) = rows_of(pages)
    expected = {"f1": 0.6, "f1_median": 0.4, "f1_worst": 0.4, "lost": 3, "title": 1.0, "cpu_ms": 20}
    assert pytest.approx(expected) == {name: row.figures[name] for name in expected}
    assert [name for name, _ in row.worst] == ["b", "c", "a"]


def test_a_lead_is_over_the_best_peer_and_time_over_the_reference() -> None:
    pages = [
        page(GENERIC, "a", 0.9, 0.010),
        page(REFERENCE, "a", 0.7, 0.020),
        page("newspaper4k", "a", 0.8, 0.100),
    ]
    own, reference, other = rows_of(pages)
    assert own.figures["f1_lead"] == pytest.approx(0.1)
    assert own.figures["cpu_ratio"] == pytest.approx(0.5)
    assert reference.figures["cpu_ratio"] == 1.0
    assert "f1_lead" not in other.figures


def test_without_peers_there_is_no_lead() -> None:
    (row,) = rows_of([page(GENERIC, "a", 0.9, 0.010)])
    assert not {"f1_lead", "cpu_ratio"} & row.figures.keys()
