"""CSS -> elements, by looking them up in an index of the tree instead of walking it each time.

Enters a selector of tags, classes, ids, attributes and combinators, which is what outlet files are
made of, or XPath of the shape they use for breadcrumbs; anything else (`:has`, `:nth-child` …) is
left to XPath. Finds what XPath would find, in document order, as long as the tree has not changed
since the index was made.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, cast

from cssselect import SelectorError, parser
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    Test = Callable[[HtmlElement], bool]

_MARKED = etree.XPath("descendant-or-self::*[@class or @id]")
_NAMED = ("meta", "script", "link", "base", "title", "h1", "h2", "time")


class Index:
    """Where in a tree the classes, ids and often asked for tags stand.

    Attributes:
        root: The tree's root.
    """

    def __init__(self, root: HtmlElement, source: str | None = None) -> None:
        self.root = root
        self._source = source
        self._having: dict[str, list[HtmlElement]] = {}

    @cached_property
    def _tags(self) -> dict[str, list[HtmlElement]]:
        found: dict[str, list[HtmlElement]] = {tag: [] for tag in _NAMED}
        for element in self.root.iter(*_NAMED):
            found[element.tag].append(element)
        return found

    def tagged(self, tag: str) -> Sequence[HtmlElement]:
        """Return every element of that tag in document order."""
        return self._tags[tag] if tag in _NAMED else list(self.root.iter(tag))

    @cached_property
    def _marks(
        self,
    ) -> tuple[dict[str, list[tuple[int, HtmlElement]]], dict[str, list[tuple[int, HtmlElement]]]]:
        classes: dict[str, list[tuple[int, HtmlElement]]] = {}
        ids: dict[str, list[tuple[int, HtmlElement]]] = {}
        for number, element in enumerate(cast("list[HtmlElement]", _MARKED(self.root))):
            value = element.get("class")
            if value:
                classes.setdefault(value, []).append((number, element))
            value = element.get("id")
            if value:
                ids.setdefault(value, []).append((number, element))
        return classes, ids

    @cached_property
    def _tokens(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for value in self._marks[0]:
            for token in set(value.split()):
                found.setdefault(token, []).append(value)
        return found

    def with_class(self, name: str) -> list[HtmlElement]:
        """Return every element of that class in document order."""
        values = self._tokens.get(name, ())
        return _in_order(one for value in values for one in self._marks[0][value])

    def with_id(self, name: str) -> list[HtmlElement]:
        """Return every element of that id in document order."""
        return [element for _, element in self._marks[1].get(name, ())]

    def where(self, attribute: str, test: Callable[[str], object]) -> list[HtmlElement]:
        """Return every element whose `class` or `id` passes a test, in document order."""
        marks = self._marks[0 if attribute == "class" else 1]
        return _in_order(one for value, found in marks.items() if test(value) for one in found)

    def having(self, attribute: str) -> list[HtmlElement]:
        """Return every element with that attribute in document order."""
        if self._written is not None and attribute not in self._written:
            return []
        if attribute not in self._having:
            found = _having(attribute)(self.root)
            self._having[attribute] = cast("list[HtmlElement]", found)
        return self._having[attribute]

    @cached_property
    def _written(self) -> str | None:
        """The source in lower case: a search in it is a tenth of a walk."""
        return None if self._source is None else self._source.lower()

    @cached_property
    def marks(self) -> str:
        """Every value of `class` and `id`, one a line."""
        return "\n".join((*self._marks[0], *self._marks[1]))


@lru_cache(maxsize=4096)
def plan(selector: str) -> Plan | None:
    """Compile a selector, CSS or `xpath:`; `None` where it asks for more than an index can tell."""
    if selector.startswith("xpath:"):
        return _breadcrumbs(selector.removeprefix("xpath:"))
    try:
        parsed = parser.parse(selector)
        if len(parsed) != 1:
            return None
        return Plan(_chain(parsed[0].parsed_tree), *_taken(parsed[0].pseudo_element))
    except (SelectorError, _UnplannedError):
        return None


@lru_cache(maxsize=512)
def _having(attribute: str) -> etree.XPath:
    return etree.XPath(f"descendant-or-self::*[@{attribute}]")


_SHAPE = re.compile(
    r"(?P<open>\()?//(?P<outer>\w+|\*)\[(?:contains\(\s*@class\s*,\s*'(?P<part>[^']+)'\s*\)|"
    r"@(?P<name>class|id)\s*=\s*'(?P<whole>[^']+)')\](?://(?P<inner>\w+))?(?P<last>\)\[last\(\)\])?"
)


def _breadcrumbs(xpath: str) -> Plan | None:
    match = _SHAPE.fullmatch(xpath.strip())
    if not match or bool(match["open"]) != bool(match["last"]):
        return None
    outer = _Compound()
    outer.tag = None if match["outer"] == "*" else match["outer"]
    if match["part"]:
        _add_value(outer, "class", "*=", match["part"])
    else:
        _add_value(outer, match["name"], "=", match["whole"])
    chain = [(outer, " ")]
    if match["inner"]:
        inner = _Compound()
        inner.tag = match["inner"]
        chain.append((inner, ""))
    return Plan(chain, last=bool(match["last"]))


def _taken(pseudo: object) -> tuple[str | None, bool]:
    """Return the attribute to take, and whether to take the direct text."""
    if pseudo is None:
        return None, False
    if pseudo == "text":
        return None, True
    if isinstance(pseudo, parser.FunctionalPseudoElement) and pseudo.name == "attr":
        return str(pseudo.arguments[0].value).lower(), False
    raise _UnplannedError


class _UnplannedError(Exception):
    pass


class _Compound:
    """What one element must be: `a.judul[href]`."""

    def __init__(self) -> None:
        self.tag: str | None = None
        self.classes: list[str] = []
        self.ids: list[str] = []
        self.tests: list[Test] = []
        self.by_value: tuple[str, Callable[[str], object]] | None = None
        """`class` or `id` and a test of its value."""
        self.has: str | None = None
        """Another attribute that it must have."""

    @property
    def indexed(self) -> bool:
        return bool(self.ids or self.classes or self.by_value or self.has or self.tag in _NAMED)

    def candidates(self, index: Index) -> Sequence[HtmlElement]:
        if self.ids:
            return index.with_id(self.ids[0])
        if self.classes:
            return index.with_class(self.classes[0])
        if self.by_value:
            return index.where(*self.by_value)
        if self.has and (self.tag is None or self.tag not in _NAMED):
            return index.having(self.has)
        return index.tagged(self.tag or "*")

    def fits(self, element: HtmlElement) -> bool:
        if not isinstance(element.tag, str) or (self.tag and element.tag != self.tag):
            return False
        if self.classes:
            own = (element.get("class") or "").split()
            if not all(name in own for name in self.classes):
                return False
        return all(element.get("id") == name for name in self.ids) and all(
            test(element) for test in self.tests
        )


_Chain = list[tuple[_Compound, str]]
"""Compounds from the left, each with the combinator that stands after it."""


class Plan:
    """A compiled selector.

    Attributes:
        attribute: To take of each element instead of its text; `None` for none.
        text: Whether to take the direct text only.
    """

    def __init__(
        self,
        chain: _Chain,
        attribute: str | None = None,
        text: bool = False,  # noqa: FBT001, FBT002 - private
        *,
        last: bool = False,
    ) -> None:
        if not (chain[-1][0].indexed or chain[-1][0].tag):
            raise _UnplannedError
        self.attribute = attribute
        self.text = text
        self._chain = chain
        self._last = last

    def elements(self, index: Index) -> list[HtmlElement]:
        """Return what the selector finds, in document order."""
        found = _found(self._chain, index)
        return found[-1:] if self._last else found


def _found(chain: _Chain, index: Index) -> list[HtmlElement]:
    last = chain[-1][0]
    left = chain[:-1]
    if left and not last.indexed and (left[-1][0].indexed or len(left) > 1):
        below = _below(_found(left, index), left[-1][1], last)
        if below is not None:
            return below
    known: _Known = {}
    return [
        element
        for element in last.candidates(index)
        if last.fits(element) and _fits_left(element, left, known)
    ]


def _below(
    parents: Sequence[HtmlElement], combinator: str, last: _Compound
) -> list[HtmlElement] | None:
    """Look from what the left side found; `None` where that would lose the order."""
    if combinator == ">" and len(parents) > 1:
        return None
    found: dict[HtmlElement, None] = {}
    outer: HtmlElement | None = None
    for parent in parents:
        if combinator == " " and outer is not None:
            if any(one is outer for one in parent.iterancestors()):
                # Looked through already.
                continue
            outer = parent
        outer = outer if outer is not None else parent
        if combinator == " ":
            inner: Iterable[HtmlElement] = parent.iterdescendants(last.tag)
        elif combinator == ">":
            inner = parent.iterchildren(last.tag)
        else:
            return None
        for element in inner:
            if last.fits(element):
                found[element] = None
    return list(found)


_Known = dict[tuple["HtmlElement | None", int], bool]
"""Whether the chain of that length fits at an element or, for a descendant, at one around it."""


def _fits_left(element: HtmlElement, left: _Chain, known: _Known) -> bool:
    if not left:
        return True
    compound, combinator = left[-1]
    if combinator == " ":
        return _fits_above(element.getparent(), left, known)
    return any(
        compound.fits(one) and _fits_left(one, left[:-1], known)
        for one in _neighbours(element, combinator)
    )


def _fits_above(element: HtmlElement | None, left: _Chain, known: _Known) -> bool:
    """Tell whether the chain fits at an element or one around it; each is asked once."""
    asked: list[HtmlElement] = []
    found = False
    while element is not None:
        state = element, len(left)
        if state in known:
            found = known[state]
            break
        asked.append(element)
        if left[-1][0].fits(element) and _fits_left(element, left[:-1], known):
            found = True
            break
        element = element.getparent()
    known.update(((one, len(left)), found) for one in asked)
    return found


def _neighbours(element: HtmlElement, combinator: str) -> Iterator[HtmlElement]:
    if combinator == ">":
        parent = element.getparent()
        if parent is not None:
            yield parent
        return
    for before in element.itersiblings(preceding=True):
        if isinstance(before.tag, str):
            yield before
            if combinator == "+":
                return


def _in_order(numbered: Iterable[tuple[int, HtmlElement]]) -> list[HtmlElement]:
    return [element for _, element in sorted(numbered, key=_number)]


def _number(one: tuple[int, HtmlElement]) -> int:
    return one[0]


def _chain(tree: parser.Tree) -> _Chain:
    if isinstance(tree, parser.CombinedSelector):
        left = _chain(tree.selector)
        left[-1] = (left[-1][0], tree.combinator)
        return [*left, (_compound(tree.subselector), "")]
    return [(_compound(tree), "")]


def _compound(tree: parser.Tree) -> _Compound:
    found = _Compound()
    while not isinstance(tree, parser.Element):
        if isinstance(tree, parser.Class):
            found.classes.append(tree.class_name)
        elif isinstance(tree, parser.Hash):
            found.ids.append(tree.id)
        elif isinstance(tree, parser.Attrib) and tree.namespace is None:
            _add_attribute(found, tree)
        elif isinstance(tree, parser.Pseudo) and tree.ident in _PLACES:
            found.tests.append(_PLACES[tree.ident])
        elif isinstance(tree, parser.Negation):
            found.tests.append(_not(_compound(tree.subselector)))
        else:
            raise _UnplannedError
        tree = tree.selector
    if tree.namespace is not None:
        raise _UnplannedError
    found.tag = tree.element.lower() if tree.element else None
    return found


def _first(element: HtmlElement, tag: str = "*") -> bool:
    return next(element.itersiblings(tag, preceding=True), None) is None


def _last(element: HtmlElement, tag: str = "*") -> bool:
    return next(element.itersiblings(tag), None) is None


_PLACES: dict[str, Test] = {
    "first-child": _first,
    "last-child": _last,
    "first-of-type": lambda element: _first(element, element.tag),
    "last-of-type": lambda element: _last(element, element.tag),
}


def _not(inner: _Compound) -> Test:
    return lambda element: not inner.fits(element)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda found, wanted: found == wanted,
    "~=": lambda found, wanted: bool(wanted) and wanted in found.split(),
    "^=": lambda found, wanted: bool(wanted) and found.startswith(wanted),
    "$=": lambda found, wanted: bool(wanted) and found.endswith(wanted),
    "*=": lambda found, wanted: bool(wanted) and wanted in found,
    "|=": lambda found, wanted: found == wanted or found.startswith(wanted + "-"),
}


def _add_attribute(compound: _Compound, tree: parser.Attrib) -> None:
    name = tree.attrib.lower()
    if tree.operator == "exists":
        compound.has = compound.has or name
        compound.tests.append(lambda element: element.get(name) is not None)
    elif tree.operator in _OPERATORS and tree.value is not None:
        _add_value(compound, name, tree.operator, str(getattr(tree.value, "value", tree.value)))
    else:
        raise _UnplannedError


def _add_value(compound: _Compound, name: str, operator: str, wanted: str) -> None:
    compare = _OPERATORS[operator]
    if name in ("class", "id") and wanted:
        compound.by_value = (name, lambda value: compare(value, wanted))
    else:
        compound.has = compound.has or name
    compound.tests.append(lambda element: compare(element.get(name) or "", wanted))
