"""`kliping outlets draft`: where its file goes, and what a person reads of it."""

from __future__ import annotations

import os
import sys
import textwrap
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rich.console import Console

from crawler.draft import Asked
from crawler.screen import article_columns, json_line
from pipelines.draft_seen import slug_of
from pipelines.errors import OutletError, UsageError
from pipelines.outlets import SLUG
from pipelines.records import Rejected
from pipelines.store.print import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.draft import Drafted
    from pipelines.draft import Draft
    from pipelines.outlets import Outlet
    from pipelines.records import Article
    from pipelines.store.config import Registry

_WIDEST = 100
_PARAGRAPH = 240
"""Characters shown of a paragraph."""
_TAKEN = 60
"""Characters shown of what was taken out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft may go: a file that is not there, for domains that nobody claims."""

    config_dir: Path
    registry: Registry
    is_written: bool
    """Whether there is to be a file; without one nothing is refused."""

    def asked(
        self, url: str, slug: str | None, *, allow_private_network: bool, is_quiet: bool
    ) -> Asked:
        """Return what to draft.

        Raises:
            UsageError: *url* is no http address, *slug* cannot be a file's name, or the file or
                the domain is taken.
        """
        whole = url if "://" in url else f"https://{url}"
        self._require_address(whole, url)
        name = slug if slug is not None else slug_of(whole)
        if not SLUG.fullmatch(name):
            raise UsageError(f"--slug: wanted a-z, 0-9 and '-', found {name!r}")
        self.check(whole)
        if self.is_written and self._path(name).exists():
            raise UsageError(
                f"{self._path(name)}: wanted no such file yet, found one; "
                "--slug names another, --print writes none"
            )
        return Asked(
            url=whole,
            slug=name,
            families=_families(self.config_dir),
            today=datetime.now(UTC).astimezone(ZoneInfo("Asia/Jakarta")).date(),
            allow_private_network=allow_private_network,
            check=self.check,
            is_quiet=is_quiet,
        )

    def check(self, url: str) -> None:
        """Raise `UsageError` where an outlet file claims that address already."""
        if not self.is_written:
            return
        owner = self.registry.for_url(url).slug
        if owner in self.registry.outlets:
            raise UsageError(
                f"{printable(url)}: wanted a site without an outlet file, found "
                f"{self._path(owner)}; --print writes none"
            )

    def write(self, draft: Draft) -> Path | None:
        """Write the file; `None` where none is wanted.

        Raises:
            UsageError: A domain is taken.
            OutletError: The file cannot be written.
        """
        if not self.is_written:
            return None
        path = self._path(draft.outlet.slug)
        for domain in draft.outlet.domains:
            if (owner := self.registry.owners.get(domain)) is not None:
                raise UsageError(
                    f"{domain}: wanted a domain of no other outlet, found it in "
                    f"{self._path(owner)}; --print writes none"
                )
        try:
            # Not replaced: somebody else may have written it meanwhile.
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(draft.text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutletError(f"{path}: wanted to write it, found: {error.strerror}") from error
        return path

    def _path(self, slug: str) -> Path:
        return self.config_dir / "outlets" / f"{slug}.toml"

    @staticmethod
    def _require_address(url: str, given: str) -> None:
        try:
            parts = urlsplit(url)
            parts.port  # noqa: B018  raises on a port that is none
            host = parts.hostname or ""
            fine = parts.scheme in ("http", "https") and bool(host) and url.isprintable()
            fine = fine and not (set(url) & set(' "<>\\^`{|}')) and parts.username is None
            host.encode("idna")
        except ValueError:  # of the port, of brackets, and of letters that no host has
            fine = False
        if not fine:
            raise UsageError(
                f"{printable(given)}: wanted the address of a home page such as https://contoh.id/"
            )


def _families(config_dir: Path) -> dict[str, str]:
    folder = config_dir / "outlets" / "families"
    return {one.stem: one.read_text(encoding="utf-8") for one in sorted(folder.glob("*.toml"))}


def show_json(found: Drafted, path: Path | None) -> None:
    """Print facts, text and articles as one JSON object."""
    facts = asdict(found.draft.facts)
    articles = [
        {"url": made.url, "rejected": True, "reason": made.reason, "detail": made.detail}
        if isinstance(made, Rejected)
        else article_columns(made)
        for _, made in found.shown
    ]
    json_line(
        {
            "slug": found.draft.outlet.slug,
            "path": str(path) if path else None,
            "requests": found.requests,
            "facts": facts,
            "lacking": list(found.draft.lacking),
            "toml": found.draft.text,
            "articles": articles,
        }
    )


def show(found: Drafted, path: Path | None, *, to_stderr: bool) -> None:
    """Print what was found, the articles, and what is left to do."""
    stream = sys.stderr if to_stderr else sys.stdout
    width = min(_WIDEST, Console(stderr=to_stderr).width)
    for line in _report(found, path, width):
        print(line, file=stream)


def _report(found: Drafted, path: Path | None, width: int) -> Iterator[str]:
    draft = found.draft
    facts = draft.facts
    done = f"{path} written" if path else "No file was written (--print)"
    yield from _wrapped(
        f"{done}: {facts.name.value}, from {facts.articles} articles of {facts.pages} pages, "
        f"{found.requests} requests.",
        width,
    )
    yield ""
    for name, value in _summary(draft):
        yield from _wrapped(value, width, first=f"{name:<10}")
    for number, (_, made) in enumerate(found.shown, 1):
        yield ""
        yield from _article(number, made, draft.outlet, width)
    yield ""
    for lack in draft.lacking:
        yield from _wrapped(lack, width, first="Not found: ")
    slug = draft.outlet.slug
    steps = (
        f"read {path or 'the text'}, then kliping outlets check {slug}, then "
        f"kliping crawl {slug} --limit 5 --dry-run; set verified = true and checked when the "
        "articles are right."
    )
    yield from _wrapped(steps, width, first="Next: ")


def _summary(draft: Draft) -> Iterator[tuple[str, str]]:
    facts, outlet = draft.facts, draft.outlet
    yield "domain", ", ".join(outlet.domains)
    yield "language", f"{outlet.language}, {outlet.timezone}"
    yield "family", f"{outlet.family or 'none'}: {facts.family.note}"
    kinds = {
        "feeds": len(facts.feeds),
        "sitemaps": len(facts.sitemaps),
        "news sitemaps": len(facts.news_sitemaps),
        "listings": len(facts.listings),
    }
    found = [f"{count} {name}" for name, count in kinds.items() if count]
    found += ["WordPress API"] if facts.wordpress else []
    yield "sources", ", ".join(found) or "none"
    yield "match", facts.match.value
    if facts.deny:
        yield "deny", facts.deny
    for one in facts.layouts:
        yield "body", f"{one.body}: {one.note}"
    if facts.single_page:
        key, value = facts.single_page
        yield "parts", f"{key} {value}"


def _article(number: int, made: Article | Rejected, outlet: Outlet, width: int) -> Iterator[str]:
    first, rest = f"{number}  ", "   "
    if isinstance(made, Rejected):
        yield from _wrapped(f"rejected, {made.reason}: {made.detail}", width, first=first)
        yield f"{rest}{printable(made.url)}"
        return
    yield from _wrapped(made.title, width, first=first)
    yield f"{rest}{printable(made.url)}"
    zone = ZoneInfo(outlet.timezone)
    when = f"{made.published_at.astimezone(zone):%Y-%m-%d %H:%M %z}" if made.published_at else ""
    paragraphs = made.body.split("\n")
    facts = (
        when or "no date",
        ", ".join(made.authors) or "no author",
        f"{made.word_count} words in {len(paragraphs)} paragraphs",
    )
    yield from _wrapped(" · ".join(facts), width, first=rest)
    yield from _wrapped(_short(paragraphs[0], _PARAGRAPH), width, first=f"{rest}first: ")
    if len(paragraphs) > 1:
        yield from _wrapped(_short(paragraphs[-1], _PARAGRAPH), width, first=f"{rest}last:  ")
    yield from _wrapped(_taken(made), width, first=f"{rest}taken out: ")


def _taken(made: Article) -> str:
    kinds = Counter(one.kind for one in made.removed)
    told = {one.kind: one.text for one in reversed(made.removed)}
    pieces = [
        f"{count} {kind} ({_short(told[kind], _TAKEN)})" for kind, count in kinds.most_common()
    ]
    if made.related:
        pieces.insert(0, f"{len(made.related)} read-also ({_short(made.related[0].title, _TAKEN)})")
    return "; ".join(pieces) or "nothing"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _wrapped(text: str, width: int, first: str = "") -> list[str]:
    """Break a text into lines; what follows the first stands below its beginning."""
    return textwrap.wrap(
        printable(text),
        max(40, width),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,  # a regex or an address is to be copied
        break_long_words=False,
    ) or [first]
