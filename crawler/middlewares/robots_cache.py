"""Keeps robots.txt answers between runs, as RFC 9309, 2.4 allows: a day at most.

One small file per origin: a line of JSON, then the bytes as they were read. Whatever is not as it
was written counts as not there; a folder that cannot be written keeps nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST_S: Final = 86_400.0
"""Nothing older is used (RFC 9309, 2.4)."""
UNSTATED_S: Final = 43_200.0
"""How long an answer holds that does not say it."""
_HEAD_BYTES: Final = 4_096
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NO_STORE = re.compile(r"(?:^|[\s,])no-store\b", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])no-cache\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kept:
    """What an origin said."""

    text: bytes
    """Its robots.txt; empty where there is none."""
    is_fresh: bool
    """Whether it need not be asked again."""


class RobotsCache:
    """A folder of answers.

    Args:
        folder: Made when the first answer is kept.
        most_bytes: Largest text that is kept or read.
        now: Seconds since 1970.
    """

    def __init__(
        self, folder: Path, *, most_bytes: int, now: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._now = now

    def get(self, origin: str) -> Kept | None:
        """Return what an origin said in the last day."""
        try:
            with self._path(origin).open("rb") as file:
                data = file.read(_HEAD_BYTES + self._most_bytes + 1)
            head, _, text = data.partition(b"\n")
            found = json.loads(head[:_HEAD_BYTES])
            age = self._now() - float(found["read_at"])
            is_whole = found["origin"] == origin and found["digest"] == _digest(text)
            lifetime = float(found["lifetime_s"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if not is_whole or not 0 <= age < LONGEST_S:
            return None
        return Kept(text, age < lifetime)

    def put(self, origin: str, text: bytes, lifetime_s: float) -> None:
        """Keep what an origin said; a lifetime of 0 serves only while it cannot be asked."""
        text = text[: self._most_bytes]
        head = {
            "origin": origin,
            "read_at": self._now(),
            "lifetime_s": lifetime_s,
            "digest": _digest(text),
        }
        path = self._path(origin)
        # Of this process alone: two runs may write at once, and the last one wins.
        staged = path.with_suffix(f".{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(json.dumps(head).encode() + b"\n" + text)
            staged.replace(path)

    def _path(self, origin: str) -> Path:
        return self._folder / f"{_digest(origin.encode())}.robots"


def lifetime_s(cache_control: str | None, age: str | None = None) -> float | None:
    """Return for how long an answer holds, from its Cache-Control and Age (RFC 9111, 4.2).

    Returns:
        `None` for one that must not be kept at all.

    >>> lifetime_s("public, max-age=600", "100"), lifetime_s("no-cache"), lifetime_s(None)
    (500.0, 0.0, 43200.0)
    """
    said = cache_control or ""
    if _NO_STORE.search(said):
        return None
    if _NO_CACHE.search(said):
        return 0.0
    found = _MAX_AGE.search(said)
    if found is None:
        return UNSTATED_S
    old = float(age[:9]) if age and age.isascii() and age.isdigit() else 0.0
    return max(0.0, min(float(found[1]), LONGEST_S) - old)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
