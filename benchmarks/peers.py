"""What is scored: Kliping, and its peers called as their own users and benchmarks call them.

Each takes a page and returns what it read there. trafilatura is part of the product; the other
peers come from a folder of their own that only the benchmark looks into, after everything else, so
that the product runs with exactly its own packages. Comments are off, as both benchmarks have it,
and nothing is fetched.
"""

from __future__ import annotations

import importlib
import logging
import site
import warnings
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trafilatura

from pipelines import __version__
from pipelines.outlets import generic_outlet
from pipelines.process import process
from pipelines.records import Article

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.gold import Sample
    from pipelines.outlets import Outlet

FOLDER = Path(__file__).resolve().parents[1] / ".venv-bench"
"""Where `make eval` installs the peers."""
FILES, GENERIC = "Kliping, outlet files", "Kliping, generic rules"
REFERENCE = "trafilatura"
"""With metadata, and what CPU time is compared with."""
NO_TABLES = "trafilatura, no tables"
"""As the Fundus evaluation calls it."""
PEERS = (REFERENCE, "trafilatura, precision", "newspaper4k", "readability")
"""On every set."""

_ALL = frozenset({"title", "day", "minute", "authors", "editors", "section", "tags"})


class PeerError(Exception):
    """A peer is not installed; the text is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an extractor read on a page."""

    text: str = ""
    """A paragraph a line."""
    refused: str | None = None
    """Why it read nothing."""
    title: str | None = None
    day: date | datetime | None = None
    moment: datetime | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """Something that reads articles."""

    name: str
    version: str
    states: frozenset[str]
    """Which values it gives at all."""
    read: Callable[[Sample], Callable[[], Found]]
    """Prepare what is no work of a page; what comes back does the work."""
    raises: bool = False
    """It may refuse a page by any exception."""

    def found(self, work: Callable[[], Found]) -> Found:
        """Do the work that `read` prepared."""
        if not self.raises:
            return work()
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - a peer's refusal, whatever it raises
            return Found(refused=f"{type(error).__name__}: {error}")


def kliping(name: str, outlet_for: Callable[[str], Outlet]) -> Extractor:
    """Return Kliping under the rules that *outlet_for* finds for a URL."""

    def read(sample: Sample) -> Callable[[], Found]:
        outlet = outlet_for(sample.page.url)
        return lambda: _article(sample, outlet)

    return Extractor(name=name, version=__version__, states=_ALL, read=read)


def generic() -> Extractor:
    """Return Kliping as it reads outlets without a file."""
    return kliping(GENERIC, generic_outlet)


def peer(name: str, folder: Path = FOLDER) -> Extractor:
    """Return a peer by its name.

    Raises:
        PeerError: It is unknown, or its packages are neither here nor in *folder*.
    """
    # Their own reports on bad pages; also keeps them from formatting what nobody reads.
    for talker in ("trafilatura", "htmldate", "readability", "newspaper"):
        logging.getLogger(talker).setLevel(logging.CRITICAL)
    if name in _TRAFILATURA:
        return _trafilatura(name, _TRAFILATURA[name])
    if name not in _OTHERS:
        known = ", ".join((*_TRAFILATURA, *_OTHERS))
        raise PeerError(f"peers: wanted any of {known}; found {name!r}")
    if folder.is_dir():
        site.addsitedir(str(folder))
    package, make = _OTHERS[name]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # newspaper4k misses nltk, which only summaries need
            return make(name, version(package))
    except (ImportError, PackageNotFoundError) as error:
        raise PeerError(
            f"{name}: wanted {package} in {folder}, found none ({error}); make eval installs it"
        ) from None


def _article(sample: Sample, outlet: Outlet) -> Found:
    made = process(sample.page, outlet)
    if not isinstance(made, Article):
        return Found(refused=made.reason)
    return Found(
        text=made.body,
        title=made.title,
        day=made.published_on,
        moment=made.published_at if made.published_precision != "day" else None,
        authors=made.authors,
        editors=made.editors,
        section=made.section,
        tags=made.tags,
    )


_TRAFILATURA: dict[str, dict[str, Any]] = {
    REFERENCE: {},
    "trafilatura, precision": {"favor_precision": True},
    NO_TABLES: {"include_tables": False},
}


def _trafilatura(name: str, options: dict[str, Any]) -> Extractor:
    def work(sample: Sample) -> Found:
        read: Any = trafilatura.bare_extraction(
            sample.page.payload,
            url=sample.page.url,
            include_comments=False,
            with_metadata=True,
            **options,
        )
        if read is None:
            return Found(refused="no text")
        return Found(
            text=read.text or "",
            title=read.title,
            day=date.fromisoformat(read.date) if read.date else None,
            authors=_list(read.author),
            section=next(iter(read.categories or ()), None),
            tags=tuple(read.tags or ()),
        )

    return Extractor(
        name=name,
        version=trafilatura.__version__,
        states=_ALL - {"minute", "editors"},
        read=lambda sample: lambda: work(sample),
        raises=True,
    )


def _newspaper(name: str, number: str) -> Extractor:
    newspaper: Any = importlib.import_module("newspaper")

    def work(sample: Sample) -> Found:
        language = "id" if sample.language == "id" else None
        html = _decoded(sample)
        url = sample.page.url
        article = newspaper.article(url, language=language, input_html=html, fetch_images=False)
        at = article.publish_date
        return Found(
            text=article.text,
            title=article.title or None,
            day=at,
            moment=at if isinstance(at, datetime) else None,
            authors=tuple(article.authors),
            tags=tuple(article.tags or ()),
        )

    return Extractor(
        name=name,
        version=number,
        states=_ALL - {"editors", "section"},
        read=lambda sample: lambda: work(sample),
        raises=True,
    )


def _readability(name: str, number: str) -> Extractor:
    readability: Any = importlib.import_module("readability")
    html_text: Any = importlib.import_module("html_text")

    def work(sample: Sample) -> Found:
        document = readability.Document(_decoded(sample), url=sample.page.url)
        summary = document.summary(html_partial=True)
        return Found(text=html_text.extract_text(summary), title=document.short_title() or None)

    return Extractor(
        name=name,
        version=number,
        states=frozenset({"title"}),
        read=lambda sample: lambda: work(sample),
        raises=True,
    )


_OTHERS: dict[str, tuple[str, Callable[[str, str], Extractor]]] = {
    "newspaper4k": ("newspaper4k", _newspaper),
    "readability": ("readability-lxml", _readability),
}


def _decoded(sample: Sample) -> str:
    # Every gold page is UTF-8, as the benchmarks decode theirs.
    return sample.page.payload.decode("utf-8", "replace")


def _list(names: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in names.split(";")) if names else ()
