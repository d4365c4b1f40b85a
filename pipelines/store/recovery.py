"""What dead runs left behind, in the spool or in ``pending/``, into the archive.

Segments that never closed are read back from their WARC and processed; frozen ones are committed
as they are. Runs that live, here by their lock or elsewhere by their lease, are left alone.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from pipelines.errors import ArchiveError
from pipelines.fate import MOVED, fate_of, is_moved
from pipelines.records import Article, Capture, Outcome, Page
from pipelines.store.archive import MissingError
from pipelines.store.lease import is_live
from pipelines.store.number import (
    Numbering,
    OutletOf,
    Process,
    captures_by_id,
    last_known,
    outlet_or_generic,
)
from pipelines.store.segment import (
    Frozen,
    Settled,
    begun_at,
    capture_id_of,
    capture_of,
    frozen,
    joins_parts,
)
from pipelines.store.spool import RunFolder, abandoned, spool_errors
from pipelines.store.transact import (
    Row,
    Steps,
    append_once,
    clean,
    commit_segments,
    is_uploaded,
    step,
    upload,
)
from pipelines.store.warc import Contents, Record, read_segment, whole_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.outlets import Outlet
    from pipelines.store.archive import Archive

ItemsIn = Callable[[Page, "Outlet"], Sequence[str]]
"""Which items a response holds; none if it is a page by itself."""

INTERRUPTED = "interrupted"
"""Reason of a capture that a run died over: its further pages may be missing, or what it lists."""

DROPPED_AFTER = timedelta(days=14)
"""How long rows without their WARC may wait in ``pending/`` for their writer to come back."""

_log = logging.getLogger(__name__)


def no_items(page: Page, outlet: Outlet) -> Sequence[str]:  # noqa: ARG001  one of `ItemsIn`
    """Say of every response that it is a page by itself."""
    return ()


def recover(
    archive: Archive,
    *,
    outlet_of: OutletOf,
    process: Process,
    items_in: ItemsIn = no_items,
    steps: Steps = lambda step: None,  # noqa: ARG005  nobody watches
) -> list[Row]:
    """Commit everything that dead runs left.

    Args:
        archive: Where; its spool is looked through too.
        outlet_of: Slug -> today's rules; generic ones apply where it knows none.
        process: The one path.
        items_in: Which items a response holds.
        steps: Is told of every step.
    """
    reader = Reader(archive=archive, outlet_of=outlet_of, process=process, items_in=items_in)
    numbering = Numbering(archive, outlet_of, process)
    done = []
    for folder in abandoned(archive.spool):
        _freeze_all(folder, reader, steps)
        segments = folder.frozen()
        if segments:
            archive.refresh()
            done += commit_from(archive, folder, segments, numbering, steps, is_recovered=True)
        write_runs(archive, folder)
    return done + _recover_pending(archive, numbering, steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Settles captures from what lies in their WARC, where nobody is left who knows."""

    archive: Archive
    outlet_of: OutletOf
    process: Process
    items_in: ItemsIn = no_items

    def settled(
        self,
        contents: Contents,
        captures: Mapping[str, Capture],
        others: Mapping[str, Record],
    ) -> dict[str, Settled]:
        """Return what becomes of every capture of a segment.

        Args:
            contents: The segment, read back.
            captures: Record id -> capture.
            others: Record id -> page, of other segments in which parts may lie.
        """
        if not contents.records:
            return {}
        slug = contents.info.get("outlet", "")
        outlet = outlet_or_generic(self.outlet_of, slug, contents.records[0].page.final_url)
        known = {**others, **{one.record_id: one for one in contents.records}}
        made = {}
        for record in contents.records:
            capture = captures[record.record_id]
            further = contents.parts.get(record.record_id)
            if record.role == "part" or _may_be_cut_off(record, further, outlet, known):
                made[capture.capture_id] = Settled(result=Outcome.ERROR, reason=INTERRUPTED)
            else:
                pages = tuple(known[part].page for part in further or ())
                parts = tuple(capture_id_of(part) for part in further or ())
                one = self._result(record, capture, pages, outlet)
                made[capture.capture_id] = replace(one, parts=parts)
        return made

    def _result(
        self, record: Record, capture: Capture, parts: tuple[Page, ...], outlet: Outlet
    ) -> Settled:
        page = replace(record.page, parts=parts)
        if record.role == "source":
            return Settled(result=Outcome.SOURCE, reason=INTERRUPTED)
        if record.is_revisit:
            return Settled(result=Outcome.UNCHANGED, article_id=capture.article_id)
        before = (
            last_known(self.archive, [page.url], capture.outlet).get(page.url)
            if page.status != HTTPStatus.OK or page.url != page.final_url
            else None
        )
        known = before.article_id if before else None
        fate = fate_of(page.status, article_id=known)
        if fate is not None:
            outcome, reason = fate
            return Settled(result=outcome, reason=reason, article_id=known)
        try:
            return self._made(page, outlet, known)
        except Exception as error:  # noqa: BLE001  whatever the bug is
            # One page that trips a bug must not keep a whole segment out, at every start anew.
            _log.exception("%s: %s: cannot be processed", capture.warc_file, page.url)
            return Settled(result=Outcome.ERROR, reason=type(error).__name__)

    def _made(self, page: Page, outlet: Outlet, known: str | None) -> Settled:
        items = self.items_in(page, outlet)
        if items:
            each = ((item, self.process(replace(page, item=item), outlet)) for item in items)
            return Settled(result=[(item, one) for item, one in each if isinstance(one, Article)])
        made = self.process(page, outlet)
        if is_moved(page, made, article_id=known):
            return Settled(result=Outcome.GONE, reason=MOVED, article_id=known)
        return Settled(result=made)


