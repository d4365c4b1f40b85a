"""Lines of a body -> the same lines without read-also links and other boilerplate.

Works on the markup: what is cut from a line is cut from the tree, and from nothing else. All that
goes is handed back, in document order: the titles of read-also links as `Related`, everything else,
their labels included, as `Removed`. Body, related and removed together hold every word that was
visible before, and cleaning what is left takes no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from lxml.html import Element

from pipelines.blocks import Line, cut_parts, lines_in, tidy
from pipelines.boilerplate import INLINE, SIGNOFFS
from pipelines.boxes import stands_alone, take_element, take_labelled
from pipelines.cutting import HAS_WORD, Cutting
from pipelines.linekind import is_signoff, line_kind
from pipelines.readalso import ReadAlso, is_prompt, own_line
from pipelines.readalso_inside import holds_label, inside
from pipelines.records import Related, Removed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from pipelines.outlets import CleanRules

FORMS = ("own_paragraph", "own_line", "parenthesised", "inline", "glued", "list", "box")
"""How a read-also link may stand on a page: a paragraph with a link, a line with none, in brackets,
with a link inside a paragraph, without one at its end, under a label, in a box."""

KINDS = (
    "read_also_label",
    "read_also_duplicate",
    "box",
    "advertisement",
    "embed",
    "video_promo",
    "channel_promo",
    "syndication",
    "byline",
    "credit",
    "copyright",
    "navigation",
    "tags",
    "caption",
    "widget",
    "title",
    "links",
    "part_repeat",
    "separator",
    "signoff",
    "drop_line",
    "inline",
    "remove",
)
"""What `removed` may hold; the last three are the outlet's own rules."""

