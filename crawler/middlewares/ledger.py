"""What the next runs should know of this one: who asked to be left alone, and what was asked.

One small file in the spool, shared by all runs of this machine on one archive. It is advice: a file
that is lost, broken or cannot be written costs a request that might have been spared, and no run.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

LONGEST_S: Final = 86_400.0
"""Nobody is left alone for longer, whatever was asked or the file says."""
EVERY_S: Final = 5.0
"""How much of its counts a run that is killed loses at most."""
_WINDOW: Final = 61
"""Minutes that may hold a part of the last sixty."""
_MOST_BYTES: Final = 4 * 2**20


class Ledger:
    """Hosts to be left alone, and requests per outlet and minute.

    Args:
        path: The file; `None` to remember for one run only.
        now: Seconds since 1970.
    """

    def __init__(self, path: Path | None, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self._until: dict[str, float] = {}
        self._spent: dict[str, Counter[int]] = {}
        self._told: dict[str, float] = {}
        """Host -> what this run has to say of it; 0 for one that may be asked again."""
        self._fresh: dict[str, Counter[int]] = {}
        """What the file does not have yet."""
        self._flushed = monotonic()
        if path is not None:
            self._until, self._spent = _read(path, now())

    def wait_s(self, host: str) -> float:
        """Return for how long a host is to be left alone, 0 if it may be asked."""
        return max(0.0, min(self._until.get(host, 0.0) - self._now(), LONGEST_S))

    def leave_alone(self, host: str, wait_s: float) -> None:
        """Let nobody ask a host for a while; a longer wait that was noted before stays."""
        until = self._now() + min(wait_s, LONGEST_S)
        if until > self._until.get(host, 0.0):
            self._until[host] = self._told[host] = until
            self.flush()

    def may_ask(self, host: str) -> None:
        """Forget that a host was to be left alone: it gave an answer."""
        if self._until.pop(host, None) is not None:
            self._told[host] = 0.0
            self.flush()

    def count(self, slug: str) -> None:
        """Count one request to an outlet."""
        minute = self._minute()
        self._spent.setdefault(slug, Counter())[minute] += 1
        self._fresh.setdefault(slug, Counter())[minute] += 1
        if monotonic() - self._flushed > EVERY_S:
            self.flush()

    def full_s(self, slug: str, most: int) -> float:
        """Return after how long *most* requests in sixty minutes allow another, 0 if now."""
        spent = _recent(self._spent.get(slug, Counter()), self._minute())
        total = spent.total()
        for minute in sorted(spent):
            if total < most:
                break
            # A whole minute leaves at once: at times fewer than were promised, never more.
            total -= spent[minute]
            free_at = 60.0 * (minute + _WINDOW)
            if total < most:
                return max(0.0, free_at - self._now())
        return 0.0

    def flush(self) -> None:
        """Put down what is new, unless another run is just doing so: then the next time."""
        self._flushed = monotonic()
        if self._path is None or not (self._told or self._fresh):
            return
        with contextlib.suppress(OSError), _lock(self._path.with_suffix(".lock")):
            until, spent = _read(self._path, self._now())
            for host, moment in self._told.items():
                until[host] = max(moment, until.get(host, 0.0)) if moment else 0.0
            for slug, counts in self._fresh.items():
                spent.setdefault(slug, Counter()).update(counts)
            _write(self._path, until, spent, self._now())
            self._until, self._spent = until, spent
            self._told, self._fresh = {}, {}

    def _minute(self) -> int:
        return int(self._now() // 60)


def _recent(counts: Mapping[int, int], minute: int) -> Counter[int]:
    """Keep the minutes of the last hour; one in the future is a clock that was set back."""
    return Counter({one: n for one, n in counts.items() if 0 <= minute - one < _WINDOW})


def _read(path: Path, now: float) -> tuple[dict[str, float], dict[str, Counter[int]]]:
    """Read what earlier runs left; whatever is not as it was written counts as nothing."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
        until = {str(host): float(moment) for host, moment in found["until"].items()}
        spent = {
            str(slug): Counter({int(minute): int(count) for minute, count in counts.items()})
            for slug, counts in found["spent"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, {}
    most = now + LONGEST_S
    until = {host: min(one, most) for host, one in until.items() if one > now}
    return until, {slug: _recent(counts, int(now // 60)) for slug, counts in spent.items()}


def _write(
    path: Path, until: Mapping[str, float], spent: Mapping[str, Mapping[int, int]], now: float
) -> None:
    found: dict[str, Any] = {
        "until": {host: moment for host, moment in until.items() if moment > now},
        "spent": {slug: recent for slug, counts in spent.items() if (recent := dict(counts))},
    }
    staged = path.with_suffix(".tmp")
    staged.write_text(json.dumps(found))
    staged.replace(path)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold the file's lock, or raise `OSError` at once where another run does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
