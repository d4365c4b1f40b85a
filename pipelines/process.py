"""The one path: `Page` + `Outlet` -> `Article` or `Rejected`.

Pure: no I/O, no clock, no state; the same bytes and rules give the same article, live or replayed.
Never raises for what a page contains.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import trafilatura

from pipelines import __version__
from pipelines.body import Body, Chosen, choose, read_body
from pipelines.dateline import dateline_in
from pipelines.decode import ARTICLE_LIMIT, DecodeError, payload_of, text_from
from pipelines.document import Document
from pipelines.extract import Values, brands_of, values_of
from pipelines.fingerprint import content_hash, near_hash
from pipelines.language import language_of
from pipelines.names import names_in
from pipelines.outlets import Layout, Outlet, Selector
from pipelines.records import Article, Page, Reason, Rejected, Removed
from pipelines.urls import article_id, canonical_url
from pipelines.wordpress import SOURCES, content_element, post_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

EXTRACTOR = f"kliping {__version__}; trafilatura {trafilatura.__version__}"
SHORTEST = 40
"""Characters of a body in an element that a layout chose."""
SHORTEST_GUESS = 100
"""Characters of a body that was guessed; less is a teaser or a notice."""

_MOST_TAGS = 100_000
_LONGEST_TAG = 50_000
_MOST_ATTRIBUTES = 10_000
"""In one long tag; the parser's time grows with their square."""
_OK = 200
_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream",
               "application/xml", "text/xml", "unknown/unknown")  # fmt: skip
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|section|main|h[1-6]|script|table)"
    r"[\s>/]",
    re.IGNORECASE,
)
_FEED = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:rss|feed|urlset|sitemapindex|rdf:RDF|svg)[\s>]",
    re.DOTALL,
)
_BLOCKED = re.compile(
    r"just a moment|attention required|access denied|checking your browser|are you a robot|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|request unsuccessful|pardon our interruption|"
    r"security check|ddos[- ]guard|captcha|bot verification|403 forbidden|before you continue|"
    r"enable javascript and cookies",
    re.IGNORECASE,
)
_BLOCKED_MARKUP = re.compile(
    r"/cdn-cgi/challenge-platform/|cf-browser-verification|cf_chl_opt|_incapsula_resource|"
    r"g-recaptcha|h-captcha|cf-turnstile|px-captcha|consent\.(?:google|yahoo)\.",
    re.IGNORECASE,
)
_MOSTLY_LINKS = 0.6
"""Share of a guessed text; articles stay below a tenth."""
_MOSTLY_TEASERS = 0.92
"""Share of a guessed text; no article seen that does not claim to be one has as much."""
_BLOCKED_BELOW = 1_500
"""Characters; no block page seen has more text."""
_LONG_REPEAT = 60
"""Characters; a shorter line, such as an answer in an interview, may come twice in one article."""
_EDITOR = re.compile(r"\W*(?:editor|penyunting|redaktur)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


class _NoArticleError(Exception):
    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def process(page: Page, outlet: Outlet) -> Article | Rejected:
    """Make an article of a page, its further parts included."""
    try:
        return _article(page, outlet)
    except (DecodeError, _NoArticleError) as refusal:
        detail = " ".join(refusal.detail.split())[:300]
        return Rejected(reason=refusal.reason, detail=detail, url=page.url)


def _article(page: Page, outlet: Outlet) -> Article:
    document = _document(page)
    if page.item is None:
        chosen = choose(document, outlet)
        values = values_of(document, outlet, chosen.layout if chosen else None)
    else:
        chosen = _post_body(document, outlet)
        values = values_of(document, outlet, None)
    brands = brands_of(document, outlet)
    _refuse_blocks(document, values)
    if not values.title:
        raise _NoArticleError(Reason.NO_TITLE, "no headline in markup or metadata")
    listing = None if chosen else _listing(document)
    body = read_body(document, outlet, chosen, title=values.title)
    bodies = [body]
    for number, part in enumerate(page.parts, 2):
        bodies.append(_part(part, number, bodies, outlet, values.title))
    text = "\n".join(paragraph for one in bodies for paragraph in one.paragraphs)
    if chosen is None and body.linked > _MOSTLY_LINKS:
        raise _NoArticleError(Reason.NOT_ARTICLE, f"{body.linked:.0%} of the text is links")
    if chosen is None and body.teased > _MOSTLY_TEASERS and not _is_signed(document, values):
        detail = f"a listing: {body.teased:.0%} of the text stands by headlines that lead elsewhere"
        raise _NoArticleError(Reason.NOT_ARTICLE, detail)
    _refuse_short(text, outlet, listing, chosen is not None)
    return _assembled(
        page, outlet, document=document, values=values, bodies=bodies, text=text, brands=brands
    )


def _post_body(document: Document, outlet: Outlet) -> Chosen:
    remove = tuple(selector for layout in outlet.layouts for selector in layout.remove)
    source = Selector("wordpress:content", "xpath", ".")
    layout = Layout(body=(source,), fields={}, remove=remove)
    return Chosen(layout, source, content_element(document))


def _document(page: Page) -> Document:
    if page.status != _OK:
        raise _NoArticleError(Reason.HTTP_STATUS, f"status {page.status}")
    declared = page.header("content-type") or ""
    data = payload_of(page, limit=ARTICLE_LIMIT)
    if not data.strip():
        raise DecodeError(Reason.EMPTY, "no bytes")
    if page.item is not None:
        return post_document(text_from(data, declared), page.item, page.final_url)
    kind = declared.partition(";")[0].strip().lower()
    _refuse_media(kind, data)
    text = text_from(data, declared)
    if not _MARKUP.search(text[:200_000]) or _FEED.match(text[:5_000]):
        if not _WORD.search(text):
            raise _NoArticleError(Reason.EMPTY, "nothing but white space")
        raise _NoArticleError(Reason.NOT_HTML, f"{kind or 'no media type'}, and no HTML inside")
    _refuse_size(text)
    return Document(text, page.final_url)


def _refuse_size(text: str) -> None:
    tags = text.count("<")
    if tags > _MOST_TAGS:
        raise _NoArticleError(Reason.TOO_LARGE, f"{tags} tags")
    for chunk in text.split(">"):
        if len(chunk) > _LONGEST_TAG:
            attributes = chunk.count("=", chunk.rfind("<") + 1)
            if attributes > _MOST_ATTRIBUTES and "<" in chunk:
                raise _NoArticleError(Reason.TOO_LARGE, f"a tag of {attributes} attributes")


_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x00\x00\x00",
          b"OggS", b"ID3", b"\x7fELF", b"wOFF")  # fmt: skip


