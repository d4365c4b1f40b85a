"""Lines of a body -> those that stand together as a box, a list or a widget, taken out.

A label over links, an element that its class or the outlet's layout names, a caption.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.blocks import ancestors
from pipelines.cutting import is_within, names_of
from pipelines.labels import BOX_CLASS, WIDGET_CLASS
from pipelines.readalso import (
    LONGEST_TITLE,
    announces,
    is_heading_label,
    is_lone_title,
    is_prompt,
    label_alone,
    own_line,
    read_also,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from pipelines.blocks import Line
    from pipelines.cutting import Cutting

_LONGEST_BOX_LINES = 40
_LARGEST_BOX = 1_500
_LARGEST_WIDGET = 400
_LARGEST_CONTENTS = 2_000
"""Characters of a table of contents."""
_LONGEST_CAPTION = 1_000
_MOSTLY = 0.5
_LINKED = 0.85
"""Share of a line's letters that must be linked for it to count as a link."""


def take_labelled(state: Cutting, at: int) -> int | None:
    """Take a label that stands alone with the links, the list or the box below it.

    Returns:
        The number of the line behind, `None` where there is no such label.
    """
    line = state.lines[at]
    label = label_alone(line)
    if not label or (is_prompt(line) and not announces(line)):
        # "Read more" belongs to the teaser above it, not to what follows.
        return None
    end = _box_end(state, at) or _run_end(state, at)
    if end > at + 1:
        form = "box" if _in_box(state, at, end) else "list"
        state.remove(at, "read_also_label")
        _take_lines(state, at + 1, end, form)
        return end
    nxt = at + 1
    if label == "strong" and nxt < len(state.lines) and is_lone_title(line, state.lines[nxt]):
        state.remove(at, "read_also_label")
        state.take_related(nxt, state.lines[nxt].text, None, "own_line")
        state.drop(nxt)
        return nxt + 1
    if stands_alone(line):
        state.remove(at, "read_also_label")
        return at + 1
    return None


def stands_alone(line: Line) -> bool:
    """Tell whether a line is a label even where nothing that it announces stands below."""
    label = label_alone(line)
    return label == "strong" or (label == "heading" and is_heading_label(line.text))


def take_element(state: Cutting, at: int) -> int | None:
    """Take an element that its class, its tag or the layout says is not the text.

    Returns:
        The number of the line behind, `None` where *at* stands in no such element.
    """
    for element, kind in state.marked(state.lines[at].node):
        end = at + 1
        while end < len(state.lines) and is_within(state.lines[end].node, element):
            end += 1
        if _take(state, at, end, element, kind):
            return end
    return None


def _box_end(state: Cutting, at: int) -> int | None:
    """Return where the box ends that the label at *at* opens, if it is one: mostly links."""
    best = None
    for element in ancestors(state.lines[at], state.root):
        if at and is_within(state.lines[at - 1].node, element):
            break
        end = at + 1
        while end < len(state.lines) and is_within(state.lines[end].node, element):
            end += 1
            if end - at > _LONGEST_BOX_LINES:
                return best
        if end > at + 1 and _mostly_links(state.lines[at + 1 : end]):
            best = end
    return best


def _mostly_links(lines: Sequence[Line]) -> bool:
    letters = sum(len(line.text) for line in lines)
    linked = sum(link.end - link.start for line in lines for link in line.links)
    return linked >= _MOSTLY * letters and all(
        len(line.text) <= LONGEST_TITLE or line.linked() > _LINKED for line in lines
    )


def _run_end(state: Cutting, at: int) -> int:
    """Return where the links, or the one list, right below a label end."""
    end = at + 1
    items = None
    while end < len(state.lines) and end - at <= _LONGEST_BOX_LINES:
        line = state.lines[end]
        if line.linked() < _LINKED or label_alone(line):
            around = _list_of(line)
            if around is None or len(line.text) > LONGEST_TITLE or (items not in (None, around)):
                break
            if items is None and end > at + 1:
                break
            items = around
        end += 1
    return end


def _list_of(line: Line) -> HtmlElement | None:
    node = line.node
    while node is not None and node.tag not in ("ul", "ol"):
        node = node.getparent() if node.tag in ("li", "p", "div") else None
    return node


def _in_box(state: Cutting, at: int, end: int) -> bool:
    """Tell whether label and links share an element of their own."""
    for element in ancestors(state.lines[at], state.root):
        if element.tag in ("ul", "ol"):
            continue
        if is_within(state.lines[end - 1].node, element):
            outside = end < len(state.lines) and is_within(state.lines[end].node, element)
            outside = outside or (at > 0 and is_within(state.lines[at - 1].node, element))
            return not outside
    return False


def _take_lines(state: Cutting, start: int, end: int, form: str) -> None:
    """Take the titles of several lines; what is no link goes to `removed`."""
    plain_list = all(not state.lines[at].links for at in range(start, end))
    last: str | None = None
    for at in range(start, end):
        line = state.lines[at]
        own = own_line(line)
        if own:
            state.take_titles(at, replace(own, form=form))
        elif plain_list and _list_of(line) is not None:
            state.take_related(at, line.text, None, form)
        elif line.links and line.linked() >= _MOSTLY:
            found = read_also(line, 0, len(line.text), 0, line.links, form=form)
            repeats = len(found.titles) == 1 and found.titles[0][1] == last is not None
            if repeats:
                # Picture, headline and teaser of one box often carry the same link.
                state.take(at, "box", line.text)
            else:
                state.take_titles(at, found)
            last = found.titles[-1][1]
        else:
            state.take(at, "box", line.text)
        state.drop(at)


def _take(state: Cutting, at: int, end: int, element: HtmlElement, kind: str) -> bool:
    lines = state.lines[at:end]
    size = sum(len(line.text) for line in lines)
    boxed = kind == "box" or (kind == "remove" and BOX_CLASS.search(names_of(element)) is not None)
    labelled = kind in ("box", "remove") and any(label_alone(one) or own_line(one) for one in lines)
    if boxed or labelled:
        small = labelled and size <= _LARGEST_BOX
        if kind == "box" and not (small or _mostly_links(lines)):
            return False
        first = label_alone(lines[0])
        if first:
            state.remove(at, "read_also_label")
        _take_lines(state, at + bool(first), end, "box")
        return True
    if (kind == "caption" and size > _LONGEST_CAPTION) or (
        kind == "widget" and size > _largest_widget(element)
    ):
        return False
    for n in range(at, end):
        found = own_line(state.lines[n])
        if found:
            state.take_titles(n, found)
            state.drop(n)
        elif kind == "caption":
            state.captions.append(n)
        else:
            state.remove(n, kind)
    return True


def _largest_widget(element: HtmlElement) -> int:
    match = WIDGET_CLASS.search(names_of(element))
    return _LARGEST_CONTENTS if match and match["toc"] else _LARGEST_WIDGET
