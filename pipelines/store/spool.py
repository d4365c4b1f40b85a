"""The folders of local work: one per run, held by a lock that the kernel drops with the process.

``<spool>/runs/<run>/`` holds the run's WARCs, the frozen rows beside them, and rows of `runs` that
are not written yet. Whoever gets the lock of another run's folder knows that run to be dead.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipelines.errors import ArchiveError
from pipelines.store.segment import Frozen
from pipelines.store.tables import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "lock"
_NEW = ".new-"
_STILLBORN_S = 86_400.0


class RunFolder:
    """A folder whose lock this process holds."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @property
    def run_id(self) -> str:
        """Return the run that made it."""
        return self.path.name

    def warc_path(self, segment: str) -> Path:
        """Return where a segment's WARC lies."""
        return self.path / f"{segment}.warc.gz"

    def freeze(self, segment: Frozen) -> Frozen:
        """Put frozen rows beside their WARC, durably, and return them as they will be read."""
        data = segment.to_bytes()
        path = self._rows_path(segment.segment)
        with spool_errors(path):
            write_durably(path, data)
        return Frozen.from_bytes(data, str(path))

    def frozen(self) -> list[Frozen]:
        """Read all frozen rows."""
        with spool_errors(self.path):
            return [
                Frozen.from_bytes(path.read_bytes(), str(path))
                for path in sorted(self.path.glob("*.arrow"))
            ]

    def open_segments(self) -> list[Path]:
        """Return the WARCs that were never frozen."""
        return [
            path
            for path in sorted(self.path.glob("*.warc.gz"))
            if not self._rows_path(path.name.removesuffix(".warc.gz")).exists()
        ]

    def runs(self) -> list[tuple[Path, list[dict[str, Any]]]]:
        """Read the rows of `runs` that wait, by file."""
        with spool_errors(self.path):
            return [
                (path, pa.ipc.open_file(pa.BufferReader(path.read_bytes())).read_all().to_pylist())
                for path in sorted(self.path.glob("*.runs"))
            ]

    def add_runs(self, rows: list[dict[str, Any]]) -> None:
        """Put rows of `runs` down until they are written."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, RUNS) as writer:
            writer.write_table(pa.Table.from_pylist(rows, schema=RUNS))
        path = self.path / f"{os.urandom(5).hex()}.runs"
        with spool_errors(path):
            write_durably(path, bytes(sink.getvalue()))

    def remove(self, segment: str) -> None:
        """Forget a committed segment; its WARC first, for rows alone say that nothing is lost."""
        with spool_errors(self.path):
            self.warc_path(segment).unlink(missing_ok=True)
            self._rows_path(segment).unlink(missing_ok=True)

    def close(self) -> None:
        """Give up the lock, and the folder if it is empty."""
        with contextlib.suppress(OSError):
            if {one.name for one in self.path.iterdir()} <= {_LOCK}:
                shutil.rmtree(self.path)
        os.close(self._lock)

    def _rows_path(self, segment: str) -> Path:
        return self.path / f"{segment}.arrow"


def new_folder(spool: Path, run_id: str) -> RunFolder:
    """Make a run's folder; it appears with its lock held."""
    path = spool / "runs" / run_id
    with spool_errors(path):
        made = path.with_name(_NEW + run_id)
        made.mkdir(parents=True)
        lock = os.open(made / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.rename(path)
        return RunFolder(path, lock)


def abandoned(spool: Path) -> Iterator[RunFolder]:
    """Yield the folders of dead runs, oldest first, each held until the next is asked for."""
    runs = spool / "runs"
    with spool_errors(runs):
        found = sorted(runs.iterdir()) if runs.is_dir() else []
    for path in found:
        if path.name.startswith(_NEW):
            _remove_stillborn(path)
        elif (folder := _adopted(path)) is not None:
            try:
                yield folder
            finally:
                folder.close()


def _remove_stillborn(path: Path) -> None:
    """Remove the folder of a run that died before it had one; a day is long enough to make it."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _STILLBORN_S:
            shutil.rmtree(path)


def _adopted(path: Path) -> RunFolder | None:
    try:
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Another recovery may have held this lock a moment ago and removed the folder.
        is_there = (path / _LOCK).stat().st_ino == os.fstat(lock).st_ino
    except OSError:
        is_there = False
    if not is_there:
        os.close(lock)
        return None
    return RunFolder(path, lock)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; one that is replaced keeps its mode."""
    # Its ending must not be the file's own: whoever lists *.arrow or *.toml would read half a file.
    staged = path.with_name(f"{path.name}.tmp")
    with staged.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileNotFoundError):
        shutil.copymode(path, staged)
    staged.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def spool_errors(path: Path) -> Iterator[None]:
    """Turn a fault of the spool's disk into one line."""
    try:
        yield
    except OSError as error:
        found = error.strerror or error
        raise ArchiveError(f"{path}: wanted a writable spool, found: {found}") from error
