"""A run stores, settles and commits; nothing is lost when something goes wrong in between."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.errors import ArchiveError
from pipelines.process import process
from pipelines.records import Outcome, Reason, Rejected
from pipelines.store.archive import open_archive
from pipelines.store.commit import Limits, Run, captures_by_id, recover, stored_page
from pipelines.store.tables import rows
from tests.pipelines.store.newsroom import (
    NOON,
    article,
    assert_sound,
    outlet,
    outlet_of,
    page,
    url_of,
)
from tests.servers import Seaweed

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.records import Capture
    from pipelines.store.archive import Archive


def crawl(archive: Archive, *, limits: Limits = Limits()) -> Run:  # noqa: B008  frozen
    return Run(archive, command="crawl", outlet_of=outlet_of, limits=limits)


def add(run: Run, name: object) -> Capture:
    of = page(name, "Panen naik.")
    capture = run.store(of, outlet())
    run.settle(capture.capture_id, article(of, outlet()))
    return capture


def captured(archive: Archive) -> dict[str, dict[str, object]]:
    found = rows(archive, "captures").to_pylist()
    return {row["url"].rpartition("/")[2]: row for row in found}


def test_each_row_leads_back_to_the_page(archive: Archive) -> None:
    with crawl(archive) as run:
        stored = add(run, 1)
        (row,) = run.commit(everything=True)
    found = captures_by_id(archive, [row.capture_id], "contoh")[row.capture_id]
    assert found == replace(stored, outcome=Outcome.ARTICLE, article_id=row.article_id)
    assert stored_page(archive, found) == page(1, "Panen naik.")
    (kept,) = assert_sound(archive)
    expected = article(page(1, "Panen naik."), outlet())
    for name in expected.__dataclass_fields__:
        value = getattr(expected, name)
        if name == "provenance":
            assert dict(kept[name]) == value
        elif name == "language_confidence":
            assert kept[name] == pytest.approx(value)
        else:
            assert kept[name] == (list(value) if isinstance(value, tuple) else value)
    assert kept["run_id"] == run.run_id
    assert kept["segment"] == stored.segment
    assert list(archive.entries("pending/")) == []
    assert list((archive.spool / "runs").iterdir()) == []


def test_every_outcome_is_kept(archive: Archive) -> None:
    with crawl(archive) as run:
        add(run, "artikel")
        for name, result, reason in (
            ("umpan", Outcome.SOURCE, None),
            ("hilang", Outcome.GONE, "404"),
            ("galat", Outcome.ERROR, "timeout"),
            ("tolak", Rejected(reason=Reason.NO_TITLE, detail="x", url="y"), None),
        ):
            capture = run.store(page(name), outlet(), role="source")
            run.settle(capture.capture_id, result, reason=reason)
        assert len(run.commit(everything=True)) == 1
    assert {name: (row["outcome"], row["reason"]) for name, row in captured(archive).items()} == {
        "artikel": ("article", None),
        "umpan": ("source", None),
        "hilang": ("gone", "404"),
        "galat": ("error", "timeout"),
        "tolak": ("rejected", "no_title"),
    }


def test_the_items_of_a_response_share_its_capture(archive: Archive) -> None:
    with crawl(archive) as run:
        capture = run.store(page("api"), outlet())
        posts = [(str(n), article(page(n), outlet())) for n in (7, 8)]
        run.settle(capture.capture_id, posts)
        found = run.commit(everything=True)
        assert {row.capture_id for row in found} == {capture.capture_id}
        again = run.store(page("api", minute=1), outlet())
        run.settle(again.capture_id, posts[:1])
        assert [row.status for row in run.commit(everything=True)] == ["unchanged"]
        nothing = run.store(page("api", minute=2), outlet())
        run.settle(nothing.capture_id, [])
        run.commit(everything=True)
    articles = rows(archive, "articles").to_pylist()
    assert sorted(row["capture_item"] for row in articles) == ["7", "8"]
    outcomes = [row["outcome"] for row in rows(archive, "captures").to_pylist()]
    assert sorted(outcomes) == ["article", "source", "unchanged"]


def test_rules_that_join_parts_make_no_edit_of_the_outlet_s(archive: Archive) -> None:
    by = outlet('[articles]\nsingle_page = { pages = "?n={n}" }\n')
    with Run(archive, command="crawl", outlet_of=lambda _: by) as run:
        run.settle(run.store(page(1), outlet()).capture_id, article(page(1), outlet()))
        run.commit(everything=True)
        found = []
        for minute, text in ((5, "Panen padi tahun ini naik."), (9, "Panen padi gagal.")):
            head = page(1, text, minute=minute)
            part = page("1?n=2", "Bagian dua.", minute=minute)
            ids = [run.store(head, by).capture_id, run.store(part, by, role="part").capture_id]
            made = article(replace(head, parts=(part,)), by)
            run.settle(ids[0], made, part_capture_ids=ids[1:])
            found += run.commit(everything=True)
    assert [(row.status, row.revision, row.extraction) for row in found] == [
        ("extracted", 1, 2),
        ("changed", 2, 1),
    ]


def test_parts_share_the_fate_of_their_head_even_in_another_segment(archive: Archive) -> None:
    whole = replace(page(1), parts=(page("1?n=2", "Bagian dua."), page("1?n=3", "Bagian tiga.")))
    with crawl(archive, limits=Limits(captures=2)) as run:
        ids = [run.store(page(1), outlet()).capture_id]
        ids += [run.store(of, outlet(), role="part").capture_id for of in whole.parts]
        run.settle(ids[0], article(whole, outlet()), part_capture_ids=ids[1:])
        run.commit(everything=True)
    (row,) = assert_sound(archive)
    assert row["part_capture_ids"] == ids[1:]
    found = captured(archive)
    assert {one["outcome"] for one in found.values()} == {"article"}
    assert {one["article_id"] for one in found.values()} == {row["article_id"]}
    assert len({one["segment"] for one in found.values()}) == 2


def test_only_full_and_settled_segments_are_due(archive: Archive) -> None:
    with crawl(archive, limits=Limits(captures=2)) as run:
        first = run.store(page(1), outlet())
        assert not run.due()
        assert run.commit(everything=False) == []
        second = run.store(page(2), outlet())
        assert not run.due()
        assert run.commit(everything=False) == []
        add(run, 3)  # opens the next segment
        run.settle(first.capture_id, article(page(1), outlet()))
        assert not run.due()
        run.settle(second.capture_id, article(page(2), outlet()))
        assert run.due()
        assert [row.capture_id for row in run.commit(everything=False)] == [
            first.capture_id,
            second.capture_id,
        ]
        assert not run.due()
        assert len(run.commit(everything=True)) == 1
    assert len(assert_sound(archive)) == 3


@pytest.mark.parametrize("limits", [Limits(size_bytes=1), Limits(captures=1), Limits(age_s=0)])
def test_each_limit_closes_a_segment(archive: Archive, limits: Limits) -> None:
    with crawl(archive, limits=limits) as run:
        one, two = add(run, 1), add(run, 2)
        assert one.segment != two.segment
        assert run.due()
        assert len(run.commit(everything=False)) == 2


def test_what_nobody_settled_is_settled_from_the_warc_at_the_end(archive: Archive) -> None:
    with crawl(archive) as run:
        run.store(page(1), outlet())
        run.store(replace(page(2), payload=b""), outlet())
        assert [row.status for row in run.commit(everything=True)] == ["new"]
    assert captured(archive)["2"]["reason"] == "empty"
    assert len(assert_sound(archive)) == 1


def test_outlets_have_segments_of_their_own(archive: Archive) -> None:
    other = replace(outlet(), slug="lain.co.id")  # as of an outlet without a file
    with crawl(archive) as run:
        one = add(run, 1)
        two = run.store(page(2), other)
        run.settle(two.capture_id, article(page(2), other))
        run.commit(everything=True)
    assert one.warc_file.startswith("warc/outlet=contoh/20")
    assert two.warc_file.startswith("warc/outlet=lain.co.id/20")
    assert {row["outlet"] for row in assert_sound(archive)} == {"contoh", "lain.co.id"}


def test_half_a_surrogate_pair_costs_no_segment(archive: Archive) -> None:
    with crawl(archive) as run:
        capture = run.store(page(1), outlet())
        made = article(page(1), outlet())
        run.settle(capture.capture_id, replace(made, tags=("a\ud800b",)))
        run.commit(everything=True)
    assert rows(archive, "articles")["tags"].to_pylist() == [["a?b"]]


def test_pages_may_come_in_while_others_are_committed(archive: Archive) -> None:
    done = threading.Event()
    found = []
    with crawl(archive, limits=Limits(captures=3)) as run:

        def keep_committing() -> None:
            while not done.is_set():
                found.extend(run.commit(everything=False))

        committer = threading.Thread(target=keep_committing)
        committer.start()
        for name in range(60):
            add(run, name)
        done.set()
        committer.join()
        found.extend(run.commit(everything=True))
    assert len(found) == 60
    assert len(assert_sound(archive)) == 60


def test_what_is_stored_is_synced(archive: Archive) -> None:
    with crawl(archive) as run:
        add(run, 1)
        (segment,) = run._open.values()  # noqa: SLF001  the disk cannot be asked
        assert segment.is_dirty
        run.sync()
        assert not segment.is_dirty


def test_a_server_that_goes_away_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLIPING_SPOOL", str(tmp_path / "spool"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with Seaweed() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        uri = f"s3://{server.bucket()}/kliping"
        with closing(open_archive(uri)) as archive, crawl(archive) as run:
            add(run, 1)
            run.commit(everything=True)
            server.kill()
            add(run, 2)
            with pytest.raises(ArchiveError) as caught:
                run.commit(everything=True)
            assert "\n" not in str(caught.value)
            assert server.secret_key not in str(caught.value)
            add(run, 3)
            with pytest.raises(ArchiveError):
                run.commit(everything=True)
            server.start()
            assert [row.status for row in run.commit(everything=True)] == ["new", "new"]
            assert len(assert_sound(archive)) == 3


def test_wrong_keys_are_one_line_and_new_ones_are_picked_up(
    s3_env: Seaweed, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLIPING_SPOOL", str(tmp_path / "spool"))
    with closing(open_archive(f"s3://{bucket}/kliping")) as archive, crawl(archive) as run:
        add(run, 1)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "kedaluwarsa")
        with pytest.raises(ArchiveError) as caught:
            run.commit(everything=True)
        assert "\n" not in str(caught.value)
        assert "kedaluwarsa" not in str(caught.value)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_env.secret_key)
        assert len(run.commit(everything=True)) == 1


def test_a_broken_table_is_one_line_and_costs_nothing(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    with crawl(archive) as run:
        add(run, 1)
        run.commit(everything=True)
        (log,) = (tmp_path / "archive/articles/_delta_log").glob("*1.json")
        kept = log.read_bytes()
        log.write_bytes(b"{")
        add(run, 2)
        with pytest.raises(ArchiveError, match="articles: wanted") as caught:
            run.commit(everything=True)
        assert "\n" not in str(caught.value)
        log.write_bytes(kept)
    assert [row.status for row in recover(archive, outlet_of=outlet_of, process=process)] == ["new"]
    assert len(assert_sound(archive)) == 2


def test_a_run_that_began_out_of_the_archives_reach_hides_no_edit(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    old, new = page(1, "Dulu.", minute=1), page(1, "Kini.")
    with crawl(archive) as run:
        run.settle(run.store(old, outlet()).capture_id, article(old, outlet()))
        run.commit(everything=True)
    (log,) = (tmp_path / "archive/articles/_delta_log").glob("*1.json")
    kept = log.read_bytes()
    log.write_bytes(b"{")
    with crawl(archive) as run:
        log.write_bytes(kept)
        run.settle(run.store(new, outlet()).capture_id, article(new, outlet()))
        assert [row.status for row in run.commit(everything=True)] == ["changed"]
    assert len(assert_sound(archive)) == 2


def test_runs_tell_what_was_done(archive: Archive) -> None:
    with crawl(archive) as run:
        add(run, 1)
        run.commit(everything=True)
        counts = {"requests": 3, "new": 1, "rejected": 2, "reasons": {"empty": 2}}
        run.finish({"contoh": counts, "lain": {}})  # type: ignore[dict-item]
    found = {row["outlet"]: row for row in rows(archive, "runs").to_pylist()}
    assert sorted(found) == ["contoh", "lain"]
    row = found["contoh"]
    assert (row["run_id"], row["command"]) == (run.run_id, "crawl")
    assert (row["requests"], row["new"], row["rejected"], row["errors"]) == (3, 1, 2, 0)
    assert row["reasons"] == [("empty", 2)]
    assert row["rules_digest"] == outlet().rules_digest
    assert timedelta() <= row["finished_at"] - row["started_at"] < timedelta(minutes=1)
    assert row["started_at"] > NOON - timedelta(days=365)


def test_names_of_runs_and_segments_sort_by_time(archive: Archive) -> None:
    with crawl(archive) as one, crawl(archive) as two:
        assert one.run_id < two.run_id
        assert add(one, 1).segment < add(two, url_of(2)[-1]).segment
