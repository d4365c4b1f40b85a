"""What an installation needs, checked one by one, each fault with how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import crawler
import pipelines
from pipelines.errors import ArchiveError, KlipingError, UsageError
from pipelines.store.archive import open_archive
from pipelines.store.config import load_registry, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_PACKAGES = ("scrapy", "trafilatura", "pyarrow", "langdetect", "boto3", "deltalake", "duckdb")
_FREE_BYTES = 2**30
_PRECEDENCE = (2, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    exit_code: int = 1


def examine(config_dir: Path, archive_uri: str | None) -> list[Check]:
    """Look at everything; a fault in one part hides no other part's."""
    return list(_checks(config_dir, archive_uri))


def exit_code(checks: Iterable[Check]) -> int:
    """Return what the command ends with: of several faults, settings before archive before rest."""
    codes = {one.exit_code for one in checks if not one.ok}
    return next((code for code in _PRECEDENCE if code in codes), max(codes, default=0))


def _checks(config_dir: Path, archive_uri: str | None) -> Iterator[Check]:
    version = sys.version.split()[0]
    yield Check(name="python", ok=sys.version_info >= (3, 11), detail=version)
    yield _one("packages", _packages)
    yield _one("names", _names)
    yield _one("outlets", lambda: f"{len(load_registry(config_dir).all())} files in {config_dir}")
    yield _one("contact", lambda: _contact(config_dir))
    yield _one("archive", lambda: _archive(config_dir, archive_uri))
    yield _one("spool", lambda: _spool(config_dir, archive_uri))


def _one(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, detail=look())
    except KlipingError as error:
        return Check(name=name, ok=False, detail=str(error), exit_code=error.exit_code)


def _packages() -> str:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            raise KlipingError(f"wanted {name}, found nothing; run make .venv/.ready") from None
    return ", ".join(found)


def _names() -> str:
    """Both packages have generic names, so another installation could shadow one of them."""
    homes = {Path(one.__file__ or "").resolve().parent.parent for one in (crawler, pipelines)}
    if len(homes) != 1:
        raise KlipingError(
            f"wanted crawler and pipelines from one place, found {', '.join(map(str, homes))}"
        )
    return f"crawler and pipelines are {homes.pop()}"


def _contact(config_dir: Path) -> str:
    contact = load_settings(config_dir).contact or os.environ.get("KLIPING_CONTACT")
    if not contact:
        raise UsageError(
            f"wanted a contact address, found nothing; set it in {config_dir / 'kliping.toml'}"
        )
    return contact


def _archive(config_dir: Path, uri: str | None) -> str:
    archive = open_archive(uri or load_settings(config_dir).archive)
    archive.check()
    return f"{archive.uri} can be reached"


def _spool(config_dir: Path, uri: str | None) -> str:
    spool = open_archive(uri or load_settings(config_dir).archive).spool
    try:
        spool.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=spool):
            free = shutil.disk_usage(spool).free
    except OSError as error:
        raise ArchiveError(f"{spool}: wanted a writable folder, found: {error.strerror}") from error
    if free < _FREE_BYTES:
        raise ArchiveError(f"{spool}: wanted 1 GiB free, found {free // 2**20} MiB")
    return f"{spool}, {free // 2**30} GiB free"
