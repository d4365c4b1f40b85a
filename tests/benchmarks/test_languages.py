from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.languages import UnusableError, calibration, main, runs_of, texts_in

if TYPE_CHECKING:
    from pathlib import Path

INDONESIAN = (
    "Menurut dia, warga bisa mengambil uang itu di bank mulai besok karena antrean panjang."
)
MALAY = "Menurut beliau, penduduk boleh mengambil wang itu di bank esok kerana barisan panjang."


def test_files_of_one_language_and_labelled_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "koran.id.txt").write_text(f"{INDONESIAN}\n\n{INDONESIAN}\n", encoding="utf-8")
    (tmp_path / "dsl.tsv").write_text(f"{MALAY}\tmy\n{INDONESIAN}\tid\n", encoding="utf-8")
    assert texts_in(tmp_path) == {
        ("koran", "id"): [INDONESIAN, INDONESIAN],
        ("dsl", "ms"): [MALAY],
        ("dsl", "id"): [INDONESIAN],
    }


def test_a_line_without_a_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "dsl.tsv").write_text(f"{MALAY}\tmy\n{INDONESIAN}\n", encoding="utf-8")
    with pytest.raises(UnusableError, match=r"dsl\.tsv:2: wanted text, tab and label"):
        texts_in(tmp_path)


def test_runs_of_words() -> None:
    assert runs_of(["a b c d e", "f"], 2) == ["a b", "c d"]


def test_confidence_beside_what_is_right() -> None:
    rows = calibration([(True, 0.96), (True, 0.97), (False, 0.45), (True, 0.45), (True, 1.0)])
    assert rows == [(0.4, 0.5, 2, 0.5), (0.95, 0.99, 2, 1.0), (0.99, 1.01, 1, 1.0)]


def test_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dsl.tsv").write_text(f"{MALAY}\tmy\n{INDONESIAN}\tid\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "dsl ms  1 texts"
    assert lines[1].startswith("  kliping    1.000 ")
    assert lines[2].startswith("  langdetect 0.000 ")
    assert lines[2].endswith("id:1")


def test_an_empty_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
