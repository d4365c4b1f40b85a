"""What is an edit by the outlet, what only a newer reading, and what nothing at all."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.process import process
from pipelines.records import Outcome
from pipelines.store.archive import open_archive
from pipelines.store.commit import (
    Run,
    capture_by_id,
    last_capture,
    latest_of,
    recover,
    stored_page,
)
from pipelines.store.number import SUPERSEDED
from pipelines.store.tables import rows
from tests.pipelines.store.newsroom import NOON, article, assert_sound, outlet, page, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.outlets import Outlet
    from pipelines.records import Page
    from pipelines.store.archive import Archive
    from pipelines.store.commit import Row

ADVERT = "<p>Catatan kami di saluran pesan singkat.</p>"
NEWER = '[clean]\ndrop_lines = ["^Catatan kami"]\n'
MUTE = '[clean]\ndrop_lines = ["^tidak pernah ada"]\n'


class Desk:
    """Stores pages one by one, by today's rules."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.by = outlet()
        self.run = Run(archive, command="crawl", outlet_of=self.outlet_of)

    def outlet_of(self, slug: str) -> Outlet:
        assert slug == self.by.slug
        return self.by

    @contextmanager
    def another_run(self) -> Iterator[None]:
        """Let another run do what is asked for, while the one before lives on."""
        before = self.run
        try:
            with Run(self.archive, command="recrawl", outlet_of=self.outlet_of) as self.run:
                yield
        finally:
            self.run = before

    def add(self, *pages: Page) -> list[Row]:
        for of in pages:
            capture = self.run.store(of, self.by)
            self.run.settle(capture.capture_id, article(of, self.by))
        return self.run.commit(everything=True)

    def reread(self, *capture_ids: str) -> list[Row]:
        for one in capture_ids:
            capture = capture_by_id(self.archive, one, self.by.slug)
            assert capture is not None
            of = stored_page(self.archive, capture)
            self.run.reextracted(capture, article(of, self.by))
        return self.run.commit(everything=True)

    def numbers(self) -> list[tuple[int, int]]:
        found = rows(self.archive, "articles").to_pylist()
        return sorted((row["revision"], row["extraction"]) for row in found)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(open_archive(tmp_path / "archive"))
    yield made
    made.run.close()
    assert_sound(made.archive, made.by)


def told(found: list[Row]) -> list[tuple[str, int, int]]:
    return [(row.status, row.revision, row.extraction) for row in found]


def test_a_first_sight_is_new_and_the_same_again_is_unchanged(desk: Desk) -> None:
    assert told(desk.add(page(1))) == [("new", 1, 1)]
    assert told(desk.add(page(1, minute=1))) == [("unchanged", 1, 1)]
    outcomes = rows(desk.archive, "captures")["outcome"].to_pylist()
    assert sorted(outcomes) == ["article", "unchanged"]


def test_another_text_is_a_revision_and_tells_what_was_before(desk: Desk) -> None:
    desk.add(page(1, "Dulu."))
    (row,) = desk.add(page(1, "Kini.", minute=1))
    assert told([row]) == [("changed", 2, 1)]
    assert row.previous is not None
    assert row.previous[1].startswith("Dulu.")


def test_an_edit_and_its_reversal_are_two_revisions(desk: Desk) -> None:
    for minute, text in enumerate(("Satu.", "Dua.", "Satu.")):
        desk.add(page(1, text, minute=minute))
    assert desk.numbers() == [(1, 1), (2, 1), (3, 1)]


def test_another_section_under_the_same_rules_is_no_news(desk: Desk) -> None:
    desk.add(page(1, section="Ekonomi"))
    assert told(desk.add(page(1, section="Politik", minute=1))) == [("unchanged", 1, 1)]


def test_newer_rules_that_read_a_page_differently_are_no_edit(desk: Desk) -> None:
    desk.add(page(1, aside=ADVERT))
    desk.by = outlet(NEWER)
    # Other bytes, so that it is a capture of its own.
    (row,) = desk.add(page(1, aside=ADVERT + "<!-- -->", minute=1))
    assert told([row]) == [("extracted", 1, 2)]
    assert row.previous is not None
    assert "Catatan kami" in row.previous[1]
    assert told(desk.add(page(1, aside=ADVERT, minute=2))) == [("unchanged", 1, 2)]


def test_newer_rules_do_not_hide_an_edit(desk: Desk) -> None:
    desk.add(page(1, aside=ADVERT))
    desk.by = outlet(NEWER)
    assert told(desk.add(page(1, "Kini.", aside=ADVERT, minute=1))) == [("changed", 2, 1)]


