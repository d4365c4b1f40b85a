"""Which revision and extraction an article gets, given what the table holds of it.

A revision is an edit by the outlet: the new page and the previous one, under the same rules, differ
in title or body. Where the rules changed in between, the previous page is read from its WARC and
processed by today's. An extraction is what newer rules read differently. Everything else gets no
row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import pyarrow.compute as pc

from pipelines.errors import UsageError
from pipelines.outlets import Outlet, generic_outlet
from pipelines.records import Article, Capture, Outcome, Page, Rejected
from pipelines.store.archive import MissingError
from pipelines.store.segment import capture_from, capture_id_of
from pipelines.store.tables import ARTICLES, load, rows
from pipelines.store.warc import NoPageError, read_record
from pipelines.urls import article_id, url_key

if TYPE_CHECKING:
    from datetime import datetime

    from deltalake import DeltaTable

    from pipelines.store.archive import Archive

Status = Literal["new", "changed", "unchanged", "extracted"]
Process = Callable[[Page, Outlet], Article | Rejected]
OutletOf = Callable[[str], Outlet]
"""Slug -> outlet; raises `KeyError` or `UsageError` where there is no such file."""
Numbered = dict[str, Any]
"""A row of `articles`."""

ANSWERED = (Outcome.ARTICLE, Outcome.UNCHANGED, Outcome.REJECTED, Outcome.GONE)
"""Outcomes of a capture that say something of its page."""
SUPERSEDED = "superseded"
"""Reason of a capture that is older than what the archive got while it was on its way."""

_RULES = ("extractor", "rules_digest")
_NOT_EXTRACTED = {
    *("article_id", "revision", "extraction", "commit_id", "outlet", "year", "requested_url"),
    *("fetched_at", "capture_id", "capture_item", "part_capture_ids", "run_id", "segment"),
    *_RULES,
}
EXTRACTED = tuple(name for name in ARTICLES.names if name not in _NOT_EXTRACTED)
"""The columns that a page and the rules decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article row that waits for its numbers."""

    row: Numbered
    segment: str
    is_extraction: bool
    is_recovered: bool
    began_at_commit: int | None = None
    """The newest `commit_id` when its run began, 0 if there was none; `None` if unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of a draft."""

    draft: Draft
    status: Status
    revision: int
    extraction: int
    row: Numbered | None
    """To append; `None` where nothing is new."""
    previous: Numbered | None
    """The row before it."""
    reason: str | None = None


def history(
    archive: Archive, table: DeltaTable | None, outlet: str, article_ids: Iterable[str]
) -> dict[str, list[Numbered]]:
    """Return all rows of each known article, oldest numbers first."""
    table = table or load(archive, "articles")
    if table is None:
        return {}
    wanted = pc.field("outlet") == outlet
    ids = sorted(set(article_ids))
    # Twice, for most articles of a crawl are new and their bodies need not be looked through.
    known = rows(
        archive,
        "articles",
        columns=["article_id", "commit_id"],
        where=wanted & pc.field("article_id").isin(ids),
        table=table,
    )
    if not known.num_rows:
        return {}
    found = rows(
        archive,
        "articles",
        where=wanted
        & pc.field("commit_id").isin(known["commit_id"].unique())
        & pc.field("article_id").isin(known["article_id"].unique()),
        table=table,
    )
    past = defaultdict(list)
    for row in found.to_pylist():
        past[row["article_id"]].append(row)
    for versions in past.values():
        versions.sort(key=lambda row: (row["revision"], row["extraction"]))
    return dict(past)


def latest_of(
    archive: Archive, outlet_slug: str, article_ids: Iterable[str]
) -> dict[str, Numbered]:
    """Return the newest row of each article that the archive knows."""
    past = history(archive, None, outlet_slug, article_ids)
    return {article_id: versions[-1] for article_id, versions in past.items()}


def capture_by_id(archive: Archive, capture_id: str, outlet_slug: str) -> Capture | None:
    """Return a capture by its id."""
    return captures_by_id(archive, [capture_id], outlet_slug).get(capture_id)


def captures_by_id(
    archive: Archive, capture_ids: Iterable[str], outlet_slug: str
) -> dict[str, Capture]:
    """Return those captures of an outlet that the archive knows."""
    found = rows(
        archive,
        "captures",
        where=(pc.field("outlet") == outlet_slug)
        & pc.field("capture_id").isin(sorted(set(capture_ids))),
    )
    return {row["capture_id"]: capture_from(row) for row in found.to_pylist()}


def last_capture(archive: Archive, url: str, outlet_slug: str) -> Capture | None:
    """Return what an address answered last, as `last_captures` does."""
    return last_captures(archive, [url], outlet_slug).get(url)


def last_captures(
    archive: Archive,
    urls: Iterable[str],
    outlet_slug: str,
    *,
    since: datetime | None = None,
    outcomes: Iterable[Outcome] = ANSWERED,
) -> dict[str, Capture]:
    """Return what each address answered last, as a capture that a revisit can refer to.

    Validators and outcome are the newest capture's; place and identity are those of the capture
    that holds the bytes, for a revisit must not refer to a revisit. The article is the last one
    that was there, whatever was refused since. Sources and errors do not count.

    Args:
        archive: Where.
        urls: As asked for.
        outlet_slug: Whose.
        since: When the oldest capture that matters was taken, which spares reading older ones.
        outcomes: Which captures count.
    """
    wanted = set(urls)
    where = (
        (pc.field("outlet") == outlet_slug)
        & pc.field("url_key").isin(sorted(url_key(url) for url in wanted))
        & pc.field("outcome").isin([str(one) for one in outcomes])
    )
    if since is not None:
        where &= pc.field("fetched_at") >= since
    found = rows(archive, "captures", where=where)
    by_url = defaultdict(list)
    for row in found.to_pylist():
        if row["url"] in wanted:
            by_url[row["url"]].append(capture_from(row))
    return {url: _newest(captures) for url, captures in by_url.items()}


def last_known(archive: Archive, urls: Iterable[str], outlet_slug: str) -> dict[str, Capture]:
    """Return what is known of each canonical URL: its last answer, else that of its article.

    An article may have come from another address (AMP, an item of an API): its capture then carries
    no validator, for that speaks of the other address.
    """
    wanted = set(urls)
    found = last_captures(archive, wanted, outlet_slug)
    missing = {article_id(url): url for url in wanted - found.keys()}
    if not missing:
        return found
    articles = rows(
        archive,
        "articles",
        columns=["article_id", "capture_id", "fetched_at"],
        where=(pc.field("outlet") == outlet_slug) & pc.field("article_id").isin(sorted(missing)),
    ).sort_by("fetched_at")
    newest = {row["article_id"]: row["capture_id"] for row in articles.to_pylist()}
    captures = captures_by_id(archive, newest.values(), outlet_slug)
    for known, capture_id in newest.items():
        if capture_id in captures:
            found[missing[known]] = replace(
                captures[capture_id], article_id=known, etag=None, last_modified=None
            )
    return found


def _newest(captures: list[Capture]) -> Capture:
    captures.sort(key=lambda one: one.fetched_at)
    newest = captures[-1]
    holder = next(one for one in captures if one.digest == newest.digest)
    return replace(
        holder,
        etag=newest.etag,
        last_modified=newest.last_modified,
        outcome=newest.outcome,
        reason=newest.reason,
        article_id=next((one.article_id for one in reversed(captures) if one.article_id), None),
    )


def stored_page(
    archive: Archive,
    capture: Capture,
    *,
    item: str | None = None,
    parts: Sequence[Capture] = (),
) -> Page:
    """Return the page that a row of `articles` was made of.

    Raises:
        MissingError: A WARC file is not there.
        NoPageError: A record was forgotten or is damaged.
    """
    further = tuple(_whole(archive, part) for part in parts)
    return replace(_whole(archive, capture), item=item, parts=further)


def _whole(archive: Archive, capture: Capture) -> Page:
    """Return a capture's page; of a revisit, with the payload that it refers to."""
    record = read_record(archive, capture.warc_file, capture.warc_offset, capture.warc_length)
    page = record.page
    for _ in range(10):
        if not record.is_revisit or record.refers_to is None:
            return replace(page, payload=record.page.payload)
        origin = capture_by_id(archive, capture_id_of(record.refers_to), capture.outlet)
        if origin is None:
            break
        record = read_record(archive, origin.warc_file, origin.warc_offset, origin.warc_length)
    raise NoPageError(f"{archive.uri}/{capture.warc_file}: wanted the page of a revisit")


