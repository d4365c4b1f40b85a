from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.gold import GoldError, samples_of, sets_in

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.gold import Wanted

PAGE: dict[str, Any] = {
    "url": "https://kabar.contoh.co.id/1",
    "title": "Panen Raya",
    "title_alt": ["Panen Raya Tiba"],
    "authors": [],
    "editors": [],
    "published_at": None,
    "section": None,
    "tags": [],
    "body": ["Panen raya tiba."],
    "read_also": [],
    "other_boilerplate": [],
    "optional": [],
}


def hand_made(folder: Path, **values: Any) -> Wanted:  # noqa: ANN401 - whatever JSON holds
    (folder / "id").mkdir()
    (folder / "id" / "satu.json").write_text(json.dumps(PAGE | values), encoding="utf-8")
    (folder / "id" / "satu.html.gz").write_bytes(gzip.compress(b"<p>Panen raya tiba."))
    (sample,) = samples_of(folder, "id")
    return sample.wanted


def listed(folder: Path, name: str, body: str) -> Wanted:
    (folder / name).mkdir()
    line = dict.fromkeys(("title", "published", "authors", "must", "must_not", "url", "language"))
    gold = line | {"html": "0.html.gz", "id": "nol", "body": body}
    (folder / name / "gold.jsonl").write_text(json.dumps(gold) + "\n", encoding="utf-8")
    (folder / name / "0.html.gz").write_bytes(gzip.compress(b"<p>Panen raya tiba."))
    (sample,) = samples_of(folder, name)
    return sample.wanted


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("Baca juga: Panen Mundur", "own_paragraph", ("Baca juga: Panen Mundur", "Panen Mundur")),
        ("(Baca juga: Panen Mundur)", "inline", ("(Baca juga: Panen Mundur)", "Panen Mundur")),
        ("Menteri: Panen Mundur", "box", ("Menteri: Panen Mundur",)),
    ],
)
def test_a_title_betrays_its_link_without_the_label(
    tmp_path: Path, text: str, form: str, expected: tuple[str, ...]
) -> None:
    link = {"text": text, "form": form, "where": "body"}
    assert hand_made(tmp_path, read_also=[link]).read_also == (expected,)


def test_links_elsewhere_on_the_page_are_no_matter(tmp_path: Path) -> None:
    link = {"text": "Baca juga: Panen Mundur", "form": "box", "where": "outside"}
    assert hand_made(tmp_path, read_also=[link]).read_also == ()


def test_brackets_mark_optional_paragraphs_where_the_set_says_so(tmp_path: Path) -> None:
    body = "Panen tiba.\n\n[Foto: Ani]"
    assert listed(tmp_path, "fundus-evaluation", body).optional_at == (1,)
    assert listed(tmp_path, "lain", body).optional_at is None
    assert sets_in(tmp_path) == ["fundus-evaluation", "lain"]


def test_gold_of_another_form_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"satu\.json: wanted gold as its README says: "):
        hand_made(tmp_path, read_also=["Baca juga"])
