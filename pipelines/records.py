"""The records that travel along the one path: Link, Page, Capture, Article, Rejected.

All are frozen, know nothing of Scrapy, and pickle. Every ``*_at`` is an aware UTC datetime.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class Reason(StrEnum):
    """Why a page is no article; the one list that ``captures.reason`` draws from."""

    ROBOTS = "robots"
    """robots.txt forbids the address; nothing was fetched."""
    NOARCHIVE = "noarchive"
    """The page asks not to be archived (X-Robots-Tag or meta robots)."""
    ADDRESS = "address"
    """The address, or the one it leads to, is private, loopback or outside the outlet's domains."""
    HTTP_STATUS = "http_status"
    """The server answered with another status than 200."""
    EMPTY = "empty"
    """No bytes, or nothing but white space and markup."""
    TOO_LARGE = "too_large"
    """More bytes than an article page may have, before or after decompression."""
    UNDECODABLE = "undecodable"
    """The content encoding is broken or unknown, or the bytes are no text."""
    NOT_HTML = "not_html"
    """Another media type: an image, a PDF, JSON."""
    NOT_ARTICLE = "not_article"
    """A listing, a gallery or video page without text, a home page."""
    NO_TITLE = "no_title"
    """No headline was found."""
    NO_BODY = "no_body"
    """No text was found, or none was left after cleaning."""
    TOO_SHORT = "too_short"
    """Less text than `articles.min_chars`."""
    BLOCKED = "blocked"
    """A block page, a captcha or a consent wall that was served with status 200."""


class Outcome(StrEnum):
    """What became of a capture; each ends as exactly one."""

    ARTICLE = "article"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    SOURCE = "source"
    GONE = "gone"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL that discovery found, with what the source said of it."""

    url: str
    published_at: datetime | None = None
    """When the source says it was published; `None` when it does not say."""
    lastmod_at: datetime | None = None
    """When the source says it last changed; `None` when it does not say."""
    title: str | None = None
    source: str | None = None
    """URL of the feed, sitemap or listing that named it."""
    item: str | None = None
    """Its id in the outlet's WordPress API; `None` elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One HTTP response as bytes, as served."""

    url: str
    """What was asked for."""
    final_url: str
    """Where redirects led; the same as `url` where there were none."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """As served, in order, `Transfer-Encoding` undone, `Content-Encoding` not."""
    payload: bytes
    """The body as sent, still in its content encoding."""
    fetched_at: datetime
    item: str | None = None
    """Which item of a larger response this is (a post id in a WordPress API answer)."""
    parts: tuple[Page, ...] = ()
    """The further pages of a multi-page article, in order."""

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A read-also link that was taken out of the body."""

    title: str
    url: str | None
    """Absolute; `None` where the line carried no link."""
    form: str
    """How it stood on the page; one of `pipelines.clean.FORMS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Any other in-body line that was taken out."""

    kind: str
    """One of `pipelines.clean.KINDS`."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What `process` makes of a page: the columns that a page can fill.

    The archive adds revision, extraction, commit_id, the capture it came from, run and segment.
    """

    article_id: str
    """Hex of the first 64 bits of SHA-256 of the canonical URL."""
    content_hash: str
    """SHA-256 of title and body, NFC, white space collapsed; hex."""
    outlet: str
    """Slug."""
    year: int
    """Year of `published_on`, of the fetch where that is unknown."""
    url: str
    """Canonical URL."""
    requested_url: str
    title: str
    subtitle: str | None = None
    body: str
    """Paragraphs separated by a newline; nothing but the article."""
    dateline: str | None = None
    """Place in front of the lead; it also stays in the body."""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_on: date | None = None
    """Calendar day in the outlet's zone."""
    published_raw: str | None = None
    """The string on the page."""
    published_precision: str | None = None
    """`second`, `minute` or `day`."""
    modified_at: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None
    """ISO 639-1."""
    language_confidence: float | None = None
    """0 to 1."""
    related: tuple[Related, ...] = ()
    removed: tuple[Removed, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict)
    """Column -> what gave it: `jsonld:…`, `selector:…`, `meta:…`, `trafilatura` …"""
    word_count: int
    near_hash: str
    """Near-duplicate hash of the body, 16 hex digits."""
    fetched_at: datetime
    extractor: str
    """Kliping and trafilatura versions."""
    rules_digest: str
    """Digest of the outlet file, its family included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What `process` says of a page that is no article."""

    reason: Reason
    detail: str
    """One line for a person: what was wanted, what was found."""
    url: str
    """As in `Page.url`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as archived: where in which WARC it lies, its digest, what became of it."""

    capture_id: str
    """Hex of the UUID in `warc_record_id`."""
    outlet: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    mime: str | None
    etag: str | None
    last_modified: str | None
    digest: str
    """Of the payload as sent, `sha1:` and base32, as in the WARC record."""
    size_bytes: int
    """Of the payload as sent."""
    warc_file: str
    """Key below the archive's root."""
    warc_offset: int
    """Bytes from the start of the file to the record's gzip member."""
    warc_length: int
    """Bytes of that gzip member."""
    warc_record_id: str
    """`<urn:uuid:…>` without the brackets."""
    run_id: str
    segment: str
    outcome: Outcome | None = None
    """`None` until the page was processed."""
    reason: str | None = None
    """Of a rejected capture, from `Reason`; of an error, what failed."""
    article_id: str | None = None