def captures_of(row: Mapping[str, Any]) -> list[str]:
    """Return the captures of the page that a row was made of, and of its further pages."""
    return [row["capture_id"], *(row["part_capture_ids"] or ())]


def outlet_or_generic(outlet_of: OutletOf, slug: str, url: str) -> Outlet:
    """Return an outlet by its slug, with generic rules where its file is gone."""
    try:
        return outlet_of(slug)
    except (KeyError, UsageError):
        return replace(generic_outlet(url), slug=slug)


class Numbering:
    """Numbers drafts; remembers what it processed, for a conflict asks again.

    Args:
        archive: Where earlier pages are read from.
        outlet_of: Today's rules.
        process: The one path.
    """

    def __init__(self, archive: Archive, outlet_of: OutletOf, process: Process) -> None:
        self._archive = archive
        self._outlet_of = outlet_of
        self._process = process
        self._captures: dict[str, Capture] = {}
        self._again: dict[tuple[str, str | None, bool], Article | None] = {}
        """By capture, item, and whether further parts were joined."""

    def knows(self, captures: Iterable[Mapping[str, Any]]) -> None:
        """Take captures into account that are in no table yet."""
        for row in captures:
            self._captures[row["capture_id"]] = capture_from(row)

    def forget(self) -> None:
        """Let go of what the last commit needed."""
        self._captures.clear()
        self._again.clear()

    def number(
        self, drafts: Iterable[Draft], past: Mapping[str, Sequence[Numbered]], commit_id: int
    ) -> list[Decision]:
        """Decide on *drafts* in the order of their fetching.

        Args:
            drafts: Of one outlet or several.
            past: Article id -> its rows so far, as `history` gives them.
            commit_id: For the new rows.
        """
        versions = {article_id: list(found) for article_id, found in past.items()}
        in_order = sorted(drafts, key=lambda one: one.row["fetched_at"])
        self._look_up(in_order, past)
        decisions = []
        for draft in in_order:
            before = versions.setdefault(draft.row["article_id"], [])
            decision = self._decide(draft, before, commit_id)
            if decision.row is not None:
                before.append(decision.row)
                before.sort(key=lambda row: (row["revision"], row["extraction"]))
            decisions.append(decision)
        return decisions

    def _look_up(self, drafts: Sequence[Draft], past: Mapping[str, Sequence[Numbered]]) -> None:
        """Find at once the captures of all rows that will have to be processed again."""
        wanted = defaultdict(set)
        for draft in drafts:
            for latest in past.get(draft.row["article_id"], ())[-1:]:
                if not draft.is_extraction and not _same_rules(draft.row, latest):
                    wanted[latest["outlet"]].update(captures_of(latest))
        for outlet, capture_ids in wanted.items():
            self._find(capture_ids, outlet)

    def _find(self, capture_ids: Iterable[str], outlet: str) -> None:
        missing = [one for one in capture_ids if one not in self._captures]
        if missing:
            self._captures.update(captures_by_id(self._archive, missing, outlet))

    def _decide(self, draft: Draft, past: Sequence[Numbered], commit_id: int) -> Decision:
        if not past:
            return _numbered(draft, "new", (1, 1), commit_id, year=draft.row["year"])
        row, latest = draft.row, past[-1]
        own = [one for one in past if _source(one) == _source(row)]
        if draft.is_extraction and own:
            return _extracted(draft, past, own[-1], commit_id)
        if row["fetched_at"] < latest["fetched_at"] and _counts_by_clock(draft, past):
            return _unchanged(draft, latest, SUPERSEDED)
        year = past[0]["year"]
        if self._is_edited(row, latest):
            number = latest["revision"] + 1, 1
            return _numbered(draft, "changed", number, commit_id, year=year, previous=latest)
        if not _same_rules(row, latest) and _differ(row, latest):
            number = latest["revision"], latest["extraction"] + 1
            return _numbered(draft, "extracted", number, commit_id, year=year, previous=latest)
        return _unchanged(draft, latest)

    def _is_edited(self, row: Numbered, latest: Numbered) -> bool:
        if (row["capture_item"] is None) != (latest["capture_item"] is None):
            # A page and an item of an API are not read to the same letter: what the outlet says of
            # its change decides.
            return _hash(row) != _hash(latest) and _is_stated_later(row, latest)
        if _same_rules(row, latest):
            return _hash(row) != _hash(latest)
        before = self._processed(latest)
        if before is None:
            return _hash(row) != _hash(latest)
        if row["part_capture_ids"] and not latest["part_capture_ids"]:
            # The rules that join parts came in between: only the first part is in both.
            head = self._processed({**row, "part_capture_ids": []})
            return head is not None and head.content_hash != before.content_hash
        if (before.extractor, before.rules_digest) == (row["extractor"], row["rules_digest"]):
            return _hash(row) != before.content_hash
        after = self._processed(row)
        return (after.content_hash if after else _hash(row)) != before.content_hash

    def _processed(self, row: Numbered) -> Article | None:
        """Process a row's page by today's rules; `None` if it cannot be read or is no article."""
        key = *_source(row), bool(row["part_capture_ids"])
        if key not in self._again:
            self._again[key] = self._process_again(row)
        return self._again[key]

    def _process_again(self, row: Numbered) -> Article | None:
        ids = captures_of(row)
        self._find(ids, row["outlet"])
        if any(one not in self._captures for one in ids):
            return None
        head, *parts = (self._captures[one] for one in ids)
        try:
            page = stored_page(self._archive, head, item=row["capture_item"], parts=parts)
        except (MissingError, NoPageError):
            return None
        found = self._process(page, outlet_or_generic(self._outlet_of, row["outlet"], page.url))
        return found if isinstance(found, Article) else None


