"""A run that writes: pages go to the spool at once, articles to the archive at each commit.

`store` and `settle` may run in one thread while `commit` runs in another. What `commit` could not
finish stays in the spool for the next one, of this run or, should it die, of the next.
"""

from __future__ import annotations

import os
import socket
import threading
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypedDict, cast

from pipelines.errors import ArchiveError
from pipelines.process import EXTRACTOR
from pipelines.process import process as today
from pipelines.records import Article, Capture, Outcome, Page, Rejected
from pipelines.store.number import (
    Numbering,
    OutletOf,
    Process,
    capture_by_id,
    captures_by_id,
    last_capture,
    last_captures,
    last_known,
    latest_of,
    outlet_or_generic,
    stored_page,
)
from pipelines.store.recovery import ItemsIn, Reader, commit_from, no_items, recover, write_runs
from pipelines.store.segment import (
    Frozen,
    Items,
    Limits,
    Segment,
    Settled,
    frozen_extractions,
    new_run_id,
    new_segment_name,
)
from pipelines.store.spool import new_folder, spool_errors
from pipelines.store.transact import Row, Steps, last_commit_id, step
from pipelines.store.warc import read_segment

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from pipelines.outlets import Outlet
    from pipelines.store.archive import Archive
    from pipelines.store.warc import Role

__all__ = [
    "Counts",
    "Items",
    "Limits",
    "Row",
    "Run",
    "capture_by_id",
    "captures_by_id",
    "last_capture",
    "last_captures",
    "last_known",
    "latest_of",
    "recover",
    "stored_page",
]

_SYNC_S = 0.9
"""Seconds between two syncs of the open segments: at least one in every second."""


class Counts(TypedDict, total=False):
    """What a run did for one outlet: columns of `runs`; what is left out is 0 or none."""

    requests: int
    new: int
    changed: int
    unchanged: int
    extracted: int
    gone: int
    rejected: int
    errors: int
    sources: int
    reasons: Mapping[str, int]
    finished_at: datetime


def counts_of(counts: Counter[str], reasons: Mapping[str, int]) -> Counts:
    """Return those of an outlet's *counts* that are columns of `runs`, with its *reasons*."""
    return cast("Counts", {**{name: counts[name] for name in _COUNTED}, "reasons": dict(reasons)})


