"""The WARC files that somebody names: files, folders, ``s3://bucket/key`` or a prefix of keys.

Leaves their names, sizes and bytes in order; refuses what is not there. A file that stops being
readable half-way raises `UnreadableError`, which says nothing of the other files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ArchiveError, KlipingError, UsageError
from pipelines.store.archive import open_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pipelines.store.archive import Archive, Entry

SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
"""What is looked for in folders and below prefixes."""

_LOCAL_BYTES = 2**20
_REMOTE_BYTES = 8 * 2**20
_TRIES = 3
"""For each part of an object; boto3 itself tries again only until an answer begins."""


class UnreadableError(KlipingError):
    """The bytes of one file cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One file."""

    name: str
    """As a person would call it."""
    size_bytes: int
    chunks: Callable[[], Iterator[bytes]]
    """Opens it and yields its bytes; raises `UnreadableError`."""


def given(names: Iterable[str]) -> list[Given]:
    """Find the files that are meant, each once; those of a folder in the order of their names.

    Raises:
        UsageError: One is not there, or a folder or prefix holds no WARC file.
        ArchiveError: S3 cannot be reached.
    """
    found = [one for name in names for one in (_remote(name) if _is_remote(name) else _local(name))]
    return list({one.name: one for one in found}.values())


def _is_remote(name: str) -> bool:
    scheme, separator, _ = name.partition("://")
    if separator and scheme not in ("s3", "file"):
        raise UsageError(f"{name}: wanted a file, a folder or s3://bucket/key, found {scheme}://")
    return scheme == "s3" and bool(separator)


def _local(name: str) -> list[Given]:
    path = Path(name.removeprefix("file://")).expanduser()
    try:
        if path.is_dir():
            paths = sorted(
                one for one in path.rglob("*") if one.name.endswith(SUFFIXES) and one.is_file()
            )
        else:
            path.stat()
            paths = [path]
        if not paths:
            raise UsageError(f"{name}: wanted {', '.join(SUFFIXES)} files, found none")
        return [
            Given(name=str(one), size_bytes=one.stat().st_size, chunks=partial(_read, one))
            for one in paths
        ]
    except OSError as error:
        raise UsageError(f"{name}: wanted a WARC file, found: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise UsageError(f"{name!r}: wanted a WARC file, found: {error}") from error


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_LOCAL_BYTES):
                yield chunk
    except OSError as error:
        raise UnreadableError(str(error.strerror or error)) from error


def _remote(name: str) -> list[Given]:
    bucket, _, key = name.removeprefix("s3://").partition("/")
    if not bucket or "@" in bucket:
        raise UsageError("wanted s3://bucket/key, found no bucket or a name with '@' in it")
    place = open_archive(f"s3://{bucket}")
    found = _objects(place, key)
    if not found:
        raise UsageError(f"{name}: wanted a WARC file or {', '.join(SUFFIXES)} below, found none")
    return [
        Given(
            name=f"s3://{bucket}/{one.key}",
            size_bytes=one.size_bytes,
            chunks=partial(_fetched, place, one),
        )
        for one in found
    ]


def _objects(place: Archive, key: str) -> list[Entry]:
    """Return the object of that key, or those below it, or those whose keys begin with it."""
    if key and not key.endswith("/"):
        exact = place.stat(key)
        if exact is not None:
            return [exact]
        key += "/"
    found = [one for one in place.entries(key) if one.key.endswith(SUFFIXES)]
    begins = key.removesuffix("/")
    if found or begins.rpartition("/")[2] == "":
        return found
    return [one for one in place.entries(begins) if one.key.endswith(SUFFIXES)]


def _fetched(place: Archive, entry: Entry) -> Iterator[bytes]:
    offset = 0
    while offset < entry.size_bytes:
        chunk = _range(place, entry, offset)
        if not chunk:
            raise UnreadableError(f"wanted {entry.size_bytes} bytes, found {offset}")
        offset += len(chunk)
        yield chunk


def _range(place: Archive, entry: Entry, offset: int) -> bytes:
    for left in reversed(range(_TRIES)):
        try:
            return place.read_range(entry.key, offset, _REMOTE_BYTES)
        except ArchiveError as error:
            if not left:
                raise UnreadableError(str(error)) from error
    raise AssertionError  # the last try returns or raises