def test_an_edit_that_newer_rules_cut_away_is_none(desk: Desk) -> None:
    desk.add(page(1))
    desk.by = outlet(NEWER)
    # The advert is new on the page, yet under today's rules both texts are the same.
    (row,) = desk.add(page(1, aside=ADVERT, minute=1))
    assert told([row]) == [("extracted", 1, 2)]  # `removed` is no longer what it was


def test_newer_rules_that_read_the_same_are_nothing(desk: Desk) -> None:
    desk.add(page(1))
    desk.by = outlet(MUTE)
    assert told(desk.add(page(1, minute=1))) == [("unchanged", 1, 1)]


def test_rules_that_changed_between_processing_and_commit_count_for_both(desk: Desk) -> None:
    desk.add(page(1, aside=ADVERT))
    between, desk.by = outlet(MUTE), outlet(NEWER)
    of = page(1, aside="<p>Catatan kami di tempat lain.</p>", minute=1)
    desk.run.settle(desk.run.store(of, between).capture_id, article(of, between))
    # By the rules of both rows the texts differ; by today's they do not.
    assert told(desk.run.commit(everything=True)) == [("extracted", 1, 2)]


def test_without_the_previous_page_the_texts_are_compared(desk: Desk) -> None:
    desk.add(page(1, aside=ADVERT))
    (before,) = desk.archive.entries("warc/")
    data = desk.archive.read(before.key)
    desk.archive.delete(before.key)
    desk.by = outlet(NEWER)
    assert told(desk.add(page(1, aside=ADVERT, minute=1))) == [("changed", 2, 1)]
    desk.archive.put(before.key, data)


def test_the_year_never_changes(desk: Desk) -> None:
    desk.add(page(1, "Dulu."))
    moved = page(1, "Kini.", minute=1)
    moved = replace(moved, payload=moved.payload.replace(b"2026-11-20", b"2027-01-02"))
    assert article(moved, desk.by).year == 2027
    desk.add(moved)
    assert rows(desk.archive, "articles")["year"].to_pylist() == [2026, 2026]


def test_several_of_one_article_are_numbered_in_the_order_of_their_fetching(desk: Desk) -> None:
    later, sooner = page(1, "Kini.", minute=9), page(1, "Dulu.", minute=1)
    found = desk.add(later, sooner, page(2))
    assert sorted(told(found)) == [("changed", 2, 1), ("new", 1, 1), ("new", 1, 1)]
    latest = latest_of(desk.archive, "contoh", [article(later, desk.by).article_id, "0" * 16])
    (row,) = latest.values()
    assert row["body"].startswith("Kini.")
    assert row["revision"] == 2


def test_a_clock_set_back_does_not_hide_an_edit(desk: Desk) -> None:
    desk.add(page(1, "Dulu.", fetched_at=NOON + timedelta(days=1)))
    with desk.another_run():
        assert told(desk.add(page(1, "Kini.", fetched_at=NOON))) == [("changed", 2, 1)]


def test_a_clock_set_back_does_not_hide_an_edit_of_what_is_read_anew_meanwhile(desk: Desk) -> None:
    (first,) = desk.add(page(1, "Dulu.", aside=ADVERT, fetched_at=NOON + timedelta(days=1)))
    desk.by = outlet(NEWER)
    with desk.another_run():
        with desk.another_run():
            assert told(desk.reread(first.capture_id)) == [("extracted", 1, 2)]
        found = desk.add(page(1, "Kini.", aside=ADVERT, fetched_at=NOON))
    assert told(found) == [("changed", 2, 1)]


@pytest.mark.parametrize("known", [False, True])
def test_an_older_page_is_no_edit_of_what_another_run_committed_meanwhile(
    desk: Desk, *, known: bool
) -> None:
    if known:
        desk.add(page(1, "Awal.", minute=-9))
    revision = 2 if known else 1
    with desk.another_run():
        with desk.another_run():
            desk.add(page(1, "Baru.", minute=5))
        assert told(desk.add(page(1, "Lama."))) == [("unchanged", revision, 1)]
        assert told(desk.add(page(1, "Terbaru.", minute=6))) == [("changed", revision + 1, 1)]
    reasons = rows(desk.archive, "captures").to_pylist()
    assert [row["outcome"] for row in reasons if row["reason"] == SUPERSEDED] == ["unchanged"]


def test_commit_ids_rise(desk: Desk) -> None:
    for minute in range(3):
        desk.add(page(1, f"Ke-{minute}.", minute=minute), page(f"baru-{minute}"))
    found = rows(desk.archive, "articles").to_pylist()
    assert sorted((row["commit_id"], row["revision"]) for row in found) == [
        (1, 1),
        (1, 1),
        (2, 1),
        (2, 2),
        (3, 1),
        (3, 3),
    ]


