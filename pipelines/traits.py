"""Lines of an unknown page -> a table of numbers that tell text from everything around it.

A row per line, a column per trait of `TRAITS`: of the line itself, of the elements around it, of
its neighbours, and of how it fits the page's headline and summary. `forest` weighs them. Nothing
here knows an outlet; class names count only by what they mean anywhere (`comment`, `sidebar` …).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pipelines.blocks import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.html import HtmlElement
    from numpy.typing import NDArray

    from pipelines.blocks import Line

_HINTS: Mapping[str, str] = {
    "body": (
        r"(?:article|entry|post|story|content|news|text|detail|read|body|page|main)[-_]*"
        r"(?:body|content|text|detail|isi|main|inner|wrap\w*|copy|paragraph|p)\b|articlebody|"
        r"body-?copy|isi|konten|rich-?text|prose|wysiwyg|paragraph|storycontent"
    ),
    "comment": r"comment|disqus|reply|respond|discussion|komentar|livefyre",
    "related": (
        r"relat|recommend|terkait|baca-?juga|read-?also|more-|more_|also|trending|popular|"
        r"terpopuler|latest|terkini|terbaru|most|outbrain|taboola|teaser|rekomendasi|suggest|"
        r"carousel|slider|recirc|playlist|widget|up-?next|next-|headlines|stories\b|card|tile|feed|"
        r"river|sisip|list-"
    ),
    "share": r"share|social|follow|sosmed|bagikan|twitter|facebook|whatsapp|addthis",
    "promo": (
        r"promo|newsletter|subscri|sign-?up|\bads?\b|advert|sponsor|banner|iklan|paywall|donat|"
        r"cta\b|callout|membership|offer|optin|support|contribut"
    ),
    "nav": (
        r"nav|menu|breadcrumb|header|masthead|footer|topbar|toolbar|paginat|pager|paging|skip|"
        r"login|search|cookie|consent|gdpr|modal|popup|overlay|legal|copyright|disclaimer"
    ),
    "side": r"sidebar|side-|aside|rail|right-?col|secondary|col-right|kanan|kiri|column-?right",
    "meta": (
        r"author|byline|\bby\b|bio|date|time|meta\b|meta-|tanggal|penulis|reporter|contributor|"
        r"published|category|tags?\b|tag-|kicker|topic|info\b"
    ),
    "image": (
        r"caption|credit|image|photo|foto|gallery|figure|media|video|player|embed|lightbox|thumb|"
        r"slideshow"
    ),
}
"""What a class or id says of what is in an element."""

_SAYS: Mapping[str, str] = {
    "action": (
        r"(?:sign up|subscribe|follow|share|comment|log ?in|register|download|click|join|like|"
        r"contact|email|print|save|watch|listen|advertis|skip|menu|search|ikuti|bagikan|komentar|"
        r"iklan|daftar|masuk|unduh|klik|gabung|berlangganan|simak|lihat|tonton|saksikan|get |"
        r"support|donate)"
    ),
    "more": (
        r"(?:read (?:more|also|next)|more (?:from|on|in|stories|news)|related|recommended|"
        r"most (?:read|popular|viewed)|trending|latest|popular|top stories|see also|also read|"
        r"up next|don.t miss|you may|baca|berita (?:terkait|lain|terpopuler|terbaru)|"
        r"artikel (?:terkait|lain)|terkait|terpopuler|terkini|rekomendasi|pilihan)"
    ),
    "byline": (
        r"(?:by |oleh|penulis|editor|reporter|pewarta|written by|posted|published|updated|"
        r"last updated|diterbitkan|author|story by|reporting by|redaktur|senin|selasa|rabu|kamis|"
        r"jum|sabtu|minggu)"
    ),
    "picture": (
        r"(?:photo|image|foto|gambar|file photo|picture|video|credit|ilustrasi|sumber|source)\b"
    ),
}
"""What the opening of a line says of it."""

_HOLDS: Mapping[str, str] = {
    "legal": r"©|copyright|all rights reserved|hak cipta|privacy policy|terms of|kebijakan privasi",
    "signup": (
        r"cookie|newsletter|inbox|subscri|your email|e-mail address|free trial|advertisement|"
        r"this site is protected|javascript"
    ),
    "agency": r"getty images|shutterstock|antara foto|/reuters|via reuters|\d{1,2}[:.]\d{2} wi[bt]",
}
"""What a short line may hold that says something of it."""

_PLACES = ("article", "main", "aside", "nav", "footer", "figure", "list", "table")
_PLACE_OF = {
    "article": 0, "main": 1, "aside": 2, "details": 2, "nav": 3, "menu": 3, "footer": 4,
    "address": 4, "figure": 5, "figcaption": 5, "ul": 6, "ol": 6, "dl": 6, "table": 7,
}  # fmt: skip

OWN = (
    "letters", "linked", "words", "ends", "commas", "capitals", "marked",
    "p", "heading", "li", "cell",
    *(f"says_{name}" for name in _SAYS), *(f"holds_{name}" for name in _HOLDS),
    "in_title", "in_key", "told", "summary",
)  # fmt: skip
AROUND = (
    *(f"in_{place}" for place in _PLACES),
    *(f"hints_{name}" for name in ("body", "comment", "related", "image")),
    *(f"near_{name}" for name in _HINTS),
    "block_linked", "home_share", "home_linked", "home_long", "home_score", "home_mean",
    "home_key", "home_key_best", "outer_key_best", "outer_share", "outer_linked", "outer_long",
    "down", "alike", "alike_letters", "alike_linked", "repeated",
)  # fmt: skip
BESIDE = (
    "position", "from_title", "after_title", "from_first", "from_last", "between",
    "since_long", "until_long", "letters_before", "letters_after", "linked_before",
    "linked_after", "alike_after", "near_3", "near_8", "through",
)  # fmt: skip
TRAITS = ("witness", *OWN, *AROUND, *BESIDE)
"""The columns, in order."""

WITNESS = 0
"""Column for what another extractor says of a line: 1 text, 0 none, `UNHEARD`."""
UNHEARD = -1

INNER = HEADINGS | {
    "p", "li", "ul", "ol", "blockquote", "tr", "tbody", "table", "dd", "dt", "dl", "pre", "td",
    "th", "span", "font", "center",
}  # fmt: skip
"""Elements that belong to a paragraph; what is around them is its home."""

_LONGEST_TOLD = 60_000
_LONGEST_SUMMARY = 2_000
"""Characters; every line is looked for in them."""
_LONG = 80
"""Characters of a line that is likely text."""
_FAR = 50
_OPENING = 300
"""Characters."""
_NEVER = 20
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENDS = re.compile(r"[.!?…][\"”’')\]]*$")
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _HINTS.items())
_OPENINGS = tuple(re.compile(pattern) for pattern in _SAYS.values())
_MARKS = tuple(re.compile(pattern) for pattern in _HOLDS.values())
_COUNTED = tuple(list(_HINTS).index(name) for name in ("body", "comment", "related", "image"))


class _Around:
    """What is known of an element around lines."""

    __slots__ = (
        "depth", "hints", "keys", "last", "letters", "lines", "linked", "long", "outer", "places",
        "score",
    )  # fmt: skip

    def __init__(self, element: HtmlElement, outer: _Around | None) -> None:
        self.outer = outer
        self.depth: int = outer.depth + 1 if outer else 0
        self.places: tuple[int, ...] = outer.places if outer else (0,) * len(_PLACES)
        self.hints: tuple[int, ...] = outer.hints if outer else (0,) * len(_HINTS)
        self.last: tuple[int, ...] = outer.last if outer else (-_NEVER,) * len(_HINTS)
        """Depth of the innermost element around with each hint."""
        place = _PLACE_OF.get(element.tag)
        if place is not None:
            self.places = (*self.places[:place], 1, *self.places[place + 1 :])
        if outer and outer.outer:
            found = _hints(element.get("class"), element.get("id"), element.get("itemprop"))
            if found:
                self.hints = tuple(n + (at in found) for at, n in enumerate(self.hints))
                self.last = tuple(
                    self.depth if at in found else n for at, n in enumerate(self.last)
                )
        self.letters = self.linked = self.score = 0.0
        self.lines = self.long = 0
        self.keys: set[str] = set()


@lru_cache(maxsize=8192)
def _hints(names: str | None, ident: str | None, prop: str | None) -> frozenset[int]:
    text = f"{names or ''} {ident or ''}"[:300].lower()
    if prop and prop.lower() == "articlebody":
        text += " articlebody"
    if len(text) == 1:
        return frozenset()
    return frozenset(at for at, (_, hint) in enumerate(_COMPILED) if hint.search(text))


def traits(lines: Sequence[Line], *, title: str, summary: str, told: str) -> NDArray[np.float32]:
    """Describe lines.

    Args:
        lines: All of a page, in order.
        title: Its headline.
        summary: Its description.
        told: The text that its JSON-LD claims, or nothing.

    Returns:
        Shape (lines, `TRAITS`); the witness is not heard.
    """
    if not lines:
        return np.zeros((0, len(TRAITS)), np.float32)
    return _Page(lines, title, summary, told).table()


class _Page:
    def __init__(self, lines: Sequence[Line], title: str, summary: str, told: str) -> None:
        self.lines = lines
        self.title = {word.lower() for word in _WORD.findall(title)}
        self.headline = _squeezed(title)
        self.keys = {w.lower() for w in _WORD.findall(f"{title} {summary}") if len(w) > 3}  # noqa: PLR2004 - shorter ones are anywhere
        self.summary = _squeezed(summary[:_LONGEST_SUMMARY])
        self.told = _squeezed(told[:_LONGEST_TOLD])
        self.known: dict[HtmlElement, _Around] = {}
        self.size = np.array([len(line.text) for line in lines], float)
        self.link = np.array([link_share(line) for line in lines])
        self.is_long = (self.size >= _LONG) & (self.link < 0.4)  # noqa: PLR2004 - as teasers are not

    def table(self) -> NDArray[np.float32]:
        own = np.array([self.own(at, line) for at, line in enumerate(self.lines)])
        around = self.around()
        beside = self.beside()
        witness = np.full((len(self.lines), 1), UNHEARD)
        return np.hstack((witness, own, around, beside)).astype(np.float32)

    # The line itself

    def own(self, at: int, line: Line) -> tuple[float, ...]:
        text = line.text
        size = len(text)
        lower = text[:_OPENING].lower()
        opening = _WORD.findall(text[:_OPENING])
        words = set(_WORD.findall(lower if size <= _OPENING else text[:2000].lower()))
        count = text.count(" ") + 1
        tag = line.node.tag
        overlap = len(self.title & words) / len(self.title) if self.title and size < 300 else 0.0  # noqa: PLR2004 - no headline is longer
        found = self.keys & words
        if found and size >= 40:  # noqa: PLR2004 - a sentence
            self.spread(line.node, found)
        squeezed = _squeezed(text) if self.told or (self.summary and size > 30) else ""  # noqa: PLR2004
        marked = sum(span.end - span.start for span in line.marks if span.href is None)
        return (
            math.log1p(size),
            self.link[at],
            count,
            _ENDS.search(text[-8:]) is not None,
            text.count(",") / (count + 1),
            sum(word[0].isupper() for word in opening) / (len(opening) + 1),
            min(marked / size, 1.0),
            tag == "p",
            tag in HEADINGS,
            tag == "li",
            tag in ("td", "tr", "th", "table", "tbody"),
            *(pattern.match(lower) is not None for pattern in _OPENINGS),
            *(size < _OPENING and mark.search(lower) is not None for mark in _MARKS),
            overlap,
            len(found) / (count + 3),
            (2 if squeezed and squeezed in self.told else 1) if self.told else 0,
            self.in_summary(squeezed),
        )

    def in_summary(self, squeezed: str) -> bool:
        if len(squeezed) <= 30 or not self.summary:  # noqa: PLR2004 - half a sentence
            return False
        return squeezed in self.summary or self.summary[:60] in squeezed

    def spread(self, node: HtmlElement, found: set[str]) -> None:
        at: _Around | None = self.of(home_of(node))
        for _ in range(3):
            if at is None:
                return
            at.keys |= found
            at = at.outer

    # The elements around it

    def of(self, element: HtmlElement) -> _Around:
        found = self.known.get(element)
        if found is None:
            outer = element.getparent()
            found = _Around(element, None if outer is None else self.of(outer))
            self.known[element] = found
        return found

    def around(self) -> NDArray[np.float64]:
        blocks = [self.of(line.node) for line in self.lines]
        self.homes = [self.of(home_of(line.node)) for line in self.lines]
        self.weigh(blocks)
        top = max(self.homes, key=lambda one: one.score * (1 - one.linked / max(one.letters, 1)))
        self.top = top
        distance: dict[int, int] = {}
        at: _Around | None = top
        while at is not None:
            distance[id(at)] = len(distance)
            at = at.outer
        total = float(self.size.sum())
        most = max((len(one.keys) for one in self.known.values()), default=0) or 1
        homes = {id(home): self.home(home, total, most, distance) for home in self.homes}
        alike = self.alike()
        rows = [
            (
                *block.places,
                *(block.hints[n] for n in _COUNTED),
                *(min(block.depth - at, _NEVER) for at in block.last),
                block.linked / max(block.letters, 1),
                *homes[id(home)],
                *alike[at],
            )
            for at, (block, home) in enumerate(zip(blocks, self.homes, strict=True))
        ]
        return np.array(rows, float)

    def weigh(self, blocks: Sequence[_Around]) -> None:
        """Sum up what is in each element."""
        for block, home, line, size, link, is_long in zip(
            blocks, self.homes, self.lines, self.size, self.link, self.is_long, strict=True
        ):
            block.letters += size
            block.linked += link * size
            block.lines += 1
            block.long += bool(is_long)
            if is_long or (size >= 40 and link < 0.4 and _ENDS.search(line.text[-8:])):  # noqa: PLR2004 - a sentence
                score = size * (1 - link)
                home.score += score
                if home.outer:
                    home.outer.score += score / 2
                    if home.outer.outer:
                        home.outer.outer.score += score / 5
        for one in sorted(self.known.values(), key=lambda one: -one.depth):
            if one.outer:
                one.outer.letters += one.letters
                one.outer.linked += one.linked
                one.outer.lines += one.lines
                one.outer.long += one.long

    def home(
        self, home: _Around, total: float, most: int, distance: Mapping[int, int]
    ) -> tuple[float, ...]:
        outer = home.outer or home
        at, down = home, 0
        while id(at) not in distance:
            at, down = at.outer or self.top, down + 1
        letters = max(home.letters, 1)
        return (
            home.letters / total,
            home.linked / letters,
            home.long,
            home.score / (self.top.score or 1),
            home.letters / max(home.lines, 1),
            len(home.keys) / max(len(self.keys), 1),
            len(home.keys) / most,
            len(outer.keys) / most,
            outer.letters / total,
            outer.linked / max(outer.letters, 1),
            outer.long / max(outer.lines, 1),
            down + distance[id(at)],
        )

    def alike(self) -> list[tuple[float, ...]]:
        """Compare each line with those that stand in an element of the same tag and class."""
        kinds = []
        for line in self.lines:
            outer = line.node.getparent()
            around = (None, None) if outer is None else (outer.tag, outer.get("class"))
            kinds.append((line.node.tag, line.node.get("class"), *around))
        numbers = {kind: n for n, kind in enumerate(dict.fromkeys(kinds))}
        self.kind = np.array([numbers[kind] for kind in kinds])
        count = np.bincount(self.kind)
        letters = np.bincount(self.kind, self.size)
        linked = np.bincount(self.kind, self.size * self.link)
        texts: dict[str, int] = {}
        for line in self.lines:
            texts[line.text] = texts.get(line.text, 0) + 1
        mean, share = np.log1p(letters / count), linked / np.maximum(letters, 1)
        return [
            (count[kind], mean[kind], share[kind], texts[line.text])
            for kind, line in zip(self.kind, self.lines, strict=True)
        ]

    # Its neighbours

    def beside(self) -> NDArray[np.float64]:
        count = len(self.lines)
        at = np.arange(count)
        title = self.title_line()
        own = [n for n in np.flatnonzero(self.is_long) if self.homes[n] is self.top]
        first, last = (own[0], own[-1]) if own else (-1, -1)
        long = np.flatnonzero(self.is_long)
        before = np.searchsorted(long, at)
        padded = np.concatenate(([-_FAR - 1], long, [count + _FAR]))
        since = np.minimum(at - padded[before], _FAR)
        after = np.searchsorted(long, at, side="right") + 1
        until = np.minimum(padded[after] - at, _FAR)
        plain = np.concatenate(([0.0], np.cumsum(self.size * (1 - self.link))))
        letters = np.log1p(self.size)

        def within(width: int) -> NDArray[np.float64]:
            found = plain[np.minimum(count, at + width + 1)] - plain[np.maximum(0, at - width)]
            return np.asarray(np.log1p(np.maximum(found, 0)))

        return np.column_stack((
            at / count,
            at - title if title >= 0 else np.full(count, -100),
            at > title if title >= 0 else np.full(count, 2),
            at - first,
            at - last,
            (first <= at) & (at <= last),
            since,
            until,
            np.concatenate(([0.0], letters[:-1])),
            np.concatenate((letters[1:], [0.0])),
            np.concatenate(([0.0], self.link[:-1])),
            np.concatenate((self.link[1:], [0.0])),
            np.concatenate((self.kind[1:] == self.kind[:-1], [False])),
            within(3),
            within(8),
            plain[:-1] / max(plain[-1], 1),
        ))  # fmt: skip

    def title_line(self) -> int:
        """Return the number of the headline's line, -1 where there is none."""
        found = -1
        for at, line in enumerate(self.lines):
            tag = line.node.tag
            if tag not in ("h1", "h2") or not self.headline:
                continue
            words = {word.lower() for word in _WORD.findall(line.text)}
            same = len(words & self.title) >= 0.6 * max(len(words), len(self.title)) > 1
            if same or _squeezed(line.text) == self.headline:
                found = at
                if tag == "h1":
                    return at
        if found < 0:
            found = next((n for n, line in enumerate(self.lines) if line.node.tag == "h1"), -1)
        return found


def home_of(node: HtmlElement) -> HtmlElement:
    """Return what a line shares with its neighbours: the element around its paragraph."""
    while node.tag in INNER:
        outer = node.getparent()
        if outer is None:
            break
        node = outer
    return node


def link_share(line: Line) -> float:
    """Return which share of a line's characters is linked, 0 to 1."""
    if not line.links:
        return 0.0
    # Links inside links do not happen in parsed HTML, but in hostile trees.
    return min(sum(link.end - link.start for link in line.links) / len(line.text), 1.0)


def _squeezed(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))