def _counts_by_clock(draft: Draft, past: Sequence[Numbered]) -> bool:
    """Tell whether a draft with an earlier time than the newest row was really fetched before it.

    A clock set back must not hide edits: a page that was there when the run began is older than all
    that the run fetched, whatever the clock said then. Its later extractions are no later page.
    """
    if draft.is_recovered or draft.is_extraction:
        return True
    if draft.began_at_commit is None:
        return False
    came = min(one["commit_id"] for one in past if _source(one) == _source(past[-1]))
    return bool(came > draft.began_at_commit)


def _extracted(draft: Draft, past: Sequence[Numbered], own: Numbered, commit_id: int) -> Decision:
    """Decide on a newer extraction of the capture that row *own* was made of."""
    newest = [one for one in past if one["revision"] == own["revision"]][-1]
    if newest["fetched_at"] > own["fetched_at"]:
        # A later capture has spoken for this revision; an older one is not read on top of it.
        return _unchanged(draft, newest)
    if not _differ(draft.row, own):
        return _unchanged(draft, own)
    number = own["revision"], newest["extraction"] + 1
    year = past[0]["year"]
    return _numbered(draft, "extracted", number, commit_id, year=year, previous=own)


def _numbered(
    draft: Draft,
    status: Status,
    number: tuple[int, int],
    commit_id: int,
    *,
    year: int,
    previous: Numbered | None = None,
) -> Decision:
    revision, extraction = number
    row = {
        **draft.row,
        "revision": revision,
        "extraction": extraction,
        "commit_id": commit_id,
        "year": year,
    }
    return Decision(
        draft=draft,
        status=status,
        revision=revision,
        extraction=extraction,
        row=row,
        previous=previous,
    )


def _unchanged(draft: Draft, latest: Numbered, reason: str | None = None) -> Decision:
    return Decision(
        draft=draft,
        status="unchanged",
        revision=latest["revision"],
        extraction=latest["extraction"],
        row=None,
        previous=None,
        reason=reason,
    )


def _source(row: Numbered) -> tuple[str, str | None]:
    return row["capture_id"], row["capture_item"]


def _is_stated_later(row: Numbered, latest: Numbered) -> bool:
    said, before = row["modified_at"], latest["modified_at"]
    return bool(said is not None and said > (before or latest["fetched_at"]))


def _hash(row: Numbered) -> str:
    return str(row["content_hash"])


def _same_rules(one: Numbered, other: Numbered) -> bool:
    return all(one[name] == other[name] for name in _RULES)


def _differ(one: Numbered, other: Numbered) -> bool:
    return any(_comparable(one[name]) != _comparable(other[name]) for name in EXTRACTED)


def _comparable(value: Any) -> Any:  # noqa: ANN401  any column
    # An empty list and none at all are the same to a reader, and so is the order of a map.
    if isinstance(value, list):
        return sorted(value) if value and isinstance(value[0], tuple) else value or None
    return value
