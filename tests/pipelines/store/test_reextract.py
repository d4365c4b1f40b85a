"""Today's rules over the archive: what they read differently, and what they alone can read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.process import process
from pipelines.records import Outcome, Rejected
from pipelines.store.commit import Run
from pipelines.store.reextract import Reextracted, reextract
from pipelines.store.tables import rows
from tests.pipelines.store.newsroom import assert_sound, outlet, page, url_of

if TYPE_CHECKING:
    from pipelines.outlets import Outlet
    from pipelines.records import Page
    from pipelines.store.archive import Archive

STRICT = "[articles]\nmin_chars = 100000"
"""Rules by which no page is an article."""


def crawl(archive: Archive, *pages: Page, more: str = "") -> None:
    """Archive pages as a crawl under the outlet's rules and *more* would."""
    rules = outlet(more)
    with Run(archive, command="crawl", outlet_of=lambda _: rules) as run:
        for one in pages:
            capture = run.store(one, rules)
            run.settle(capture.capture_id, process(one, rules))
        run.commit(everything=True)
        run.finish({"contoh": {}})


def again(archive: Archive, more: str = "") -> Reextracted:
    """Read the archive by the outlet's rules and *more*."""

    def rules(_: str) -> Outlet:
        return outlet(more)

    (done,) = reextract(archive, [], outlet_of=rules, publish_after=False)
    return done


def test_rejected_pages_become_articles_once_the_rules_are_mended(archive: Archive) -> None:
    crawl(archive, page("padi"), page("jagung"), more=STRICT)
    assert rows(archive, "articles").num_rows == 0
    assert again(archive) == Reextracted(outlet="contoh", captures=2, extracted=2)
    found = assert_sound(archive)
    assert {row["url"] for row in found} == {url_of("padi"), url_of("jagung")}
    assert {(row["revision"], row["extraction"]) for row in found} == {(1, 1)}
    assert again(archive) == Reextracted(outlet="contoh", captures=0, extracted=0)


def test_runs_tell_what_reading_again_gave(archive: Archive) -> None:
    crawl(archive, page("padi"), more=STRICT)
    again(archive)
    found = {row["command"]: row for row in rows(archive, "runs").to_pylist()}
    assert (found["reextract"]["new"], found["reextract"]["extracted"]) == (1, 0)


def test_what_todays_rules_rejected_is_not_read_again(archive: Archive) -> None:
    crawl(archive, page("padi"), more=STRICT)
    assert again(archive, STRICT) == Reextracted(outlet="contoh", captures=0, extracted=0)
    assert again(archive, f"{STRICT}0").captures == 1


def test_an_address_counts_by_what_it_answered_last(archive: Archive) -> None:
    crawl(archive, page("padi"), more=STRICT)
    crawl(archive, page("padi", minute=5))
    assert again(archive, "[clean]\ndrop_lines = ['^tidak ada$']").captures == 1
    (row,) = assert_sound(archive)
    assert (row["revision"], row["fetched_at"].minute) == (1, 5)


def test_an_error_page_stays_rejected(archive: Archive) -> None:
    rules = outlet(STRICT)
    with Run(archive, command="crawl", outlet_of=lambda _: rules) as run:
        missing = replace(page("hilang"), status=404)
        capture = run.store(missing, rules)
        made = process(missing, rules)
        assert isinstance(made, Rejected)
        run.settle(capture.capture_id, made)
        run.commit(everything=True)
    assert again(archive).captures == 0
    assert [row["outcome"] for row in rows(archive, "captures").to_pylist()] == [Outcome.REJECTED]
