"""Pages of one site -> the selectors that they share: of the text, of values, of what to remove.

Which lines of a page are its text is told as for pages without an outlet file (`guess`); the
selector whose element holds these lines and little else on most pages is the one to write down.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.body import choose
from pipelines.dates import parse_moment
from pipelines.decode import ARTICLE_LIMIT, DecodeError, text_of
from pipelines.document import Document
from pipelines.guess import guess
from pipelines.names import names_in
from pipelines.outlets import Layout, Outlet, selector
from pipelines.process import process
from pipelines.records import Article
from pipelines.selectors import elements, one_line, short_text, values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.outlets import Selector
    from pipelines.records import Page, Rejected

MOST_TAGS = 12_000
"""Of a page that a draft looks at, several times over; of 682 real ones the largest has 9,274."""
GOOD = 0.85
"""F1 in words between what a selector gives and what was guessed, from which on it is right."""

_AROUND = 0.6
"""Share of a page's text that an element must hold to be its body."""
_ALIKE = 0.02
"""Differences in worth below this are none."""
_TIGHT = 0.3
"""What it is worth of a selector that its element holds nothing but text: less is left to rules."""
_MOST_TRIED = 5
"""Selectors whose text is read and compared; the others fall behind by their letters already."""
_ENOUGH = 0.15
"""Share of the pages that a selector must be on to be written down."""
_MOST_ELEMENTS = 5_000
"""Of one body."""
_OUTER = 4
"""Names of what stands around that are put before a name that says little."""
_MOST_REMOVED = 12
_LONGEST_WIDGET = 600
"""Characters of an element that may be cut out of a text."""
_LONGEST_NAME = 60
_LONGEST_BYLINE = 160
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_NAME = re.compile(r"-?[a-zA-Z_][\w-]*", re.ASCII)
_NUMBERED = re.compile(r"\d{3,}|(?:^|[-_])(?:post|page|category|tag|type|status|format)-")
_MADE = re.compile(r"^(?:css|sc|jsx|svelte|_)-?[a-z0-9]*\d|^[a-z]+__[A-Za-z]+-sc-|[A-Z]{2}.*\d")
_STATE = re.compile(
    r"^(?:row|col|span\d+|container|wrapper|clearfix|active|show|hidden|block|flex|grid|left|right|main|"
    r"mt|mb|my|mx|pt|pb|py|px|m|p|w|h|text|bg|font|d|col-\w+|\w{1,2}-\w{1,3}|has-\w+|is-\w+|"
    r"wow|fadein|hentry|clear|fix|first|last|odd|even)(?:[-_:]|$)",
    re.IGNORECASE,
)
_BODYISH = re.compile(
    r"(?:article|entry|post|content|body|detail|read|isi|konten|berita|story|text|txt)",
    re.IGNORECASE,
)
_DATEISH = re.compile(r"date|tanggal|tgl|time|waktu|publish|posted|terbit", re.IGNORECASE)
_SIGNISH = re.compile(
    r"author|penulis|byline|reporter|wartawan|writer|jurnalis|pewarta|oleh", re.IGNORECASE
)
_ASIDE = re.compile(
    r"comment|komentar|related|terkait|sidebar|populer|popular|footer|recommend|latest|terbaru|"
    r"modif|updat|copyright",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\W*(?:baca|lihat|simak|read|artikel|berita)\s+(?:juga|selengkapnya|also|terkait)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")


@dataclass(slots=True)
class Sight:
    """A page that is an article by the general rules, and where its text stands.

    Attributes:
        page: As fetched.
        article: What the general rules make of it.
        document: Never changed.
        letters: Element -> letters of all its lines, and of those that are text.
        text: Letters of the page's text.
        clocks: Short lines that state a time of day.
        words: Of the article's body.
    """

    page: Page
    article: Article
    document: Document
    letters: dict[HtmlElement, tuple[int, int]]
    text: int
    clocks: tuple[str, ...]
    words: Counter[str]

    def share(self, element: HtmlElement) -> tuple[float, float]:
        """Return which share of the text an element holds, and which share of it is text."""
        every, text = self.letters.get(element, (0, 0))
        return (text / self.text if self.text else 0.0), (text / every if every else 0.0)

    def first(self, one: Selector) -> HtmlElement | None:
        """Return the element that a layout with that body would choose."""
        for element in elements(self.document, one):
            if any(text.strip() for text in element.itertext()):
                return element
        return None


def is_ordinary(page: Page) -> bool:
    """Tell whether a page is small enough to be looked at several times."""
    try:
        return text_of(page, limit=ARTICLE_LIMIT).count("<") <= MOST_TAGS
    except DecodeError:
        return True  # `process` says what is wrong with it


def sight_of(page: Page, article: Article) -> Sight | None:
    """Find where a page's text stands; `None` where it cannot be told."""
    try:
        document = Document(text_of(page, limit=ARTICLE_LIMIT), page.final_url)
        found = guess(document, article.title)
    except DecodeError:
        return None
    letters: dict[HtmlElement, tuple[int, int]] = defaultdict(lambda: (0, 0))
    total = 0
    for line, is_text in zip(found.lines, found.text, strict=True):
        size = len(line.text)
        own = size if is_text else 0
        total += own
        for around in (line.node, *line.node.iterancestors()):
            every, known = letters[around]
            letters[around] = every + size, known + own
    if not total:
        return None
    short = (line.text for line in found.lines if len(line.text) <= _LONGEST_BYLINE)
    clocks = tuple(text for text in short if _CLOCK.search(text))
    return Sight(page, article, document, dict(letters), total, clocks, _counted(article.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A body selector and how well it does."""

    selector: str
    pages: tuple[int, ...]
    """Numbers of the pages that it is on."""
    good: tuple[int, ...]
    """Of these, where it gives the text that was guessed."""
    f1: float
    """Mean over `pages`, in words."""
    worth: float
    """What `bodies_of` ranks by: pages, by how right and how tight it is on them."""


def bodies_of(sights: Sequence[Sight], outlet: Outlet) -> list[Found]:
    """Return the body selectors that the pages need, one a template, the commonest first.

    Args:
        sights: The pages.
        outlet: Whose name and zone apply; its layouts do not.
    """
    left = list(range(len(sights)))
    found: list[Found] = []
    while left and len(found) < 4:  # noqa: PLR2004 - templates of twenty pages
        best = _best(sights, left, outlet)
        if best is None or (found and len(best.good) < max(2, _ENOUGH * len(sights))):
            break
        # Where an earlier layout's selector is on a page, a later one is not asked.
        found.append(best)
        left = [number for number in left if number not in best.pages]
    return found


def layout_of(body: str, remove: Sequence[str] = (), **fields: Sequence[str]) -> Layout:
    """Make a layout of selectors as they are written."""
    return Layout(
        body=(selector(body),),
        fields={name: tuple(map(selector, texts)) for name, texts in fields.items()},
        remove=tuple(map(selector, remove)),
    )


def agreement(sight: Sight, made: Article | Rejected) -> float:
    """Return F1 in words between an article and what the general rules made of its page."""
    if not isinstance(made, Article):
        return 0.0
    words = _counted(made.body)
    same = (words & sight.words).total()
    return 2 * same / (words.total() + sight.words.total()) if same else 0.0


def _best(sights: Sequence[Sight], left: Sequence[int], outlet: Outlet) -> Found | None:
    counts: Counter[str] = Counter()
    for number in left:
        counts.update(set(_names_around(sights[number])))
    least = min(max(2, _ENOUGH * len(left)), 0.5 * max(counts.values(), default=0))
    # Several names may find the very same elements: the best of them will do.
    alike: dict[tuple[HtmlElement | None, ...], str] = {}
    for text in sorted(counts, key=lambda one: (-_rank(one), len(one), one)):
        if counts[text] >= least:
            one = selector(text)
            alike.setdefault(tuple(sights[number].first(one) for number in left), text)
    ranked = sorted(
        alike.items(), key=lambda item: (-round(_held(item[0], sights, left), 2), -_rank(item[1]))
    )
    tried = [_tried(text, sights, left, outlet) for _, text in ranked[:_MOST_TRIED]]
    if not tried:
        return None
    most = max(one.worth for one in tried)
    near = [one for one in tried if one.worth >= most - _ALIKE * len(left)]
    best = max(near, key=lambda one: (_rank(one.selector), one.worth, _depth(one, sights)))
    return best if best.good else None


def _held(
    found: Sequence[HtmlElement | None], sights: Sequence[Sight], left: Sequence[int]
) -> float:
    """Say how much of the pages' text elements hold, and how little else."""
    total = 0.0
    for number, element in zip(left, found, strict=True):
        if element is not None:
            recall, precision = sights[number].share(element)
            total += max(0.0, recall - _AROUND) * (0.5 + 0.5 * precision)
    return total


def _depth(one: Found, sights: Sequence[Sight]) -> int:
    """Say how deep in the page an element lies: of two alike the inner one holds less else."""
    element = sights[one.pages[0]].first(selector(one.selector)) if one.pages else None
    return sum(1 for _ in element.iterancestors()) if element is not None else 0


def _tried(text: str, sights: Sequence[Sight], left: Sequence[int], outlet: Outlet) -> Found:
    rules = replace(outlet, layouts=(layout_of(text),))
    one = rules.layouts[0].body[0]
    pages = [number for number in left if sights[number].first(one) is not None]
    scores = {n: agreement(sights[n], process(sights[n].page, rules)) for n in pages}
    worth = 0.0
    for number in pages:
        element = sights[number].first(one)
        precision = sights[number].share(element)[1] if element is not None else 0.0
        right = max(0.0, scores[number] - GOOD) / (1 - GOOD)
        worth += right * (1 - _TIGHT + _TIGHT * precision)
    return Found(
        selector=text,
        pages=tuple(pages),
        good=tuple(n for n in pages if scores[n] >= GOOD),
        f1=sum(scores.values()) / len(pages) if pages else 0.0,
        worth=worth,
    )


def _names_around(sight: Sight) -> Iterator[str]:
    """Yield selectors of the elements that hold most of a page's text."""
    for element, (_, text) in sight.letters.items():
        if text < _AROUND * sight.text or element.tag in ("html", "body"):
            continue
        own = list(names_of(element))
        yield from own
        if own and all(_rank(name) < 1 for name in own):
            # A grid's class alone says little: in an element that says more it does.
            around = (name for one in element.iterancestors() for name in names_of(one))
            for outer in islice((name for name in around if _rank(name) > 0), _OUTER):
                yield from (f"{outer} {name}" for name in own)
        if element.tag in ("article", "main"):
            yield element.tag
        parent = element.getparent()
        if not own and parent is not None and parent.tag != "body":
            yield from (f"{name} > {element.tag}" for name in names_of(parent))


def names_of(element: HtmlElement) -> Iterator[str]:
    """Yield the selectors by which an element may be known on other pages, too."""
    prop = element.get("itemprop") or ""
    if _NAME.fullmatch(prop) and len(prop) <= _LONGEST_NAME:
        yield f"[itemprop={prop}]"
    ident = (element.get("id") or "").strip()
    if _is_lasting(ident):
        yield f"#{ident}"
    for name in dict.fromkeys((element.get("class") or "").split()[:12]):
        if _is_lasting(name):
            yield f".{name}"
            yield f"{element.tag}.{name}"


def _is_lasting(name: str) -> bool:
    """Tell whether a name belongs to the template and not to the one page."""
    return bool(len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) and not _NUMBERED.search(name))


def _rank(text: str) -> float:
    """Say how well a selector's name fits a body: telling, short, not made by a tool."""
    if text == "[itemprop=articleBody]":
        return 5.0
    name = text.rpartition(" ")[2].rpartition(".")[2].lstrip("#")
    rank = 2.0 if _BODYISH.search(name) else 0.0
    rank -= 3.0 if _STATE.search(name) or _MADE.search(name) else 0.0
    rank += 1.5 if " " in text and ">" not in text else 0.0
    rank -= 1.0 if ">" in text else 0.0
    rank -= 0.5 if "." in text and not text.startswith((".", "#", "[")) else 0.0
    return rank - (2.0 if text in ("article", "main") else 0.0)


# -- what to remove


def removable(sights: Sequence[Sight], found: Found) -> dict[str, tuple[int, str]]:
    """Return elements inside the body that several pages share and that are no text.

    Only such as lead elsewhere, say the same on several pages, or call themselves read-also.

    Returns:
        Selector -> on how many pages, and what one of them says.
    """
    boxes: dict[str, _Boxes] = defaultdict(_Boxes)
    for number in found.good:
        body = sights[number].first(selector(found.selector))
        if body is not None:
            _look_into(body, number, sights[number], boxes)
    least = max(2, _ENOUGH * len(found.good))
    chosen: dict[str, tuple[int, str]] = {}
    taken: set[tuple[frozenset[int], int]] = set()
    for name in sorted(boxes, key=lambda one: (-len(boxes[one].pages), len(one), one)):
        box = boxes[name]
        # Several classes of one element: the shortest will do.
        key = frozenset(box.pages), box.linked
        if not box.is_telling(least) or key in taken or not _is_own(name):
            continue
        taken.add(key)
        chosen[name] = len(box.pages), box.said.most_common(1)[0][0][:80]
        if len(chosen) >= _MOST_REMOVED:
            break
    return chosen


@dataclass(slots=True)
class _Boxes:
    """What is known of the elements that one selector finds inside bodies."""

    pages: set[int] = field(default_factory=set)
    said: Counter[str] = field(default_factory=Counter)
    linked: int = 0
    is_text: bool = False
    """Whether one of them holds text."""

    def is_telling(self, least: float) -> bool:
        """Tell whether they are surely no part of articles."""
        if self.is_text or len(self.pages) < least:
            return False
        repeats = self.said.most_common(1)[0][1]
        return self.linked >= 0.8 * self.said.total() or repeats >= max(3, least)


def _look_into(body: HtmlElement, number: int, sight: Sight, boxes: dict[str, _Boxes]) -> None:
    marked = (one for one in body.iterdescendants() if isinstance(one.tag, str))
    for element in islice(marked, _MOST_ELEMENTS):
        every, text = sight.letters.get(element, (0, 0))
        if text:
            for name in names_of(element):
                boxes[name].is_text = True
        elif 0 < every <= _LONGEST_WIDGET and not _is_inside(element, body, sight):
            told = short_text(element, _LONGEST_WIDGET)
            for name in names_of(element):
                boxes[name].pages.add(number)
                boxes[name].said[told] += 1
                boxes[name].linked += _leads_on(element, told)


def _is_own(name: str) -> bool:
    """Tell whether a name is a widget's own, and not one of a grid or made by a tool."""
    bare = name.rpartition(".")[2].lstrip("#")
    return not (_STATE.search(bare) or _MADE.search(bare))


def _is_inside(element: HtmlElement, body: HtmlElement, sight: Sight) -> bool:
    """Tell whether what stands around an element within the body is no text either."""
    parent = element.getparent()
    if parent is None or parent is body:
        return False
    every, text = sight.letters.get(parent, (0, 0))
    named = any(True for _ in names_of(parent))
    return bool(every) and not text and named and every <= _LONGEST_WIDGET


def _leads_on(element: HtmlElement, told: str) -> bool:
    if element.tag in ("figure", "figcaption") or element.find(".//img") is not None:
        return bool(_LABEL.match(told))
    linked = sum(len(one_line(link.text_content())) for link in element.iter("a"))
    return bool(told) and (linked >= 0.6 * len(told) or bool(_LABEL.match(told)))


# -- values that no metadata gives


def date_selector(sights: Sequence[Sight], numbers: Sequence[int], outlet: Outlet) -> str | None:
    """Return a selector that dates these pages, whose metadata do not."""

    def is_date(text: str) -> bool:
        return parse_moment(text, zone=outlet.timezone) is not None

    found = _common(sights, numbers, is_date, _DATEISH)
    if found is None:
        return None
    one = selector(found)
    days = {next(values(sights[n].document, one), "") for n in numbers}
    # The same on all pages: when the site was built, or today.
    return found if len(days) > 1 or len(numbers) == 1 else None


def author_selector(sights: Sequence[Sight], numbers: Sequence[int]) -> str | None:
    """Return a selector that names who wrote these pages, whose metadata do not."""
    return _common(sights, numbers, lambda text: bool(names_in([text])), _SIGNISH)


def _common(
    sights: Sequence[Sight],
    numbers: Sequence[int],
    is_usable: Callable[[str], bool],
    telling: re.Pattern[str],
) -> str | None:
    counts: Counter[str] = Counter()
    for number in numbers:
        document = sights[number].document
        names: dict[str, None] = {}
        for element in document.index.where("class", telling.search)[:200]:
            text = short_text(element, _LONGEST_BYLINE)
            if not text or _is_aside(element) or not is_usable(text):
                continue
            names.update(dict.fromkeys(one for one in names_of(element) if telling.search(one)))
        for name in names:
            if is_usable(next(values(document, selector(name)), "")):
                counts[name] += 1
    if not counts:
        return None
    best = max(counts, key=lambda one: (counts[one], -len(one), one))
    return best if counts[best] >= max(1, 0.6 * len(numbers)) else None


def _is_aside(element: HtmlElement) -> bool:
    return any(
        one.tag in ("aside", "footer", "nav")
        or _ASIDE.search(f"{one.get('class')} {one.get('id')}")
        for one in (element, *element.iterancestors())
        if one.tag not in ("html", "body")
    )


# -- families


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a family's layouts do."""

    family: str
    pages: int
    """On which one of its layouts gives the text that was guessed."""
    f1: float
    """Mean over all pages, in words; 0 where no layout is on the page."""
    selectors: tuple[str, ...]
    """Body selectors that were on the pages."""


def fit_of(family: str, outlet: Outlet, sights: Sequence[Sight]) -> Fit | None:
    """Try a family; `None` where its layouts are on fewer than half of the pages.

    Args:
        family: Its name.
        outlet: With that family's layouts.
        sights: The pages.
    """
    selectors: Counter[str] = Counter()
    own = 0
    fitting = []
    for number, sight in enumerate(sights):
        chosen = choose(sight.document, outlet)
        if chosen is not None and sight.share(chosen.element)[0] >= GOOD:
            selectors[chosen.selector.text] += 1
            own += _is_signed(chosen.layout, sight.document)
            fitting.append(number)
    # A body by the name of `.content` makes no family.
    if 2 * len(fitting) < len(sights) or (2 * own < len(fitting) and family != "plain"):
        return None
    scores = [agreement(sights[n], process(sights[n].page, outlet)) for n in fitting]
    return Fit(
        family=family,
        pages=sum(one >= GOOD for one in scores),
        f1=sum(scores) / len(sights),
        selectors=tuple(text for text, _ in selectors.most_common()),
    )


def _is_signed(layout: Layout, document: Document) -> bool:
    """Tell whether values stand where that template has them."""
    named = (
        one
        for name in ("title", "published", "authors", "section", "tags")
        for one in layout.fields.get(name, ())
        if one.kind == "css" and any(mark in one.text for mark in ".#")
    )
    return any(next(elements_or_values(document, one), None) is not None for one in named)


def elements_or_values(document: Document, one: Selector) -> Iterator[object]:
    """Yield what a CSS selector finds, whatever it is."""
    yield from values(document, one)


def _counted(text: str) -> Counter[str]:
    return Counter(_WORDS.findall(text.lower()))
