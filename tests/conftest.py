"""Fixtures that all tests share: a real S3 server, and an archive of either kind."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from pipelines.store.archive import open_archive
from tests.servers import Seaweed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.store.archive import Archive


@pytest.fixture(scope="session")
def seaweed() -> Iterator[Seaweed]:
    """Run one S3 server for this test process; take a `Seaweed()` of your own to kill one."""
    with Seaweed() as server:
        yield server


@pytest.fixture
def s3_env(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Seaweed:
    """Let every AWS client of this process find the server, and nothing of this machine's user."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in seaweed.environment().items():
        monkeypatch.setenv(name, value)
    return seaweed


@pytest.fixture
def bucket(s3_env: Seaweed) -> str:
    """Name a bucket that nobody used before."""
    return s3_env.bucket()


@pytest.fixture(params=["folder", "s3"])
def archive_uri(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Name an empty archive, in a folder and in a bucket."""
    if request.param == "folder":
        monkeypatch.delenv("KLIPING_SPOOL", raising=False)
        return str(tmp_path / "archive")
    monkeypatch.setenv("KLIPING_SPOOL", str(tmp_path / "spool"))
    return f"s3://{request.getfixturevalue('bucket')}/kliping"


@pytest.fixture
def archive(archive_uri: str) -> Iterator[Archive]:
    """Open an empty archive of each kind."""
    with closing(open_archive(archive_uri)) as opened:
        yield opened
