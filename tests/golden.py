"""The gold pages that the gold tests share, and how they are read with the outlet files."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.store.config import load_registry

if TYPE_CHECKING:
    from pipelines.outlets import Outlet

ROOT = Path(__file__).parents[1]
GOLD = Path(os.environ.get("GOLD", ROOT.parent / "shared" / "gold"))
MARKS = [
    pytest.mark.gold,
    pytest.mark.skipif(not (GOLD / "id").is_dir(), reason=f"no gold pages at {GOLD}"),
]


@cache
def from_file(url: str) -> Outlet:
    """Return the outlet of an address, as the repository's files say."""
    return load_registry(ROOT / "config").for_url(url)