class Run:
    """One invocation that writes to the archive.

    Args:
        archive: Where to.
        command: What the user asked for; goes into `runs`.
        outlet_of: Slug -> today's rules.
        limits: When a segment closes.
        process: The one path, for pages that must be read again.
        items_in: Which items a response holds, for the same.
        steps: Is told of every step of a commit.
        by_clock: Whether its pages count from when they were fetched, however late they come:
            those of an old WARC are older than what the archive has.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        command: str,
        outlet_of: OutletOf,
        by_clock: bool = False,
        limits: Limits = Limits(),  # noqa: B008  frozen
        process: Process = today,
        items_in: ItemsIn = no_items,
        steps: Steps = lambda step: None,  # noqa: ARG005  nobody watches
    ) -> None:
        self.run_id = new_run_id()
        self.command = command
        self.started_at = datetime.now(UTC)
        self._archive = archive
        self._outlet_of = outlet_of
        self._limits = limits
        self._steps = steps
        self._reader = Reader(
            archive=archive, outlet_of=outlet_of, process=process, items_in=items_in
        )
        self._numbering = Numbering(archive, outlet_of, process)
        self._began_at_commit = 0 if by_clock else last_commit_id(archive)
        self._folder = new_folder(archive.spool, self.run_id)
        self._open: dict[str, Segment] = {}
        self._closed: list[Segment] = []
        self._of_capture: dict[str, Segment] = {}
        self._extractions: dict[str, list[tuple[Capture, Settled]]] = defaultdict(list)
        self._frozen: list[Frozen] = []
        self._done: list[Row] = []
        self._lock = threading.RLock()
        self._committing = threading.Lock()
        self._fault: ArchiveError | None = None
        self._is_closed = threading.Event()
        self._syncer = threading.Thread(target=self._keep_synced, name="sync", daemon=True)
        self._syncer.start()

    def store(
        self,
        page: Page,
        outlet: Outlet,
        *,
        role: Role = "article",
        refers_to: Capture | None = None,
    ) -> Capture:
        """Append a page to its outlet's segment; it is flushed when this returns.

        Args:
            page: As served; of several items the whole response, of several parts the first.
            outlet: Whose it is.
            role: What it is good for.
            refers_to: The capture whose payload it repeats (or says not to have changed), as
                `last_capture` gives it; the payload is not stored again.

        Raises:
            ArchiveError: The spool's disk is full or broken.
        """
        with self._lock, spool_errors(self._folder.path):
            self._raise_fault()
            segment = self._open.get(outlet.slug)
            if segment is not None and segment.is_due(self._limits, datetime.now(UTC)):
                self._closed.append(self._open.pop(outlet.slug))
                segment = None
            if segment is None:
                segment = Segment(self._folder.path, outlet=outlet, run_id=self.run_id)
                self._open[outlet.slug] = segment
            capture = segment.store(page, role=role, refers_to=refers_to)
            self._of_capture[capture.capture_id] = segment
            return capture

    def settle(
        self,
        capture_id: str,
        result: Article | Rejected | Outcome | Items,
        *,
        part_capture_ids: Sequence[str] = (),
        reason: str | None = None,
        article_id: str | None = None,
    ) -> None:
        """Say what became of a stored page; each must be settled once.

        Args:
            capture_id: Which.
            result: What `process` made of it, or of its items (item, article); or the outcome.
            part_capture_ids: Its further pages, in order; they are settled with it.
            reason: Of an outcome.
            article_id: The known article that an outcome concerns; of a revisit it is known.
        """
        settled = Settled(
            result=result, reason=reason, article_id=article_id, parts=tuple(part_capture_ids)
        )
        with self._lock, spool_errors(self._folder.path):
            segment = self._of_capture.pop(capture_id)
            segment.settle(capture_id, settled)
            for part in part_capture_ids:
                other = self._of_capture.pop(part)
                if other is not segment:
                    other.settle(part, _part_of(settled))

    def reextracted(
        self,
        capture: Capture,
        article: Article,
        *,
        item: str | None = None,
        part_capture_ids: Sequence[str] = (),
    ) -> None:
        """Take what newer rules read from an archived capture; no row if it is no different."""
        result: Article | Items = article if item is None else [(item, article)]
        settled = Settled(result=result, parts=tuple(part_capture_ids))
        with self._lock:
            self._extractions[article.outlet].append((capture, settled))

    def close_segment(self, outlet_slug: str) -> None:
        """Let an outlet's segment be committed next, for nothing more will come for it."""
        with self._lock:
            if (segment := self._open.pop(outlet_slug, None)) is not None:
                self._closed.append(segment)

    def holds(self, outlet_slug: str) -> bool:
        """Tell whether anything of an outlet is still to be committed."""
        with self._lock:
            slugs = {one.outlet for one in (*self._open.values(), *self._closed)}
            slugs |= {one.outlet for one in self._frozen}
            return outlet_slug in slugs | self._extractions.keys()

    def due(self) -> bool:
        """Tell whether `commit(everything=False)` would find a closed, settled segment."""
        now = datetime.now(UTC)
        with self._lock:
            self._raise_fault()
            waiting = [one for one in self._open.values() if one.is_due(self._limits, now)]
            return any(one.is_settled() for one in (*waiting, *self._closed)) or any(
                len(one) >= self._limits.captures for one in self._extractions.values()
            )

    def commit(self, *, everything: bool) -> list[Row]:
        """Get closed segments into the archive.

        Args:
            everything: Close all segments first, and settle from the WARC, as recovery does,
                what nobody settled; else only the due ones whose captures are all settled.

        Returns:
            One row per article of each capture that was committed.

        Raises:
            ArchiveError: The archive cannot be reached or written. Nothing is lost: the next
                commit tries again.
        """
        with self._committing:
            with self._lock:
                self._raise_fault()
                ready = self._close(everything=everything)
                extractions = self._take_extractions(everything=everything)
            self._frozen += map(self._folder.freeze, extractions)
            while ready:
                self._freeze(ready.pop(0))
                # Rows of one commit are in memory together: those of twenty outlets need not be.
                if sum(len(one.rows) for one in self._frozen) >= self._limits.captures:
                    self._commit_frozen()
            self._commit_frozen()
            done, self._done = self._done, []
            return done

    def finish(self, counts: Mapping[str, Counts]) -> None:
        """Write the rows of `runs`, one per outlet; should that fail, recovery will."""
        now = datetime.now(UTC)
        rows = [
            {
                **dict.fromkeys(_COUNTED, 0),
                "finished_at": now,
                **one,
                "reasons": sorted(one.get("reasons", {}).items()),
                "run_id": self.run_id,
                "command": self.command,
                "outlet": slug,
                "started_at": self.started_at,
                "rules_digest": outlet_or_generic(self._outlet_of, slug, "").rules_digest,
                "extractor": EXTRACTOR,
                "host": socket.gethostname(),
            }
            for slug, one in counts.items()
        ]
        if rows:
            self._folder.add_runs(rows)
        self._archive.refresh()
        write_runs(self._archive, self._folder)

    def sync(self) -> None:
        """Have the disk hold everything stored so far; happens every second by itself."""
        with self._lock:
            dirty = [one for one in (*self._open.values(), *self._closed) if one.is_dirty]
            handles = [one.file.handle() for one in dirty]
            for one in dirty:
                one.is_dirty = False
        for handle in handles:
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def close(self) -> None:
        """Stop; what was not committed stays in the spool, for recovery."""
        self._is_closed.set()
        self._syncer.join()
        with self._lock:
            for segment in (*self._open.values(), *self._closed):
                with spool_errors(segment.file.path):
                    segment.file.close()
            self._open, self._closed = {}, []
        self._folder.close()

    def __enter__(self) -> Self:
        """Return the run itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close, whatever happened."""
        self.close()

    def _freeze(self, segment: Segment) -> None:
        """Fix the rows of a closed segment; its articles are let go of."""
        if not segment.is_settled():
            self._settle_unfinished(segment)
        with step(self._steps, "frozen"), spool_errors(self._folder.path):
            self._frozen.append(self._folder.freeze(segment.freeze()))
        with self._lock:
            self._closed.remove(segment)

    def _commit_frozen(self) -> None:
        if not self._frozen:
            return
        self._archive.refresh()
        self._done += commit_from(
            self._archive,
            self._folder,
            self._frozen,
            self._numbering,
            self._steps,
            is_recovered=False,
            began_at_commit=self._began_at_commit,
        )
        self._frozen = []

    def _close(self, *, everything: bool) -> list[Segment]:
        now = datetime.now(UTC)
        for slug, segment in list(self._open.items()):
            if everything or segment.is_due(self._limits, now):
                self._closed.append(self._open.pop(slug))
        ready = [one for one in self._closed if everything or one.is_settled()]
        for segment in ready:
            segment.is_dirty = False  # freezing syncs and closes it
        return ready

    def _take_extractions(self, *, everything: bool) -> list[Frozen]:
        taken = [
            slug
            for slug, found in self._extractions.items()
            if everything or len(found) >= self._limits.captures
        ]
        return [
            frozen_extractions(
                self._extractions.pop(slug),
                segment=new_segment_name(slug),
                outlet=slug,
                run_id=self.run_id,
            )
            for slug in taken
        ]

    def _settle_unfinished(self, segment: Segment) -> None:
        """Settle from the WARC what nobody settled."""
        contents = read_segment(segment.file.path)
        by_record = {one.warc_record_id: one for one in segment.captures.values()}
        open_ids = segment.captures.keys() - segment.settled.keys()
        unsettled = replace(
            contents,
            records=tuple(
                one for one in contents.records if by_record[one.record_id].capture_id in open_ids
            ),
        )
        settled = self._reader.settled(unsettled, by_record, {})
        with self._lock:
            for capture_id, one in settled.items():
                self._of_capture.pop(capture_id, None)
                segment.settled[capture_id] = one

    def _keep_synced(self) -> None:
        while not self._is_closed.wait(_SYNC_S):
            try:
                self.sync()
            except OSError as error:
                self._fault = ArchiveError(
                    f"{self._folder.path}: wanted to sync the spool, found: {error.strerror}"
                )

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise self._fault


_COUNTED = (
    *("requests", "new", "changed", "unchanged", "extracted"),
    *("gone", "rejected", "errors", "sources"),
)


def _part_of(head: Settled) -> Settled:
    """Settle a part that lies in another segment than its head."""
    if isinstance(head.result, Article):
        return Settled(result=Outcome.ARTICLE, article_id=head.result.article_id)
    if isinstance(head.result, Rejected):
        return Settled(result=Outcome.REJECTED, reason=str(head.result.reason))
    result = head.result if isinstance(head.result, Outcome) else Outcome.SOURCE
    return Settled(result=result, reason=head.reason, article_id=head.article_id)
