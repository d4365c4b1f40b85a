"""Whether an outlet's ETags and Last-Modified tell the truth, and what to ask with.

Enters what consecutive answers for an article said and whether it had changed in between; leaves
which of the two goes into a conditional request (RFC 9110, 13), and when to ask without any. A
validator that stands still over an edit hides that edit for good: one such case is enough to do
without it. One that moves without an edit costs the transfer and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.records import Capture

PROVEN: Final = 3
"""Edits seen with a new validator, and none without, from which on it is believed."""
_SECOND: Final = 2
"""Until then every second look is unconditional: of three hidden edits at least one shows."""
_EIGHTH: Final = 8
"""From then on, beside each article's last look: outlets change their servers."""
_RESTLESS: Final = 0.8
"""Share of looks without an edit at which a validator moved, from which on it is of no use."""
_ENOUGH: Final = 5
"""Looks of which that share says something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How one validator behaved between consecutive answers that both carried it."""

    edits: int = 0
    """How often the article had been edited in between."""
    hidden: int = 0
    """How often of these it stood still."""
    looks: int = 0
    """How often the article was the same."""
    moved: int = 0
    """How often of these it changed."""

    @property
    def is_lying(self) -> bool:
        """Tell whether an edit was hidden behind it."""
        return self.hidden > 0

    @property
    def is_proven(self) -> bool:
        """Tell whether it showed edits often enough to be believed."""
        return not self.is_lying and self.edits >= PROVEN

    @property
    def is_restless(self) -> bool:
        """Tell whether it changes by rule although nothing else does."""
        return self.looks >= _ENOUGH and self.moved >= _RESTLESS * self.looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """How an outlet's validators behaved of late."""

    etag: Conduct = Conduct()
    last_modified: Conduct = Conduct()

    @property
    def asks_etag(self) -> bool:
        """Tell whether the ETag is asked with.

        A server that gets both looks at the ETag alone (RFC 9110, 13.1.3), so one that always
        moves is left out where Last-Modified can do its work.
        """
        return not self.etag.is_lying and not (self.etag.is_restless and self._can_date)

    @property
    def asks_last_modified(self) -> bool:
        """Tell whether Last-Modified is asked with."""
        return not self.last_modified.is_lying

    @property
    def _can_date(self) -> bool:
        dated = self.last_modified
        return dated.looks >= _ENOUGH and not (dated.is_lying or dated.is_restless)

    def condition(self, known: Capture) -> Capture:
        """Return a capture with no validator but those to ask with."""
        return replace(
            known,
            etag=known.etag if self.asks_etag else None,
            last_modified=known.last_modified if self.asks_last_modified else None,
        )

    def is_whole(self, article_id: str, checks: int, *, is_last: bool) -> bool:
        """Tell whether a look asks for the whole page, whatever its validators.

        Args:
            article_id: Spreads such looks over articles and ages; the same at every start.
            checks: Looks so far, the first fetch not counted.
            is_last: Whether no further look is planned: what was hidden shows now or never.
        """
        used = self.etag if self.asks_etag and self.etag.looks else self.last_modified
        every = _EIGHTH if used.is_proven else _SECOND
        return is_last or (int(article_id[:8], 16) + checks) % every == 0

    def noticed(self) -> str | None:
        """Say in one line what was wrong with either; `None` if nothing was."""
        said = [
            *_noticed("ETag", self.etag, is_asked=self.asks_etag),
            *_noticed("Last-Modified", self.last_modified, is_asked=self.asks_last_modified),
        ]
        return "; ".join(said) or None


def whole(known: Capture) -> Capture:
    """Return a capture without any validator, so that the page is asked for unconditionally."""
    return replace(known, etag=None, last_modified=None)


def _noticed(name: str, found: Conduct, *, is_asked: bool) -> Iterator[str]:
    then = "asked with all the same" if is_asked else "not asked with any more"
    if found.is_lying:
        yield f"{name}: stood still over {found.hidden} of {found.edits} edits, {then}"
    elif found.is_restless:
        yield f"{name}: moved in {found.moved} of {found.looks} looks without an edit, {then}"