def _refuse_media(kind: str, data: bytes) -> None:
    if data.startswith(_MAGIC):
        raise _NoArticleError(Reason.NOT_HTML, f"{kind or 'no media type'}, and a binary signature")
    foreign = kind and kind not in _HTML_TYPES and "html" not in kind
    if foreign and not _MARKUP.search(data[:5_000].decode("latin-1")):
        raise _NoArticleError(Reason.NOT_HTML, f"media type {kind[:80]}")
    if data.lstrip()[:1] in (b"{", b"["):
        raise _NoArticleError(Reason.NOT_HTML, f"{kind or 'no media type'}, and JSON inside")


def _refuse_blocks(document: Document, values: Values) -> None:
    title = document.root.findtext(".//title") or values.title or ""
    by_title = _BLOCKED.search(title)
    # No block page dates itself, and looking through every page's markup costs milliseconds.
    by_markup = None if values.published_at else _BLOCKED_MARKUP.search(document.text)
    if not (by_title or by_markup):
        return
    size = len(_visible(document.root))
    if size < _BLOCKED_BELOW:
        what = by_title[0] if by_title else by_markup[0] if by_markup else ""
        raise _NoArticleError(Reason.BLOCKED, f"a block page: {what!r}")


def _visible(root: HtmlElement) -> str:
    body = root.find("body")
    if body is None:
        return ""
    texts = body.xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    return " ".join(" ".join(texts).split())


def _claims_article(document: Document) -> bool:
    return any("article" in kind.lower() for kind in document.metas.get("og:type", ()))


def _is_dated(document: Document) -> bool:
    if any(key in document.metas for key in ("article:published_time", "datepublished")):
        return True
    return any("datePublished" in item for item in document.json_ld)


def _is_signed(document: Document, values: Values) -> bool:
    """Tell whether a page says who wrote it when, or claims to be an article of a day.

    Listings may call themselves articles, too, but not of a day.
    """
    if values.authors and values.published_at:
        return True
    return _claims_article(document) and _is_dated(document)


