"""Who is crawling an outlet now: ``leases/<slug>.json``, without any lock service.

A lease is taken with a conditional create, kept with conditional replaces and free again once it
was released, not renewed for `EXPIRY_S`, or its process is seen to be dead on this very machine.
Clocks are the machines' own: they must agree to within that time.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ArchiveError, ConflictError, HeldError

if TYPE_CHECKING:
    from pipelines.store.archive import Archive

EXPIRY_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What a lease file says."""

    run_id: str
    host: str
    pid: int
    since: datetime
    renewed_at: datetime
    is_released: bool = False
    place: str = ""
    """Which boot of which machine `pid` counts in; empty if that cannot be told."""

    def is_live(self, now: datetime) -> bool:
        """Tell whether the holder still counts as crawling."""
        if self.is_released or now - self.renewed_at >= timedelta(seconds=EXPIRY_S):
            return False
        return not (self.place and self.place == _place() and _is_dead(self.pid))


class Lease:
    """A lease that was taken; `renew` it more often than `EXPIRY_S`, then `release` it."""

    def __init__(self, archive: Archive, slug: str, holder: Holder, etag: str) -> None:
        self.slug = slug
        self.holder = holder
        self._archive = archive
        self._etag = etag

    def renew(self) -> None:
        """Say that the run still works.

        Raises:
            HeldError: Somebody else has taken the outlet; the run must stop.
        """
        self._write(replace(self.holder, renewed_at=datetime.now(UTC)))

    def release(self) -> None:
        """Free the outlet; nothing happens if somebody else has taken it."""
        try:
            self._write(replace(self.holder, is_released=True))
        except HeldError:
            return

    def _write(self, holder: Holder) -> None:
        key = _key(self.slug)
        try:
            self._etag = self._archive.replace(key, _bytes(holder), self._etag)
        except ConflictError as error:
            # An answer that got lost looks like a conflict with oneself.
            found = self._archive.read_with_etag(key)
            if found is None or _holder(found[0], key).run_id != holder.run_id:
                raise HeldError(f"{self.slug}: wanted to keep the lease, found it taken") from error
            self._etag = self._archive.replace(key, _bytes(holder), found[1])
        self.holder = holder


def take(archive: Archive, slug: str, run_id: str) -> Lease:
    """Take an outlet's lease.

    Raises:
        HeldError: Another run holds it; says which, where and since when.
    """
    now = datetime.now(UTC)
    mine = Holder(
        run_id=run_id,
        host=socket.gethostname(),
        pid=os.getpid(),
        since=now,
        renewed_at=now,
        place=_place(),
    )
    key = _key(slug)
    found = archive.read_with_etag(key)
    try:
        if found is None:
            return Lease(archive, slug, mine, archive.create(key, _bytes(mine)))
        theirs = _holder(found[0], key)
        if theirs.is_live(now) and theirs.run_id != run_id:
            raise _held(slug, theirs)
        return Lease(archive, slug, mine, archive.replace(key, _bytes(mine), found[1]))
    except ConflictError as error:
        winner = holder(archive, slug)
        if winner is None:
            raise HeldError(f"{slug}: wanted the lease, lost it to another run") from error
        if winner.run_id == run_id and winner.pid == mine.pid and winner.host == mine.host:
            return take(archive, slug, run_id)
        raise _held(slug, winner) from error


def holder(archive: Archive, slug: str) -> Holder | None:
    """Return who holds or held the lease; ask `Holder.is_live` which."""
    found = archive.read_with_etag(_key(slug))
    return _holder(found[0], _key(slug)) if found else None


def is_live(archive: Archive, slug: str, run_id: str) -> bool:
    """Tell whether that very run holds the outlet's lease now."""
    found = holder(archive, slug)
    return found is not None and found.run_id == run_id and found.is_live(datetime.now(UTC))


def unlock(archive: Archive, slug: str) -> Holder | None:
    """Take a lease away, whoever holds it; returns who did."""
    found = holder(archive, slug)
    archive.delete(_key(slug))
    return found


def _place() -> str:
    """Say where process numbers mean what they mean here: this boot, this PID namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _is_dead(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] == "Z"  # killed, and not yet waited for


def _held(slug: str, theirs: Holder) -> HeldError:
    since = theirs.since.strftime("%Y-%m-%d %H:%M:%SZ")
    return HeldError(
        f"{slug}: held by run {theirs.run_id} on {theirs.host} (process {theirs.pid}) since {since}"
    )


def _key(slug: str) -> str:
    return f"leases/{slug}.json"


def _bytes(one: Holder) -> bytes:
    values = asdict(one)
    for name in ("since", "renewed_at"):
        values[name] = values[name].isoformat()
    return json.dumps(values, indent=1).encode()


def _holder(data: bytes, key: str) -> Holder:
    try:
        values = json.loads(data)
        for name in ("since", "renewed_at"):
            values[name] = datetime.fromisoformat(values[name])
        return Holder(**values)
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveError(f"{key}: wanted a lease, found: {error}") from error
