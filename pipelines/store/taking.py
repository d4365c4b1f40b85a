"""Pages that were fetched elsewhere -> captures and articles, or the counts of what they would be.

`Taking` stores, `Rehearsal` only counts; both are told what to take and say what they have taken
since the last commit.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.records import Article, Capture, Outcome, Rejected
from pipelines.store.archive import MissingError
from pipelines.store.commit import Run, counts_of, stored_page
from pipelines.store.preview import preview
from pipelines.store.warc import NoPageError
from pipelines.urls import url_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from datetime import datetime

    from pipelines.outlets import Outlet
    from pipelines.records import Page
    from pipelines.store.archive import Archive
    from pipelines.store.commit import Row
    from pipelines.store.number import OutletOf

    Submit = Callable[[Page, Outlet], Future[Article | Rejected]]

COMMITTED = 4_000
"""Pages per commit: few, large commits, yet bounded memory."""
_COMMITTED_LETTERS = 64 * 2**20
"""Of the bodies in a commit."""
_FAULTS = 20
"""Lines that are kept."""


@dataclass(slots=True, kw_only=True)
class Before:
    """A capture of an address: in the archive, or taken since the last commit."""

    fetched_at: datetime
    digest: str
    article_id: str | None
    """`None` where it was no article, or where that is not known yet."""
    capture: Capture | None
    """`None` where nothing is stored."""


@dataclass(slots=True)
class Tally:
    """What became of one outlet's records."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Of what was rejected or met a bug."""
    skips: Counter[str] = field(default_factory=Counter)


class Rehearsal:
    """Takes pages without storing anything.

    Args:
        archive: What pages are compared with.
        outlet_of: Slug -> today's rules.
        submit: Starts `process` on a page.
        ahead: How many pages may be under way.
    """

    def __init__(
        self, archive: Archive, outlet_of: OutletOf, submit: Submit, *, ahead: int
    ) -> None:
        self._archive = archive
        self._outlet_of = outlet_of
        self._submit = submit
        self._ahead = ahead
        self._under_way: deque[tuple[Before, Page, Outlet, Future[Article | Rejected]]] = deque()
        self._fresh: dict[tuple[str, int], list[Before]] = defaultdict(list)
        self._committed: dict[tuple[str, int], list[Before]] = {}
        self._made: list[Article] = []
        self._newest: dict[str, tuple[datetime, str]] = {}
        """Article -> newest fetch and its `content_hash`."""
        self._since = 0
        self._letters = 0
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self.faults: list[str] = []

    def count(self, outlet: Outlet, what: str, reason: str | None = None) -> None:
        """Count one record."""
        tally = self.tallies[outlet.slug]
        tally.counts[what] += 1
        if reason is not None:
            (tally.skips if what == "skipped" else tally.reasons)[str(reason)] += 1

    def kept(self) -> int:
        """Return how many pages were taken so far."""
        return sum(tally.counts["kept"] for tally in self.tallies.values())

    def looks_up(self) -> None:
        """Let go of what is committed: the archive is about to be asked."""
        self._committed = {}

    def taken(self, outlet: Outlet, url: str) -> list[Before]:
        """Return what was taken of an address that the archive did not know when it was asked."""
        key = outlet.slug, url_key(url)
        return [*self._committed.get(key, ()), *self._fresh.get(key, ())]

    def settled(self, before: Before) -> str | None:
        """Return the article that a capture gave, `None` if it gave none."""
        if before.article_id is None and any(one[0] is before for one in self._under_way):
            self._settle(down_to=0)
        return before.article_id

    def page_of(self, before: Before) -> Page | None:
        """Return the page of a capture; `None` if its bytes are not there."""
        if before.capture is None:
            return None
        try:
            return stored_page(self._archive, before.capture)
        except (MissingError, NoPageError):
            return None

    def take(self, page: Page, outlet: Outlet, digest: str) -> None:
        """Take a page whose bytes are there."""
        before = self._before(page, outlet, digest, None)
        self._under_way.append((before, page, outlet, self._submit(page, outlet)))
        self._settle(down_to=self._ahead)
        self._went_on()

    def repeat(self, page: Page, outlet: Outlet, origin: Before, holder: Capture | None) -> None:
        """Take a page that is to the byte what its article was before; *holder* has the bytes."""
        before = self._before(page, outlet, origin.digest, holder)
        before.article_id = origin.article_id
        self.count(outlet, "unchanged")
        self._repeated(before)
        self._went_on()

    def commit(self) -> None:
        """End what is under way and count what it gave."""
        self._settle(down_to=0)
        rows = preview(self._archive, self._made, outlet_of=self._outlet_of, by_clock=True)
        for row, article in zip(rows, sorted(self._made, key=_fetched_at), strict=True):
            self._number(article, row)
        self._made, self._since, self._letters = [], 0, 0

    def finish(self) -> None:
        """End."""
        self.commit()

    def close(self) -> None:
        """Let go of everything."""

    def _before(self, page: Page, outlet: Outlet, digest: str, refers_to: Capture | None) -> Before:
        found = Before(
            fetched_at=page.fetched_at,
            digest=digest,
            article_id=None,
            capture=self._stored(page, outlet, refers_to),
        )
        self._fresh[outlet.slug, url_key(page.url)].append(found)
        self.count(outlet, "kept")
        return found

    def _went_on(self) -> None:
        self._since += 1
        if self._since >= COMMITTED or self._letters >= _COMMITTED_LETTERS:
            self.commit()

    def _settle(self, *, down_to: int) -> None:
        """Wait until no more pages than that are under way."""
        while len(self._under_way) > down_to:
            before, page, outlet, future = self._under_way.popleft()
            try:
                made = future.result()
            except Exception as error:  # noqa: BLE001  whatever the bug is
                # One page that trips a bug must not end an import.
                if len(self.faults) < _FAULTS:
                    self.faults.append(f"{page.url}: cannot be processed: {type(error).__name__}")
                self.count(outlet, "errors", type(error).__name__)
                self._ended(before, Outcome.ERROR, type(error).__name__)
                continue
            if isinstance(made, Article):
                before.article_id = made.article_id
                self._letters += len(made.body)
            else:
                self.count(outlet, "rejected", made.reason)
            self._ended(before, made, None)

    def _number(self, article: Article, row: Row) -> None:
        status: str = row.status
        now = article.fetched_at, article.content_hash
        newest = self._newest.setdefault(article.article_id, now)
        if status != "unchanged" and newest is not now:
            status = "changed" if now > newest and now[1] != newest[1] else "unchanged"
        self._newest[article.article_id] = max(newest, now)
        self.count(self._outlet_of(article.outlet), status)

    # What storing adds.

    def _stored(self, page: Page, outlet: Outlet, refers_to: Capture | None) -> Capture | None:  # noqa: ARG002  for `Taking`
        return None

    def _repeated(self, before: Before) -> None:
        pass

    def _ended(
        self,
        before: Before,  # noqa: ARG002  as above
        made: Article | Rejected | Outcome,
        reason: str | None,  # noqa: ARG002  as above
    ) -> None:
        if isinstance(made, Article):
            self._made.append(made)