def _listing(document: Document) -> str | None:
    """Say why a page without a layout looks like a listing; `None` where it does not."""
    kinds = document.metas.get("og:type", ())
    if _is_dated(document) or _claims_article(document):
        return None
    if any(kind.lower() == "website" for kind in kinds):
        return "og:type website and no date"
    path = re.sub(r"^https?://[^/]+", "", document.url).split("?")[0].strip("/")
    return "the home page" if not path else None


def _part(page: Page, number: int, before: Sequence[Body], outlet: Outlet, title: str) -> Body:
    """Read a further part; one that has no text may be a block page, and is none of an article."""
    document = _document(page)
    chosen = choose(document, outlet)
    _refuse_blocks(document, values_of(document, outlet, chosen.layout if chosen else None))
    body = read_body(document, outlet, chosen, title=title)
    if not body.paragraphs:
        raise _NoArticleError(Reason.NO_BODY, f"no text was found in part {number}")
    return _without_repeats(body, {one for each in before for one in each.paragraphs})


def _without_repeats(body: Body, known: set[str]) -> Body:
    """Take out what a part repeats of those before it: its opening lines, and any long one."""
    paragraphs = list(body.paragraphs)
    opening = next((n for n, one in enumerate(paragraphs) if one not in known), len(paragraphs))
    is_repeat = [
        n < opening or (one in known and len(one) >= _LONG_REPEAT)
        for n, one in enumerate(paragraphs)
    ]
    removed = [
        Removed(kind="part_repeat", text=one)
        for one, again in zip(paragraphs, is_repeat, strict=True)
        if again
    ]
    kept = tuple(one for one, again in zip(paragraphs, is_repeat, strict=True) if not again)
    return replace(body, paragraphs=kept, removed=(*removed, *body.removed))


def _refuse_short(text: str, outlet: Outlet, listing: str | None, chosen: bool) -> None:  # noqa: FBT001 - private
    if not _WORD.search(text):
        if listing:
            raise _NoArticleError(Reason.NOT_ARTICLE, listing)
        raise _NoArticleError(Reason.NO_BODY, "no text was left" if chosen else "no text was found")
    least = outlet.articles.min_chars or (SHORTEST if chosen else SHORTEST_GUESS)
    if len(text) < least:
        if listing:
            raise _NoArticleError(Reason.NOT_ARTICLE, f"{listing}, {len(text)} characters")
        raise _NoArticleError(Reason.TOO_SHORT, f"{len(text)} of {least} characters")


def _assembled(
    page: Page,
    outlet: Outlet,
    *,
    document: Document,
    values: Values,
    bodies: list[Body],
    text: str,
    brands: tuple[str, ...],
) -> Article:
    title = values.title or ""
    url = canonical_url(document.url, declared=document.declared_urls(), outlet=outlet)
    removed = tuple(one for body in bodies for one in body.removed)
    sources = SOURCES if page.item is not None else {}
    provenance = {key: sources.get(one, one) for key, one in values.provenance.items()}
    editors = values.editors
    if not editors:
        lines = [one.text for one in removed if one.kind == "credit"]
        editors = names_in((one for one in lines if _EDITOR.match(one)), brands=brands)
        if editors:
            provenance["editors"] = "credit line"
    language, confidence = language_of(f"{title}\n{text}")
    return Article(
        article_id=article_id(url),
        content_hash=content_hash(title, text),
        outlet=outlet.slug,
        year=(values.published_on or page.fetched_at.date()).year,
        url=url,
        requested_url=page.url,
        title=title,
        subtitle=values.subtitle,
        body=text,
        dateline=dateline_in(text.partition("\n")[0], brands=brands, rules=outlet.clean.dateline),
        authors=values.authors,
        editors=editors,
        published_at=values.published_at,
        published_on=values.published_on,
        published_raw=values.published_raw,
        published_precision=values.published_precision,
        modified_at=values.modified_at,
        section=values.section,
        tags=values.tags,
        image_url=values.image_url,
        language=language,
        language_confidence=confidence,
        related=tuple(one for body in bodies for one in body.related),
        removed=removed,
        provenance={**provenance, "body": bodies[0].source},
        word_count=len(text.split()),
        near_hash=near_hash(text),
        fetched_at=page.fetched_at,
        extractor=EXTRACTOR,
        rules_digest=outlet.rules_digest,
    )
