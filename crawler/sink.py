"""What becomes of each page: process it in the pool, tell the run, keep the count.

Every page ends here as exactly one `Outcome`, counted once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.fate import MOVED, fate_of, is_moved
from pipelines.records import Article, Capture, Outcome, Page, Reason, Rejected
from pipelines.wordpress import posts_of

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from crawler.job import Job
    from crawler.parts import Joined
    from pipelines.outlets import Outlet


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one page ended, before its commit decides between new, changed and unchanged."""

    url: str
    """As asked for."""
    outlet: str
    outcome: Outcome
    reason: str | None = None
    detail: str | None = None
    capture: Capture | None = None
    article: Article | None = None
    is_item: bool = False
    """One of several that came in one answer."""


class Sink:
    """Takes pages of a `Job` to their end."""

    def __init__(self, job: Job) -> None:
        self.job = job

    async def take(
        self,
        page: Page,
        outlet: Outlet,
        capture: Capture | None,
        *,
        parts: Sequence[Capture] = (),
        refused: Reason | None = None,
    ) -> Result:
        """Settle a page that was answered.

        Args:
            page: With its further parts, if it has any.
            outlet: Whose.
            capture: As stored; `None` where nothing is.
            parts: The captures of the further parts, in order.
            refused: Why it may not be kept.
        """
        result = await self._judge(page, outlet, capture, parts, refused)
        self.job.record(result)
        return result

    async def take_items(
        self,
        page: Page,
        outlet: Outlet,
        capture: Capture | None,
        *,
        wanted: Container[str],
    ) -> None:
        """Settle an answer of WordPress's API that holds whole posts.

        Args:
            page: The answer.
            outlet: Whose.
            capture: As stored; `None` where nothing is.
            wanted: Ids of the posts that count.
        """
        made: list[tuple[str, Article]] = []
        for item, post in await asyncio.to_thread(posts_of, page):
            if item not in wanted:
                continue
            result = await self._item(post, item, outlet, capture)
            if result.article is not None:
                made.append((item, result.article))
            self.job.record(result)
        if capture is not None:
            self.job.settle(capture, made)

    async def _item(self, post: Page, item: str, outlet: Outlet, capture: Capture | None) -> Result:
        found = await self._made(post, outlet)
        result = Result(
            url=f"{post.final_url}#{item}",
            outlet=outlet.slug,
            outcome=Outcome.ARTICLE,
            capture=capture,
            is_item=True,
        )
        if isinstance(found, Article):
            return replace(result, url=found.url, article=found)
        if isinstance(found, Rejected):
            reason, detail = str(found.reason), found.detail
            return replace(result, outcome=Outcome.REJECTED, reason=reason, detail=detail)
        return replace(result, outcome=Outcome.ERROR, reason=found, detail=found)

    def fail(self, page: Page, outlet: Outlet, capture: Capture | None, found: Joined) -> Result:
        """Settle a page one of whose further parts is missing."""
        result = self._settled(
            page,
            outlet,
            capture,
            Outcome.ERROR,
            parts=found.captures,
            reason=found.reason,
            detail=found.detail,
        )
        self.job.record(result)
        return result

    def refuse(
        self, url: str, outlet: Outlet, outcome: Outcome, reason: str, detail: str
    ) -> Result:
        """Settle a URL that was never answered, or never asked."""
        result = Result(url=url, outlet=outlet.slug, outcome=outcome, reason=reason, detail=detail)
        self.job.record(result)
        return result

    async def _judge(
        self,
        page: Page,
        outlet: Outlet,
        capture: Capture | None,
        parts: Sequence[Capture],
        refused: Reason | None,
    ) -> Result:
        if refused is not None:
            wanted = (
                f"an address of {outlet.slug}, found {page.final_url}"
                if refused is Reason.ADDRESS
                else "a page that may be archived, found noarchive"
            )
            return Result(
                url=page.url,
                outlet=outlet.slug,
                outcome=Outcome.REJECTED,
                reason=refused,
                detail=f"wanted {wanted}",
            )
        known = self.job.known(page.url)
        identifier = known.article_id if known else None
        fate = fate_of(page.status, article_id=identifier)
        if fate is not None:
            outcome, reason = fate
            stored = capture or self.job.store_now(page, outlet)
            return self._settled(
                page, outlet, stored, outcome, reason=reason, article_id=identifier
            )
        if identifier and outlet.articles.content == "wordpress":
            # Its text comes from the API; the page says only whether it is still there.
            return self._settled(page, outlet, capture, Outcome.UNCHANGED, article_id=identifier)
        is_same = known is not None and not page.parts and self.job.is_revisit(page, known)
        if known is not None and capture is not None and is_same:
            again = await self.job.reread(known, outlet)
            if again is not None:
                result = self._settled(
                    page, outlet, capture, Outcome.UNCHANGED, article_id=known.article_id
                )
                return replace(result, article=again if isinstance(again, Article) else None)
            # What it repeats is not there any more: this answer is kept whole.
            self.job.settle(capture, Outcome.UNCHANGED, article_id=known.article_id)
            capture = self.job.store_now(page, outlet)
        made = await self._made(page, outlet)
        return self._as_made(page, outlet, capture, made, parts=parts, identifier=identifier)

    def _as_made(
        self,
        page: Page,
        outlet: Outlet,
        capture: Capture | None,
        made: Article | Rejected | str,
        *,
        parts: Sequence[Capture],
        identifier: str | None,
    ) -> Result:
        """Settle a page by what `process` made of it."""
        if isinstance(made, str):
            return self._settled(page, outlet, capture, Outcome.ERROR, parts=parts, reason=made)
        if is_moved(page, made, article_id=identifier):
            return self._settled(
                page, outlet, capture, Outcome.GONE, reason=MOVED, article_id=identifier
            )
        if isinstance(made, Rejected):
            return self._settled(
                page,
                outlet,
                capture,
                Outcome.REJECTED,
                parts=parts,
                reason=made.reason,
                detail=made.detail,
            )
        if capture is not None:
            self.job.settle(capture, made, parts=parts)
        return Result(
            url=page.url,
            outlet=outlet.slug,
            outcome=Outcome.ARTICLE,
            capture=capture,
            article=made,
        )

    async def _made(self, page: Page, outlet: Outlet) -> Article | Rejected | str:
        """Process a page; the name of a bug that it met must not end the crawl."""
        try:
            return await self.job.pool.process(page, outlet)
        except Exception as error:  # noqa: BLE001  whatever the bug is
            _log.exception("%s: cannot be processed", page.url)
            return type(error).__name__

    def _settled(
        self,
        page: Page,
        outlet: Outlet,
        capture: Capture | None,
        outcome: Outcome,
        *,
        parts: Sequence[Capture] = (),
        reason: str | None = None,
        detail: str | None = None,
        article_id: str | None = None,
    ) -> Result:
        if capture is not None:
            self.job.settle(capture, outcome, parts=parts, reason=reason, article_id=article_id)
        return Result(
            url=page.url,
            outlet=outlet.slug,
            outcome=outcome,
            reason=reason,
            detail=detail or reason,
            capture=capture,
        )
