"""Document -> which lines of a page without an outlet file are the article.

`forest` weighs what each line is and stands in (`traits`) and what the page's JSON-LD says the text
is. Where that leaves doubt, trafilatura is heard as a witness; where much was left out, once more
with all of its fallbacks.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from trafilatura import bare_extraction

from pipelines import forest
from pipelines.blocks import Line, lines_in, tidy
from pipelines.decode import DecodeError
from pipelines.records import Reason
from pipelines.traits import WITNESS, home_of, link_share, traits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement
    from numpy.typing import NDArray

    from pipelines.document import Document

# A page that trafilatura cannot read is `Rejected`; its own complaints would only go to stderr.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

TEXT = 0.5
"""Chance from which on a line counts as text."""

_MOST_LINES = 10_000
_LONGEST_TEXT = 500_000
"""Characters, about a novel."""
_MOST_STEPS = 100_000
"""Links times the elements around them; ordinary pages have a tenth."""
_LONG = 80
_LITTLE = 1_500
"""Characters of running text; a page with less may hide its text until a script shows it."""
_SHORT_LINE = 25
"""Characters; a shorter line counts as found by trafilatura only where it is a paragraph there."""
_DOUBT = 0.1
"""Share of the text; below it, hearing trafilatura changed nothing on average (see the docs)."""
_LEAST = 200
"""Characters."""
_CONCEIVABLE = 0.1
_MUCH = 0.6
"""Share of the text; where more was left out, trafilatura is asked again, with its fallbacks."""
_MAIN = 0.15
"""Share of all text in an element whose tables and lists are text, too."""
_TEASER = 0.4
"""Share of a line that is links in teasers, at least."""
_PLAIN = 0.3
"""Share of a line that may be links in text."""
_LIST = 0.1
"""Mean chance of a list of the main element to be text."""
_NEARLY = 0.85
"""Share of an element's letters that is text where all between is."""
_HEADLINES = 5
_HEADLINE_WORDS = 4
_LINKED = 0.85
_BY = 3
"""Lines: headline, a summary, a date."""
_DATELINE = re.compile(r"[A-Z][\w .,'/()-]{1,40}\s?(?:[-–—]|--)")
"""A place in an element of its own; the text goes on in the next."""
_TAG = re.compile(r"<[^>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Guess:
    """Lines of a page and which of them are the article's."""

    lines: list[Line]
    text: NDArray[np.bool_]
    told: str
    """The text that the page's JSON-LD claims, or nothing."""
    witnesses: str
    """For `provenance`."""


def guess(document: Document, title: str) -> Guess:
    """Tell which lines of a page are its article's text.

    Args:
        document: Not yet cleaned.
        title: Its headline.
    """
    claim = told(document)
    lines, table = described(document, title, claim)
    if not lines:
        return Guess(lines, np.zeros(0, np.bool_), claim, "forest")
    size = np.array([len(line.text) for line in lines], float)
    linked = np.array([link_share(line) for line in lines])
    trees = forest.load()
    chance = trees.chance(table)
    witnesses = "forest"
    if in_doubt(size, chance):
        chance = trees.chance(heard(table, found_by_trafilatura(document.root, lines)))
        witnesses = "trafilatura, forest"
    text = _mended(lines, chance, size, linked)
    if _missing(text, chance, size, linked) > _MUCH:
        second = sorted(found_by_trafilatura(document.root, lines, fast=False))
        text[second] |= chance[second] >= _CONCEIVABLE
        witnesses = "trafilatura, forest"
    return Guess(lines, text, claim, witnesses)


def described(document: Document, title: str, claim: str) -> tuple[list[Line], NDArray[np.float32]]:
    """Return a page's lines and their traits, no witness heard yet.

    Args:
        document: Not yet cleaned.
        title: Its headline.
        claim: Of `told`.
    """
    body = document.root.find("body")
    lines = [] if body is None else _lines(body)
    found = traits(
        lines,
        title=title,
        summary=document.meta("description") or document.meta("og:description") or "",
        told=claim,
    )
    return lines, found


def heard(table: NDArray[np.float32], witness: frozenset[int]) -> NDArray[np.float32]:
    """Return traits with what a witness says of each line.

    Args:
        table: Of `described`.
        witness: Numbers of the lines that it takes for text.
    """
    table = table.copy()
    table[:, WITNESS] = 0
    table[sorted(witness), WITNESS] = 1
    return table


def teased(lines: Sequence[Line], text: NDArray[np.bool_]) -> float:
    """Return which share of the text are teasers: what stands by headlines that lead elsewhere.

    0 where there are fewer such headlines than a listing has.
    """
    numbers = [int(number) for number in np.flatnonzero(text)]
    if not numbers:
        return 0.0
    before = range(max(0, numbers[0] - _BY), numbers[-1] + 1)
    heads = {number for number in before if _leads_away(lines[number])}
    if len(heads) < _HEADLINES:
        return 0.0
    near = heads | {head + step for head in heads for step in range(1, _BY)}
    size = sum(len(lines[number].text) for number in numbers)
    return sum(len(lines[number].text) for number in numbers if number in near) / size


def _leads_away(line: Line) -> bool:
    return link_share(line) >= _LINKED and len(line.text.split()) >= _HEADLINE_WORDS


def in_doubt(size: NDArray[np.float64], chance: NDArray[np.float64]) -> bool:
    """Tell whether so much may be judged wrong that a witness should be heard.

    Args:
        size: Characters of each line.
        chance: Of each line to be text.
    """
    wrong = (size * np.minimum(chance, 1 - chance)).sum()
    return bool(wrong > _DOUBT * max(size[chance >= TEXT].sum(), _LEAST))


def _missing(
    text: NDArray[np.bool_],
    chance: NDArray[np.float64],
    size: NDArray[np.float64],
    linked: NDArray[np.float64],
) -> float:
    """Return how much conceivable text was left out, as a share of what was taken."""
    left = ~text & (chance >= _CONCEIVABLE) & (size >= _LONG) & (linked < _PLAIN)
    return float(size[left].sum() / max(size[text].sum(), 1))


def told(document: Document) -> str:
    """Return the longest text that the page's JSON-LD claims to be the article's."""
    texts = (item.get("articleBody") for item in document.json_ld)
    longest = max((one for one in texts if isinstance(one, str)), key=len, default="")
    return _TAG.sub(" ", longest)


def bounded(lines: list[Line]) -> list[Line]:
    """Return lines as they are.

    Raises:
        DecodeError: `TOO_LARGE`: more text than any article has.
    """
    size = sum(len(line.text) for line in lines)
    if len(lines) > _MOST_LINES or size > _LONGEST_TEXT:
        raise DecodeError(Reason.TOO_LARGE, f"{len(lines)} lines, {size} characters of text")
    return lines


def _lines(body: HtmlElement) -> list[Line]:
    lines = bounded(lines_in(body))
    running = _running(lines)
    if running < _LITTLE:
        shown = bounded(lines_in(body, hidden=True))
        if _running(shown) > 3 * running + _LITTLE / 3:
            return shown
    return lines


def _running(lines: Sequence[Line]) -> int:
    return sum(
        len(line.text) for line in lines if len(line.text) >= _LONG and link_share(line) < _TEASER
    )


def found_by_trafilatura(
    tree: HtmlElement, lines: Sequence[Line], *, fast: bool = True
) -> frozenset[int]:
    """Return the numbers of the lines that trafilatura takes for text; it works on a copy.

    Args:
        tree: Of the whole page.
        lines: Of its body.
        fast: Whether it may do without its second opinions.
    """
    if _is_costly(tree):
        return frozenset()
    text = text_lines(tree, fast=fast)
    joined = " ".join(text)
    return frozenset(
        number
        for number, line in enumerate(lines)
        if (one := tidy(line.text)) in text or (len(one) >= _SHORT_LINE and one in joined)
    )


def _is_costly(tree: HtmlElement) -> bool:
    """Tell whether trafilatura may need seconds: it looks at the links of every element."""
    steps = 0
    for link in tree.iter("a"):
        steps += 1 + sum(1 for _ in link.iterancestors())
        if steps > _MOST_STEPS:
            return True
    return False


def text_lines(tree: HtmlElement, *, fast: bool = True) -> dict[str, None]:
    """Return the paragraphs that trafilatura takes for text, in order.

    Args:
        tree: Which is copied.
        fast: Whether it may do without its second opinions.
    """
    try:
        found = bare_extraction(tree, include_comments=False, with_metadata=False, fast=fast)
    except Exception:  # noqa: BLE001 - foreign code on hostile input; finding nothing is an outcome
        return {}
    text = getattr(found, "text", None) or ""
    lines = [tidy(line) for line in text.split("\n") if line.strip()]
    # It marks list items with a dash; the page may have written one, too.
    return dict.fromkeys([*lines, *(line.removeprefix("- ") for line in lines)])


def _mended(
    lines: Sequence[Line],
    chance: NDArray[np.float64],
    size: NDArray[np.float64],
    linked: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Tell which lines are text; add what stands in the text and looks like anything but text.

    That is rows of figures and short items in a table or a list of the main element, lines between
    others of an element that is nearly all text, and a dateline in front of it.
    """
    text = chance >= TEXT
    groups: dict[HtmlElement, list[int]] = {}
    homes: dict[HtmlElement, list[int]] = {}
    for number, line in enumerate(lines):
        group = _group(line)
        if group is None:
            homes.setdefault(home_of(line.node), []).append(number)
        else:
            groups.setdefault(group, []).append(number)
    kept = {home: float(size[at][text[at]].sum()) for home, at in homes.items()}
    most = sum(kept.values())
    for group, rows in groups.items():
        plain = np.average(linked[rows], weights=size[rows]) <= _PLAIN
        likely = group.tag == "table" or np.average(chance[rows], weights=size[rows]) >= _LIST
        if plain and likely and kept.get(_home_of_group(group), 0) > _MAIN * most:
            text[rows] = True
    for home, at in homes.items():
        if kept[home] >= _NEARLY * size[at].sum():
            inside = [n for n in at if text[n]]
            between = [n for n in at if inside[0] < n < inside[-1] and linked[n] < _PLAIN]
            text[between] = True
    datelines = [n for n, line in enumerate(lines[:-1]) if _DATELINE.fullmatch(line.text)]
    text[[n for n in datelines if text[n + 1]]] = True
    return text


def _home_of_group(group: HtmlElement) -> HtmlElement:
    home = home_of(group)
    return home.getparent() if home.tag == "figure" else home


def _group(line: Line) -> HtmlElement | None:
    """Return the outermost table or list around a line."""
    found = None
    for around in (line.node, *line.node.iterancestors()):
        if around.tag in ("table", "ul", "ol", "dl"):
            found = around
        elif around.tag in ("article", "main", "section"):
            break
    return found