class Taking(Rehearsal):
    """Takes pages into the archive; what it takes is in the spool at once.

    Args:
        archive: Where to.
        outlet_of: Slug -> today's rules.
        submit: Starts `process` on a page.
        ahead: How many pages may be under way.
        command: What the run is called in `runs`.
    """

    def __init__(
        self, archive: Archive, outlet_of: OutletOf, submit: Submit, *, ahead: int, command: str
    ) -> None:
        super().__init__(archive, outlet_of, submit, ahead=ahead)
        self._run = Run(archive, command=command, outlet_of=outlet_of, by_clock=True)
        self._repeats: set[str] = set()
        """Captures that are counted already."""

    def page_of(self, before: Before) -> Page | None:
        """Return the page of a capture, as in the archive, which must have it first."""
        if before.capture is not None and before.capture.outcome is None:
            self.commit()
        return super().page_of(before)

    def commit(self) -> None:
        """Get everything taken so far into the archive, and count what became of it."""
        self._settle(down_to=0)
        for row in self._run.commit(everything=True):
            if row.capture_id not in self._repeats:
                self.count(self._outlet_of(row.outlet), row.status)
        for key, some in self._fresh.items():
            self._committed.setdefault(key, []).extend(some)
        self._fresh.clear()
        self._repeats.clear()
        self._since = self._letters = 0

    def finish(self) -> None:
        """Commit what is left and write the rows of `runs`."""
        self.commit()
        self._run.finish(
            {slug: counts_of(tally.counts, tally.reasons) for slug, tally in self.tallies.items()}
        )

    def close(self) -> None:
        """Stop; what was not committed stays in the spool, for recovery."""
        self._run.close()

    def _stored(self, page: Page, outlet: Outlet, refers_to: Capture | None) -> Capture | None:
        return self._run.store(page, outlet, refers_to=refers_to)

    def _repeated(self, before: Before) -> None:
        if before.capture is None:
            raise AssertionError  # what is stored has one
        capture_id = before.capture.capture_id
        self._repeats.add(capture_id)
        self._run.settle(capture_id, Outcome.UNCHANGED, article_id=before.article_id)

    def _ended(
        self, before: Before, made: Article | Rejected | Outcome, reason: str | None
    ) -> None:
        if before.capture is not None:
            self._run.settle(before.capture.capture_id, made, reason=reason)


def _fetched_at(article: Article) -> datetime:
    return article.fetched_at
