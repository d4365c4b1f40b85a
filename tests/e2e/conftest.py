"""Fixtures for tests against real servers that Debian packages bring."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crawler.conftest import Kliping
from tests.e2e.wordpress.site import WordPress, missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send all tests of the one WordPress to one worker, and mark what they need."""
    for item in items:
        if "wordpress" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.debian)
            item.add_marker(pytest.mark.xdist_group("wordpress"))


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPress]:
    """Run a WordPress with 300 posts of Indonesian prose; a test leaves it as it found it."""
    lacking = missing()
    if lacking:
        reason = f"wanted Debian's WordPress (.ci/debian.sh installs it), found no {lacking[0]}"
        if os.environ.get("KLIPING_REQUIRE_DEBIAN") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with WordPress() as site:
        yield site


def kliping_of(folder: Path, outlet: str, archive: str) -> Kliping:
    """Return the command with one outlet, `wp`, and the repository's family `wordpress`."""
    config = folder / "config"
    families = config / "outlets" / "families"
    families.mkdir(parents=True)
    (config / "kliping.toml").write_text("")
    source = Kliping.root() / "config" / "outlets" / "families" / "wordpress.toml"
    (families / "wordpress.toml").write_text(source.read_text())
    (config / "outlets" / "wp.toml").write_text(outlet)
    return Kliping(config, archive, {"KLIPING_CONFIG": str(config), "KLIPING_ARCHIVE": archive})
