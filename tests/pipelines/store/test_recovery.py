"""Whatever dies wherever: each article is in the archive exactly once afterwards."""

from __future__ import annotations

import errno
import logging
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.errors import ArchiveError
from pipelines.process import process
from pipelines.records import Outcome
from pipelines.store.archive import open_archive
from pipelines.store.commit import Run, last_capture, recover
from pipelines.store.lease import take
from pipelines.store.recovery import DROPPED_AFTER
from pipelines.store.segment import Frozen
from pipelines.store.tables import rows
from pipelines.store.transact import is_uploaded
from tests.pipelines.store.newsroom import (
    article,
    assert_sound,
    outlet,
    outlet_of,
    page,
    url_of,
)
from tests.pipelines.store.writer import Job, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.outlets import Outlet
    from pipelines.records import Page
    from pipelines.store.archive import Archive
    from pipelines.store.commit import Row

PAGED = '[articles]\nsingle_page = { pages = "?n={n}" }\n'
STEPS = ("frozen", "pending", "warc", "articles", "captures", "cleaned", "spool")
MOMENTS = ("stored", "settled", *(f"{one}:{side}" for one in STEPS for side in ("before", "after")))
UPLOADED = MOMENTS[MOMENTS.index("warc:after") :]


def recovered(uri: str) -> list[Row]:
    with closing(open_archive(uri)) as archive:
        return recover(archive, outlet_of=outlet_of, process=process)


def numbers(archive: Archive) -> list[tuple[str, int, int]]:
    found = assert_sound(archive)
    return sorted((row["url"], row["revision"], row["extraction"]) for row in found)


BOTH = [(url_of("0-0"), 1, 1), (url_of("bersama"), 1, 1)]


def assert_clean(archive: Archive) -> None:
    assert list(archive.entries("pending/")) == []
    runs = archive.spool / "runs"
    assert not runs.exists() or list(runs.iterdir()) == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_killed_at_any_step_is_finished_by_the_next(
    archive_uri: str, archive: Archive, moment: str
) -> None:
    run(Job(do="write", uri=archive_uri, die_at=moment))
    recovered(archive_uri)
    # The first kill came before the second page was stored.
    assert numbers(archive) == (BOTH if moment != "stored" else BOTH[1:])
    assert_clean(archive)
    assert recovered(archive_uri) == []
    assert numbers(archive) == (BOTH if moment != "stored" else BOTH[1:])