def _may_be_cut_off(
    record: Record,
    further: Sequence[str] | None,
    outlet: Outlet,
    known: Mapping[str, Record],
) -> bool:
    """Tell whether parts of a page are missing, or may be."""
    if further is None:
        return record.role == "article" and joins_parts(outlet)
    return any(part not in known for part in further)


def commit_from(
    archive: Archive,
    folder: RunFolder,
    segments: Sequence[Frozen],
    numbering: Numbering,
    steps: Steps,
    *,
    is_recovered: bool,
    began_at_commit: int | None = None,
) -> list[Row]:
    """Take frozen segments of a run's folder all the way."""
    for segment in segments:
        warc = folder.warc_path(segment.segment)
        upload(archive, segment, warc if warc.exists() else None, steps)
    rows = commit_segments(
        archive,
        segments,
        numbering,
        is_recovered=is_recovered,
        steps=steps,
        began_at_commit=began_at_commit,
    )
    clean(archive, segments, steps)
    with step(steps, "spool"):
        for segment in segments:
            folder.remove(segment.segment)
    return rows


def write_runs(archive: Archive, folder: RunFolder) -> None:
    """Write the rows of `runs` that lie in a run's folder."""
    for path, new in folder.runs():
        append_once(archive, "runs", f"{folder.run_id}/{path.stem}", new)
        with spool_errors(path):
            path.unlink(missing_ok=True)


def _freeze_all(folder: RunFolder, reader: Reader, steps: Steps) -> None:
    """Freeze what a dead run left open, cut off where its last record is torn."""
    contents = {path: _read_back(path) for path in folder.open_segments()}
    pages = {one.record_id: one for each in contents.values() for one in each.records}
    for path, found in contents.items():
        if not found.records:
            with spool_errors(path):
                path.unlink()
            continue
        name, slug = found.info["segment"], found.info["outlet"]
        captures = _captures(reader.archive, found, name, slug)
        settled = reader.settled(found, captures, pages)
        with step(steps, "frozen"):
            folder.freeze(
                frozen(
                    segment=name,
                    outlet=slug,
                    run_id=found.info["run"],
                    warc_bytes=path.stat().st_size,
                    captures={one.capture_id: one for one in captures.values()},
                    settled=settled,
                )
            )


def _read_back(path: Path) -> Contents:
    with spool_errors(path):
        end = whole_bytes(path)
        if end < path.stat().st_size:
            with path.open("r+b") as file:
                file.truncate(end)
                os.fsync(file.fileno())
    if not end:
        return Contents(info={}, records=(), parts={})
    return read_segment(path)


def _captures(archive: Archive, found: Contents, name: str, slug: str) -> dict[str, Capture]:
    """Make the captures of a segment again, by record id."""
    origins = {capture_id_of(one.refers_to) for one in found.records if one.refers_to}
    known = captures_by_id(archive, origins, slug) if origins else {}
    return {
        one.record_id: capture_of(
            one.page,
            record_id=one.record_id,
            place=(one.offset, one.length),
            digest=one.digest,
            segment=name,
            outlet=slug,
            run_id=found.info["run"],
            refers_to=known.get(capture_id_of(one.refers_to)) if one.refers_to else None,
        )
        for one in found.records
    }


def _recover_pending(archive: Archive, numbering: Numbering, steps: Steps) -> list[Row]:
    """Commit what other machines uploaded and did not finish."""
    ready = []
    for entry in list(archive.entries("pending/")):
        if not entry.key.endswith(".arrow"):
            continue
        try:
            segment = Frozen.from_bytes(archive.read(entry.key), f"{archive.uri}/{entry.key}")
        except MissingError:
            continue  # its writer lives and was quicker
        except ArchiveError as error:
            _log.warning("%s; left alone", error)
            continue
        if is_live(archive, segment.outlet, segment.run_id):
            continue
        if is_uploaded(archive, segment):
            ready.append(segment)
        elif datetime.now(UTC) - begun_at(segment.segment) > DROPPED_AFTER:
            _log.warning("%s: dropped; its WARC never came", entry.key)
            archive.delete(entry.key)
    if not ready:
        return []
    rows = commit_segments(archive, ready, numbering, is_recovered=True, steps=steps)
    clean(archive, ready, steps)
    return rows