def test_a_newer_reading_of_a_capture_is_an_extraction_once(desk: Desk) -> None:
    (first,) = desk.add(page(1, aside=ADVERT))
    desk.by = outlet(NEWER)
    (row,) = desk.reread(first.capture_id)
    assert told([row]) == [("extracted", 1, 2)]
    assert told(desk.reread(first.capture_id)) == [("unchanged", 1, 2)]
    assert desk.numbers() == [(1, 1), (1, 2)]
    assert rows(desk.archive, "captures").num_rows == 1
    found = sorted(rows(desk.archive, "articles").to_pylist(), key=lambda one: one["extraction"])
    assert [one["rules_digest"] for one in found] == [outlet().rules_digest, desk.by.rules_digest]
    assert list(desk.archive.entries("pending/")) == []


def test_every_revision_can_be_read_anew(desk: Desk) -> None:
    (first,) = desk.add(page(1, "Dulu.", aside=ADVERT))
    (second,) = desk.add(page(1, "Kini.", aside=ADVERT, minute=1))
    desk.by = outlet(NEWER)
    assert sorted(told(desk.reread(first.capture_id, second.capture_id))) == [
        ("extracted", 1, 2),
        ("extracted", 2, 2),
    ]


def test_an_older_capture_is_not_read_on_top_of_a_newer(desk: Desk) -> None:
    (first,) = desk.add(page(1, aside=ADVERT))
    desk.by = outlet(NEWER)
    desk.add(page(1, aside=ADVERT, section="Politik", minute=1))
    desk.by = outlet(NEWER + 'inline = ["desa"]\n')
    assert told(desk.reread(first.capture_id)) == [("unchanged", 1, 2)]


def test_what_was_unchanged_then_is_no_edit_when_read_anew(desk: Desk) -> None:
    desk.add(page(1))
    (again,) = desk.add(page(1, minute=1))
    desk.add(page(1, "Kini.", minute=2))
    desk.by = outlet(NEWER)
    assert told(desk.reread(again.capture_id)) == [("unchanged", 2, 1)]


def test_a_page_that_was_no_article_then_may_be_one_now(desk: Desk) -> None:
    of = page(1)
    capture = desk.run.store(of, desk.by)
    rejected = process(replace(of, payload=b""), desk.by)
    desk.run.settle(capture.capture_id, rejected)
    assert desk.run.commit(everything=True) == []
    desk.run.reextracted(capture, article(of, desk.by))
    assert told(desk.run.commit(everything=True)) == [("new", 1, 1)]


def test_the_last_answer_of_an_address_is_known(desk: Desk) -> None:
    assert last_capture(desk.archive, url_of(1), "contoh") is None
    (first,) = desk.add(page(1))
    before = last_capture(desk.archive, url_of(1), "contoh")
    assert before is not None
    assert (before.capture_id, before.etag) == (first.capture_id, '"x1"')
    # The same bytes under another validator: the newer validator, the place of the bytes.
    again = replace(page(1, minute=1), headers=(("ETag", '"x2"'),), payload=b"", status=304)
    capture = desk.run.store(again, desk.by, refers_to=before)
    desk.run.settle(capture.capture_id, Outcome.UNCHANGED)
    assert told(desk.run.commit(everything=True)) == [("unchanged", 1, 1)]
    now = last_capture(desk.archive, url_of(1), "contoh")
    assert now == replace(before, etag='"x2"', outcome=Outcome.UNCHANGED)
    gone = desk.run.store(replace(page(1, minute=2), status=404, payload=b"tiada"), desk.by)
    desk.run.settle(gone.capture_id, Outcome.GONE, reason="404", article_id=before.article_id)
    desk.run.commit(everything=True)
    now = last_capture(desk.archive, url_of(1), "contoh")
    assert now is not None
    assert (now.outcome, now.reason, now.status) == (Outcome.GONE, "404", 404)
    assert now.article_id == before.article_id


def test_an_address_keeps_its_article_through_answers_that_are_none(desk: Desk) -> None:
    (first,) = desk.add(page(1))
    for minute, status, outcome in ((1, 403, Outcome.REJECTED), (2, 404, Outcome.REJECTED)):
        of = replace(page(1, minute=minute), status=status, payload=b"bukan")
        capture = desk.run.store(of, desk.by)
        desk.run.settle(capture.capture_id, outcome, reason="http_status")
        desk.run.commit(everything=True)
        now = last_capture(desk.archive, url_of(1), "contoh")
        assert now is not None
        assert (now.outcome, now.article_id) == (outcome, first.article_id)


def test_a_recovered_page_still_counts_if_it_is_the_newest(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    desk = Desk(archive)
    desk.add(page(1, "Dulu."))
    desk.run.store(page(1, "Kini.", minute=1), desk.by)
    desk.run.close()
    found = recover(archive, outlet_of=desk.outlet_of, process=process)
    assert told(found) == [("changed", 2, 1)]
