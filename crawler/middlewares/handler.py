"""So many requests at once to all hosts together, of which a silent host takes none for long.

Scrapy's own limit counts requests from the moment they are queued: those that wait for a host's
delay, for its pause or for an answer that never comes then keep all other hosts waiting. Here only
those count that are under way, and each for a few seconds only: after that it costs a socket.
"""

from __future__ import annotations

import asyncio
import contextlib
from time import monotonic
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler  # noqa: TC002  the dictionary below names it

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy import Request
    from scrapy.http import Response

PATIENCE_S: Final = 3.0
"""How long a request that is under way counts."""
_LOOK_S: Final = 0.2
"""How often it is looked whether there is room again."""


class Places:
    """The requests that may be under way at once, http and https together."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._sent: dict[str, float] = {}

    @contextlib.asynccontextmanager
    async def one(self, has_room: Callable[[], bool]) -> AsyncIterator[None]:
        """Wait for a place, and give it back at the end or after `PATIENCE_S`.

        Args:
            has_room: Whether its answer could be worked on; nobody holds a place to wait for that.
        """
        await self._free.acquire()
        while not has_room():
            self._free.release()
            await asyncio.sleep(_LOOK_S)
            await self._free.acquire()
        held = [self._free]

        def release() -> None:
            while held:
                held.pop().release()

        patience = asyncio.get_running_loop().call_later(PATIENCE_S, release)
        try:
            yield
        finally:
            patience.cancel()
            release()

    async def spaced(self, host: str, delay_s: float) -> None:
        """Keep a host's delay also between requests that waited for their places together."""
        now = monotonic()
        at = max(now, self._sent.get(host, -delay_s) + delay_s)
        self._sent[host] = at
        if at > now:
            await asyncio.sleep(at - now)


_places: WeakKeyDictionary[Crawler, Places] = WeakKeyDictionary()


class PlacedHandler(HTTP11DownloadHandler):
    """Scrapy's handler, as soon as there is a place."""

    async def download_request(self, request: Request) -> Response:
        """Send *request* and wait for its answer."""
        downloader = self.crawler.engine.downloader
        places = _places.get(self.crawler)
        if places is None:
            most = self.crawler.settings.getint("TRANSFERS")
            places = _places.setdefault(self.crawler, Places(most))
        # Parts belong to pages that are being worked on: they make room. So may robots.txt.
        is_free = request.meta.get("robots") or request.meta.get("role") == "part"
        async with places.one(_always if is_free else self._has_room):
            host = request.meta["download_slot"]
            await places.spaced(host, downloader.slots[host].delay)
            return await super().download_request(request)

    def _has_room(self) -> bool:
        """Tell whether fewer bytes wait for extraction than Scrapy lets wait."""
        slot = self.crawler.engine.scraper.slot
        return slot is None or not slot.needs_backout()


def _always() -> bool:
    return True