_MOST_LINKS = 300
"""In one line; more are a hostile page's, and each cut looks at all of them."""
_MOST_MATCHES = 100
"""Of one pattern in one line at a time."""
_MOST_SIGNOFFS = 20
"""Cut from the end of one paragraph; more are a hostile page's."""
_SIGNED = 200
"""Characters at the end of a paragraph that may be a sign-off."""
_SIGNED_BY_RULE = 1_000
"""The same for an outlet's own patterns."""
_AT_END = {"syndication": 800, "credit": 1_000, "copyright": 200}
"""Kinds inside a line that only stand at its end, and the characters that may hold them."""
_LONGEST_PHOTO_CREDIT = 300
_SHORTEST_STORY = 200
"""Characters of a single caption that is a story."""
_SHORTEST_PARAGRAPH = 60
_SENTENCE_ENDS = (".", "!", "?", "…", '"', "”")
_PHOTO_CREDIT = re.compile(
    r"(?<=\S)\s*[(\[]\s*(?:(?:foto|photo|dok|ist|istimewa|getty|©)\b[^()\[\]]{0,80}|"
    r"[^()\[\]\d/]{2,30}/[^()\[\]\d]{2,50})[)\]]\W*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Cleaned:
    """What cleaning leaves and what it took.

    Attributes:
        lines: The lines that are left, cut where something was in them, each with its number.
        found: What was taken out, each with the number of the line it stood in.
    """

    lines: list[tuple[int, Line]]
    found: list[tuple[int, Related | Removed]]


def clean(
    lines: Sequence[Line],
    root: HtmlElement,
    *,
    base: str,
    rules: CleanRules,
    removed: frozenset[HtmlElement] = frozenset(),
) -> Cleaned:
    """Take read-also links and boilerplate out of lines and out of their tree.

    Args:
        lines: From `blocks.lines_in(root)`; they are changed.
        root: The element that they were read from.
        base: What relative links start from.
        rules: The outlet's own.
        removed: Elements that the outlet's layout cuts out whole.
    """
    state = Cutting(lines, root, base, rules, removed)
    at = 0
    while at < len(lines):
        at = take_labelled(state, at) or take_element(state, at) or _take_single(state, at)
    _take_captions(state)
    left = [(n, line) for n, line in enumerate(lines) if n not in state.gone and tidy(line.text)]
    return Cleaned(left, _without_duplicates(sorted(state.found, key=itemgetter(0))))


def cut_signoff(text: str, rules: CleanRules) -> tuple[str, list[Removed]]:
    """Cut editors' initials from the end of the last paragraph; may leave nothing of it."""
    removed: list[Removed] = []
    cuts = True
    patterns = [(one, _SIGNED_BY_RULE) for one in rules.signoff]
    patterns += [(one, _SIGNED) for one in SIGNOFFS]
    while cuts and len(removed) < _MOST_SIGNOFFS:
        cuts = False
        for pattern, longest in patterns:
            match = pattern.search(text, max(0, len(text) - longest))
            if match and match[0].strip():
                removed.append(Removed(kind="signoff", text=tidy(match[0])))
                text = tidy(text[: match.start()] + " " + text[match.end() :])
                cuts = True
    return text, removed


def cut_end(
    paragraphs: Sequence[tuple[int, str]], rules: CleanRules, *, base: str = ""
) -> tuple[list[tuple[int, str]], list[tuple[int, Related | Removed]]]:
    """Cut sign-offs from the end of an article, and what then stands there and is none of it.

    Args:
        paragraphs: Numbered texts, as cleaned.
        rules: The outlet's own.
        base: As for `clean`.

    Returns:
        What is left, and what was cut, with the numbers of its paragraphs.
    """
    left = list(paragraphs)
    found: list[tuple[int, Related | Removed]] = []
    first = next((n for n, (_, text) in enumerate(left) if _is_paragraph(text)), len(left))
    rounds = 0
    while left:
        number, text = left.pop()
        rest, signoffs = cut_signoff(text, rules)
        found += [(number, one) for one in signoffs]
        if rest and rest != text:
            head = len(left) <= first
            again, cuts = _cleaned_text(rest, rules, base, head=head, alone=not left)
            found += [(number, one) for one in cuts]
            if again:
                # What was cut may have stood in front of another sign-off.
                left.append((number, again))
                rounds += 1
                if again == rest or rounds >= _MOST_SIGNOFFS:
                    break
        elif rest:
            left.append((number, rest))
            break
    return left, found


def _cleaned_text(
    text: str, rules: CleanRules, base: str, *, head: bool, alone: bool
) -> tuple[str, list[Related | Removed]]:
    root = Element("p")
    root.text = text
    lines = lines_in(root)
    state = Cutting(lines, root, base, rules, frozenset(), head=head)
    _take_single(state, 0)
    if state.captions and not (alone and len(text) >= _SHORTEST_STORY):
        state.remove(0, "caption")
    return tidy(lines[0].text), [item for _, item in state.found]


def whole_kind(text: str, rules: CleanRules, *, head: bool = False) -> str | None:
    """Return the kind of a line that is boilerplate as a whole, read-also links apart."""
    for pattern in rules.drop_lines:
        find = pattern.match if _is_anchored(pattern) else pattern.search
        if find(text):
            return "drop_line"
    return line_kind(text, head=head)


@lru_cache(maxsize=4096)
def _is_anchored(pattern: re.Pattern[str]) -> bool:
    """Tell whether a pattern can match at the start only; `search` would try every place."""
    text = re.sub(r"^\(\?[aimsux]+\)", "", pattern.pattern)
    inner = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", text)
    while (flat := re.sub(r"\([^()]*\)", "", inner)) != inner:
        inner = flat
    return text.startswith("^") and "|" not in inner and not pattern.flags & re.MULTILINE


def _take_single(state: Cutting, at: int) -> int:
    """Judge one line by itself until nothing more is in it; return the number of the next."""
    line = state.lines[at]
    before = None
    state.begin()
    while line.text != before:
        before = line.text
        if not HAS_WORD.search(before):
            state.remove(at, "signoff" if is_signoff(before) else "separator")
            return at + 1
        if _take_whole(state, at, line):
            return at + 1
        _cut_read_alsos(state, at, line)
        _cut_removed(state, at)
        _cut_patterns(state, at)
        if not state.may_cut(at):
            break
        if line.text == before and line.marks and holds_label(before):
            # As it will stand in the body: without links and marks.
            plain = Line(before, line.node)
            if _take_whole(state, at, plain):
                return at + 1
            _cut_read_alsos(state, at, plain)
    state.head = state.head and not _is_paragraph(before)
    return at + 1


def _is_paragraph(text: str) -> bool:
    return len(text) >= _SHORTEST_PARAGRAPH and text.endswith(_SENTENCE_ENDS)


def _take_whole(state: Cutting, at: int, seen: Line) -> bool:
    """Take a line that is nothing but boilerplate, judged as *seen*."""
    found = own_line(seen)
    if found:
        state.take_titles(at, _with_link(found, state.lines[at]))
        state.drop(at)
        return True
    if stands_alone(seen):
        state.remove(at, "read_also_label")
        return True
    if is_prompt(seen):
        links = state.lines[at].links
        if links:
            state.take_related(at, seen.text, links[0].href, "own_paragraph")
            state.drop(at)
        else:
            state.remove(at, "read_also_label")
        return True
    kind = whole_kind(seen.text, state.rules, head=state.head)
    if kind == "caption" and at not in state.captions:
        state.captions.append(at)
    elif kind and kind != "caption":
        state.remove(at, kind)
    return kind is not None


def _cut_read_alsos(state: Cutting, at: int, seen: Line) -> None:
    """Cut every read-also that stands in a line beside other text."""
    line = state.lines[at]
    if len(line.links) > _MOST_LINKS:
        return
    begin = 0
    while state.may_cut(at):
        found = next(inside(seen, begin), None)
        if found is None:
            return
        state.take_titles(at, _with_link(found, line))
        state.cut(at, found.start, found.end)
        if seen is not line:
            seen = Line(line.text, line.node)
        begin = max(0, found.start - 1)


def _with_link(found: ReadAlso, line: Line) -> ReadAlso:
    """Give a title that was read without its link the address it has."""
    if len(found.titles) != 1 or found.titles[0][1] is not None:
        return found
    over = (one.href for one in line.links if one.start < found.end and one.end > found.start)
    return replace(found, titles=((found.titles[0][0], next(over, None)),))


def _cut_removed(state: Cutting, at: int) -> None:
    """Cut what stands in an inline element that the layout removes."""
    if not state.removed:
        return
    line = state.lines[at]
    parts: list[tuple[int, int]] = []
    follows = False
    for piece in line.pieces:
        owner = piece.node.getparent() if piece.is_tail else piece.node
        is_out = state.is_cut_out(owner)
        if is_out:
            start = parts.pop()[0] if follows else piece.start
            parts.append((start, min(piece.end, len(line.text))))
        follows = is_out
    parts = [(start, end) for start, end in parts if end > start]
    for start, end in reversed(parts):
        state.take(at, "remove", line.text[start:end])
    cut_parts(line, parts)


def _cut_patterns(state: Cutting, at: int) -> None:
    """Cut what the outlet's rules and the table of boilerplate find inside a line."""
    line = state.lines[at]
    low = line.text.lower()
    for kind, words, pattern in INLINE:
        if any(word in low for word in words):
            _cut_all(state, at, pattern, kind, longest=_AT_END.get(kind))
    for pattern in state.rules.inline:
        _cut_all(state, at, pattern, "inline")


def _cut_all(
    state: Cutting, at: int, pattern: re.Pattern[str], kind: str, *, longest: int | None = None
) -> None:
    """Cut all that a pattern finds in a line, or in the *longest* characters at its end."""
    line = state.lines[at]
    begin = 0
    for _ in range(_MOST_MATCHES):
        if longest is not None:
            begin = max(begin, len(line.text) - longest)
        match = pattern.search(line.text, begin) if state.may_cut(at) else None
        if match is None:
            return
        if match[0].strip():
            state.take(at, kind, match[0])
            state.cut(at, match.start(), match.end())
            begin = max(0, match.start() - 1) if longest is None else 0
        else:
            begin = match.end() + 1


def _take_captions(state: Cutting) -> None:
    """Remove captions, unless nothing else is left: then they are the story, as in a gallery."""
    captions = state.captions
    if not captions:
        return
    if len(state.gone) + len(captions) < len(state.lines) or not _is_story(state, captions):
        for at in captions:
            state.remove(at, "caption")
        return
    for at in captions:
        state.begin()
        _cut_all(state, at, _PHOTO_CREDIT, "credit", longest=_LONGEST_PHOTO_CREDIT)
        _take_single(state, at)
    left = [at for at in captions if at not in state.gone]
    bare = [at for at in left if _is_caption(state, at)]
    # A bare credit beside them is none of it.
    if len(bare) < len(left) or not _is_story(state, bare):
        for at in bare:
            state.remove(at, "caption")


def _is_story(state: Cutting, captions: Sequence[int]) -> bool:
    size = sum(len(state.lines[at].text) for at in captions)
    return len(captions) > 1 or size >= _SHORTEST_STORY


def _is_caption(state: Cutting, at: int) -> bool:
    return whole_kind(state.lines[at].text, state.rules) == "caption"


def _without_duplicates(
    found: Sequence[tuple[int, Related | Removed]],
) -> list[tuple[int, Related | Removed]]:
    seen: set[tuple[str, str | None]] = set()
    kept: list[tuple[int, Related | Removed]] = []
    for at, item in found:
        if isinstance(item, Related):
            key = (item.title.casefold(), item.url)
            if key in seen:
                kept.append((at, Removed(kind="read_also_duplicate", text=item.title)))
                continue
            seen.add(key)
        kept.append((at, item))
    return kept