@pytest.mark.parametrize("archive_uri", ["folder"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS[1:])
def test_a_recovery_killed_at_any_step_is_finished_by_the_next(
    archive_uri: str, archive: Archive, moment: str
) -> None:
    run(Job(do="write", uri=archive_uri, die_at="settled"))
    run(Job(do="recover", uri=archive_uri, die_at="" if moment == "settled" else moment))
    recovered(archive_uri)
    assert numbers(archive) == BOTH
    assert_clean(archive)


@pytest.mark.parametrize("archive_uri", ["s3"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_machine_that_died_for_good_loses_only_what_it_had_not_uploaded(
    archive_uri: str, archive: Archive, moment: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run(Job(do="write", uri=archive_uri, die_at=moment))
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("KLIPING_SPOOL", str(tmp_path / "another-machine"))
        recovered(archive_uri)
    assert numbers(archive) == (BOTH if moment in UPLOADED else [])
    # And should the machine come back after all, nothing is in twice.
    recovered(archive_uri)
    assert numbers(archive) == (BOTH if moment != "stored" else BOTH[1:])
    assert_clean(archive)


def abandon(archive: Archive, pages: Sequence[tuple[Page, str]], by: Outlet) -> list[str]:
    """Leave a run behind that stored *pages*, each with its role, and settled none."""
    run = Run(archive, command="crawl", outlet_of=outlet_of)
    stored = [run.store(of, by, role=role).capture_id for of, role in pages]  # type: ignore[arg-type]
    run.close()
    return stored


def outcomes(archive: Archive) -> dict[str, tuple[str, str | None]]:
    return {
        row["url"].rpartition("/")[2]: (row["outcome"], row["reason"])
        for row in rows(archive, "captures").to_pylist()
    }


def test_a_live_run_is_left_alone(archive: Archive) -> None:
    with Run(archive, command="crawl", outlet_of=outlet_of) as alive:
        capture = alive.store(page(1), outlet())
        assert recover(archive, outlet_of=outlet_of, process=process) == []
        alive.settle(capture.capture_id, article(page(1), outlet()))
        assert [row.status for row in alive.commit(everything=True)] == ["new"]
    assert numbers(archive) == [(url_of(1), 1, 1)]


def test_half_a_file_of_frozen_rows_is_passed_over(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Run(archive, command="crawl", outlet_of=outlet_of) as run:
        capture = run.store(page(1), outlet())
        run.settle(capture.capture_id, article(page(1), outlet()))
        run.commit(everything=True)
        # A segment of extractions has no WARC to be frozen again from.
        run.reextracted(capture, replace(article(page(1), outlet()), section="Desa"))
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(ArchiveError, match="No space left"):
                run.commit(everything=True)
    (half,) = (archive.spool / "runs").rglob("*.arrow*")
    os.truncate(half, half.stat().st_size // 2)
    recover(archive, outlet_of=outlet_of, process=process)
    assert numbers(archive) == [(url_of(1), 1, 1)]


def test_a_torn_last_record_is_left_out(archive: Archive) -> None:
    abandon(archive, [(page(1), "article"), (page(2), "article")], outlet())
    (path,) = (archive.spool / "runs").rglob("*.warc.gz")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 5)
    done = recover(archive, outlet_of=outlet_of, process=process)
    assert [row.status for row in done] == ["new"]
    assert numbers(archive) == [(url_of(1), 1, 1)]
    assert outcomes(archive) == {"1": ("article", None)}
    assert_clean(archive)


def test_a_run_that_died_before_its_first_page_leaves_nothing(archive: Archive) -> None:
    abandon(archive, [(page(1), "article")], outlet())
    (path,) = (archive.spool / "runs").rglob("*.warc.gz")
    with path.open("r+b") as file:
        file.truncate(20)
    assert recover(archive, outlet_of=outlet_of, process=process) == []
    assert_clean(archive)
    assert list(archive.entries("warc/")) == []


def test_the_role_and_the_answer_decide_what_a_page_was(archive: Archive) -> None:
    empty = replace(page(3), payload=b"")
    abandon(
        archive,
        [
            (page("feed"), "source"),
            (page(1), "article"),
            (replace(page(2), status=410), "article"),
            (replace(page(4), status=503), "article"),
            (empty, "article"),
            (page("yatim?n=2"), "part"),
        ],
        outlet(),
    )
    recover(archive, outlet_of=outlet_of, process=process)
    assert outcomes(archive) == {
        "feed": ("source", "interrupted"),
        "1": ("article", None),
        "2": ("rejected", "http_status"),
        "4": ("error", "status 503"),
        "3": ("rejected", "empty"),
        "yatim?n=2": ("error", "interrupted"),
    }


def test_a_known_article_that_answers_410_is_gone(archive: Archive) -> None:
    by = outlet()
    with Run(archive, command="crawl", outlet_of=outlet_of) as run:
        run.settle(run.store(page(1), by).capture_id, article(page(1), by))
        run.commit(everything=True)
        run.store(replace(page(1, minute=1), status=410, payload=b""), by)
    recover(archive, outlet_of=outlet_of, process=process)
    (known,) = assert_sound(archive)
    now = last_capture(archive, url_of(1), by.slug)
    assert now is not None
    assert (now.outcome, now.article_id) == (Outcome.GONE, known["article_id"])


def test_a_revisit_is_recovered_as_unchanged_with_its_article(archive: Archive) -> None:
    by = outlet()
    with Run(archive, command="crawl", outlet_of=outlet_of) as run:
        first = run.store(page(1), by)
        run.settle(first.capture_id, article(page(1), by))
        run.commit(everything=True)
        before = last_capture(archive, url_of(1), by.slug)
        run.store(replace(page(1, minute=1), status=304, payload=b""), by, refers_to=before)
    done = recover(archive, outlet_of=outlet_of, process=process)
    assert [(row.status, row.revision) for row in done] == [("unchanged", 1)]
    now = last_capture(archive, url_of(1), by.slug)
    assert before is not None
    assert now == replace(before, outcome=Outcome.UNCHANGED)
    assert_sound(archive)


def test_pages_that_were_joined_are_joined_again(archive: Archive) -> None:
    by = outlet(PAGED)
    whole = replace(page(1), parts=(page("1?n=2", "Bagian kedua."),))
    with Run(archive, command="crawl", outlet_of=outlet_of) as run:
        head, part = run.store(page(1), by), run.store(whole.parts[0], by, role="part")
        run.settle(head.capture_id, article(whole, by), part_capture_ids=[part.capture_id])
    recover(archive, outlet_of=outlet_of, process=process)
    (row,) = assert_sound(archive)
    assert row["body"] == article(whole, by).body
    assert "Bagian kedua." in row["body"]
    assert row["part_capture_ids"] == [part.capture_id]
    assert outcomes(archive) == {"1": ("article", None), "1?n=2": ("article", None)}


def test_a_page_whose_parts_may_be_missing_is_not_taken_for_whole(archive: Archive) -> None:
    by = outlet(PAGED)
    run = Run(archive, command="crawl", outlet_of=lambda _: by)
    settled = run.store(page(1), by)
    run.settle(settled.capture_id, article(page(1), by))
    run.store(page(2), by)
    run.store(page("2?n=2"), by, role="part")
    run.close()
    recover(archive, outlet_of=lambda _: by, process=process)
    assert outcomes(archive) == {
        "1": ("article", None),
        "2": ("error", "interrupted"),
        "2?n=2": ("error", "interrupted"),
    }


def test_a_page_one_of_whose_parts_failed_is_not_taken_for_whole(archive: Archive) -> None:
    by = outlet(PAGED)
    with Run(archive, command="crawl", outlet_of=lambda _: by) as run:
        head, part = run.store(page(1), by), run.store(page("1?n=2"), by, role="part")
        run.settle(
            head.capture_id, Outcome.ERROR, part_capture_ids=[part.capture_id], reason="part"
        )
    recover(archive, outlet_of=lambda _: by, process=process)
    assert outcomes(archive) == {
        "1": ("error", "interrupted"),
        "1?n=2": ("error", "interrupted"),
    }


def test_the_items_of_a_response_are_recovered_each(archive: Archive) -> None:
    by = outlet()
    abandon(archive, [(page("api"), "article")], by)

    def one_item(of: Page, by: Outlet) -> object:
        return process(page(f"pos-{of.item}", fetched_at=of.fetched_at), by)

    recover(
        archive,
        outlet_of=outlet_of,
        process=one_item,  # type: ignore[arg-type]
        items_in=lambda *_: ["7", "8"],
    )
    found = rows(archive, "articles").to_pylist()
    assert sorted((row["url"], row["capture_item"]) for row in found) == [
        (url_of("pos-7"), "7"),
        (url_of("pos-8"), "8"),
    ]


def test_a_recovered_page_that_is_older_than_the_archive_is_no_edit(archive: Archive) -> None:
    by = outlet()
    abandon(archive, [(page(1, "Lama.", minute=0), "article")], by)
    with Run(archive, command="crawl", outlet_of=outlet_of) as run:
        of = page(1, "Baru.", minute=5)
        run.settle(run.store(of, by).capture_id, article(of, by))
        run.commit(everything=True)
    done = recover(archive, outlet_of=outlet_of, process=process)
    assert [row.status for row in done] == ["unchanged"]
    assert numbers(archive) == [(url_of(1), 1, 1)]
    found = [(row["outcome"], row["reason"]) for row in rows(archive, "captures").to_pylist()]
    assert sorted(found) == [("article", None), ("unchanged", "superseded")]


def test_an_outlet_whose_file_is_gone_is_recovered_by_generic_rules(archive: Archive) -> None:
    def none_left(slug: str) -> Outlet:
        raise KeyError(slug)

    abandon(archive, [(page(1), "article")], outlet())
    recover(archive, outlet_of=none_left, process=process)
    (row,) = rows(archive, "articles").to_pylist()
    assert (row["outlet"], row["url"]) == ("contoh", url_of(1))
    assert "Panen padi" in row["body"]


def test_a_page_that_trips_a_bug_keeps_nothing_else_out(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    def fragile(of: Page, by: Outlet) -> object:
        if of.url == url_of(1):
            raise ZeroDivisionError
        return process(of, by)

    abandon(archive, [(page(1), "article"), (page(2), "article")], outlet())
    recover(archive, outlet_of=outlet_of, process=fragile)  # type: ignore[arg-type]
    assert outcomes(archive) == {"1": ("error", "ZeroDivisionError"), "2": ("article", None)}
    assert "cannot be processed" in caplog.text


def test_pending_rows_of_a_live_lease_are_left_to_their_writer(
    archive_uri: str, archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    by = outlet()
    seen: list[object] = []

    def another_machine_comes(step: str) -> None:
        if step == "articles:before":
            with monkeypatch.context() as elsewhere:
                elsewhere.setenv("KLIPING_SPOOL", str(tmp_path / "another-machine"))
                seen.append((recovered(archive_uri), len(list(archive.entries("pending/")))))

    with Run(archive, command="crawl", outlet_of=outlet_of, steps=another_machine_comes) as writer:
        lease = take(archive, by.slug, writer.run_id)
        writer.settle(writer.store(page(1), by).capture_id, article(page(1), by))
        assert [row.status for row in writer.commit(everything=True)] == ["new"]
        lease.release()
    assert seen == [([], 1)]


def test_a_live_writer_whose_rows_another_committed_finds_them_in(archive: Archive) -> None:
    by = outlet()
    taken: list[Row] = []

    def another_comes(step: str) -> None:
        if step == "articles:before" and not taken:
            taken.extend(recover(archive, outlet_of=outlet_of, process=process))

    with Run(archive, command="recrawl", outlet_of=outlet_of, steps=another_comes) as run:
        for text in ("Satu.", "Dua."):
            taken.clear()
            of = page(1, text)
            run.settle(run.store(of, by).capture_id, article(of, by))
            assert run.commit(everything=True) == taken
    assert [row.status for row in taken] == ["changed"]
    assert numbers(archive) == [(url_of(1), 1, 1), (url_of(1), 2, 1)]
    assert_clean(archive)


def test_rows_whose_warc_never_came_wait_and_are_dropped_once_old(
    archive_uri: str, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    run(Job(do="write", uri=archive_uri, die_at="warc:before"))
    (entry,) = archive.entries("pending/")
    (spooled,) = (archive.spool / "runs").iterdir()
    spooled.rename(archive.spool / "elsewhere")
    assert recovered(archive_uri) == []
    assert [one.key for one in archive.entries("pending/")] == [entry.key]
    fresh = Frozen.from_bytes(archive.read(entry.key), "uji")
    assert not is_uploaded(archive, fresh)
    then = (datetime.now(UTC) - DROPPED_AFTER - timedelta(days=1)).strftime("%Y%m%d")
    old = replace(fresh, segment=then + fresh.segment[8:])
    archive.put(old.pending_key, old.to_bytes())
    with caplog.at_level(logging.WARNING):
        assert recovered(archive_uri) == []
    assert [one.key for one in archive.entries("pending/")] == [entry.key]
    assert f"{old.pending_key}: dropped" in caplog.text


def test_what_is_no_pending_segment_keeps_nothing_else_out(
    archive_uri: str, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    run(Job(do="write", uri=archive_uri, die_at="warc:after"))
    (spooled,) = (archive.spool / "runs").iterdir()
    spooled.rename(archive.spool / "elsewhere")
    strays = ["pending/.DS_Store", "pending/0-rusak.arrow", "pending/catatan.txt"]
    for key in strays:
        archive.put(key, b"bukan baris")
    with caplog.at_level(logging.WARNING):
        assert [row.status for row in recovered(archive_uri)] == ["new", "new"]
    assert numbers(archive) == BOTH
    assert [one.key for one in archive.entries("pending/")] == strays
    assert ["pending/0-rusak.arrow" in one for one in caplog.messages] == [True]


def test_rows_of_runs_that_could_not_be_written_are_written_later(archive: Archive) -> None:
    dead = Run(archive, command="crawl", outlet_of=outlet_of)
    dead._folder.add_runs(  # noqa: SLF001  what `finish` leaves if the archive goes away
        [{"run_id": dead.run_id, "command": "crawl", "outlet": "contoh", "new": 3, "reasons": []}]
    )
    dead.close()
    recover(archive, outlet_of=outlet_of, process=process)
    recover(archive, outlet_of=outlet_of, process=process)
    assert [(row["run_id"], row["new"]) for row in rows(archive, "runs").to_pylist()] == [
        (dead.run_id, 3)
    ]
    assert_clean(archive)


def test_a_folder_that_never_became_a_runs_is_removed_once_old(archive: Archive) -> None:
    for name in ("muda", "tua"):
        (archive.spool / "runs" / f".new-{name}").mkdir(parents=True)
    os.utime(archive.spool / "runs" / ".new-tua", (0, 0))
    recover(archive, outlet_of=outlet_of, process=process)
    assert [path.name for path in (archive.spool / "runs").iterdir()] == [".new-muda"]
