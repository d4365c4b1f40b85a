"""Which lines of a page count as text when trees are grown."""

from __future__ import annotations

import numpy as np

from benchmarks.train import text_in
from pipelines import forest

GOLD = """Warga Lembah Sunyi memulai panen raya pada Selasa pagi dengan tarian adat.
Hasil naik
Kepala desa mengatakan saluran air yang rusak sejak banjir sudah diperbaiki warga bersama."""


def found(*lines: str) -> list[bool]:
    return [bool(one) for one in text_in(lines, GOLD)]


def test_sentences_of_the_gold_are_text_wherever_they_stand() -> None:
    assert found(
        "Beranda",
        "Warga Lembah Sunyi memulai panen raya pada Selasa pagi dengan tarian adat.",
        "Bacaan lain tentang harga gabah di pasar kecamatan yang turun sejak pekan lalu.",
    ) == [False, True, False]


def test_a_sentence_may_differ_by_a_few_words() -> None:
    assert found(
        "Kepala desa mengatakan saluran air yang rusak sejak banjir sudah diperbaiki warga sendiri"
    ) == [True]


def test_a_short_line_is_text_beside_text_only() -> None:
    sentence = "Warga Lembah Sunyi memulai panen raya pada Selasa pagi dengan tarian adat."
    assert found("Hasil naik", *["x"] * 9, sentence, "Hasil naik", "x")[::11] == [False, True]


def test_the_trees_in_the_package_judge_rows_of_their_traits() -> None:
    trees = forest.load()
    chance = trees.chance(np.zeros((3, len(trees.traits)), np.float32))
    assert chance.shape == (3,)
    assert ((chance > 0) & (chance < 1)).all()
