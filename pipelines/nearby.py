"""What readers see around a headline: dates and bylines that no metadata declares.

Enters a document and its headline; leaves strings of the page, the likeliest first. Reads what
stands there, in short lines only, and judges no sentence of the text.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, cast

from lxml import etree

from pipelines.names import (
    credited,
    follows_a_name,
    names_in,
    reads_as_name,
    says_no_more,
    squeezed,
    untitled,
)
from pipelines.selectors import one_line, short_text, text_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.document import Document
    from pipelines.names import Given, Role

_TEXTS = etree.XPath("//body//text()[normalize-space()]")
_UNSEEN = frozenset(("script", "style", "noscript", "template", "option", "textarea", "title"))
_LONGEST = 160
"""Characters of a line that states a date or a byline; longer ones are text."""
_BEFORE = 25
_AFTER = 60
"""Pieces of text around the headline that belong to its surroundings."""
_OPENING = 150
"""Pieces of text that may state a date where no headline was found."""
_PARAGRAPHS = 2
"""Long lines after which the article has begun."""
_MOST_MARKED = 300
"""Elements that call themselves dates or bylines."""
_MOST_PIECES = 200
_SHORTEST = len("1/1/23")
_MOST_WORDS = 16
_LABEL_WORDS = 3

_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2}(?!\d)|"
    r"\d{1,2} [A-Z][a-z]{2,8} '?\d\d\b"
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)")
_THEN = re.compile(
    r"\W*(?:published|posted|diterbitkan|dipublikasikan|diposting|terbit|tayang|rilis|disiarkan|"
    r"tanggal|date)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\W*(?:(?:terakhir|last|page)\s+)*(?:updated?|diperbarui|diperbaharui|dikemas\s?kini|modified|"
    r"pembaruan)\b",
    re.IGNORECASE,
)
_NOT_THEN = re.compile(
    r"updat|diperbarui|diperbaharui|modifi|revisi|perubahan|dikemas\s?kini|review|ditinjau|edited|"
    r"copyright|hak cipta|©|expire|berlaku|lahir|born\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"comment|komentar|related|terkait|sidebar|widget[-_]area|popular|populer|terpopuler|trending|footer|"
    r"recommend|rekomendasi|latest|terbaru|recent|archive|copyright|newsticker|breaking|next|prev|"
    r"bio(?:graphy)?\b|about-?author|author-?(?:box|bio|about|info-?box|desc)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?<![a-z])(?:date|tanggal|tgl|waktu|time|timestamp|publish(?:ed)?|posted|pubdate)(?![a-z])|"
    r"date|publish|tanggal",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"author|byline|penulis|reporter|wartawan|(?<![a-z])writer|contributor|pewarta|jurnalis",
    re.IGNORECASE,
)
_PROFILE = re.compile(r"/(?:authors?|penulis|reporter|profile|contributors?|people|staff|by)/\w")

# "SEMARANG - Wali kota …", "Kabar.id, Semarang – …": where a lead was written, not who wrote it.
_LEAD = re.compile(
    r"(?:[^a-z]{3,40}|[\w., ]{3,40}(?:\([^)]*\)|, [\w. ]+))\s*(?:[-–—]|--)\s*\S+(?:\s+\S+){2}"
)

_NO_BYLINE = frozenset(("meta", "link", "script", "style", "img", "body", "html", "main"))
_JOINTS = frozenset(("", "dan", "and", "serta", "with"))

_LABELS: dict[Role, re.Pattern[str]] = {
    "author": re.compile(
        r"^\W*(?:(?:ditulis\s+)?oleh|dening|(?:written\s+|words\s+|text\s+|posted\s+)?by|penulis|reporter|rep|"
        r"pewarta|wartawan|jurnalis|laporan|kontributor|fotografer|author)\b(?P<colon>\s*[:：])?",
        re.IGNORECASE,
    ),
    "editor": re.compile(
        r"(?:^|[/|,;]\s*)\W*(?:editor|penyunting|redaktur(?:\s+pelaksana)?|red)\b(?P<colon>\s*[:：])?",
        re.IGNORECASE,
    ),
}


class Surroundings:
    """The short lines around one headline."""

    def __init__(self, document: Document, title: str | None, brands: Sequence[str] = ()) -> None:
        self.document = document
        self.brands = brands
        self._title = squeezed(title or "")
        self._refused = False

    @cached_property
    def _texts(self) -> list[str]:
        return cast("list[str]", _TEXTS(self.document.root))

    @cached_property
    def _headline(self) -> int | None:
        """Where the headline begins among the texts."""
        if not self._title:
            return None
        headings = [*self.document.index.tagged("h1"), *self.document.index.tagged("h2")]
        inner = {
            one
            for h in headings
            if squeezed(short_text(h, 4 * _LONGEST)) == self._title
            for one in h.iter()
        }
        alike = None
        for number, text in enumerate(self._texts):
            parent = _parent(text)
            if parent in inner:
                return number
            if alike is None and len(text) < 2 * _LONGEST and self._is_title(text, parent):
                alike = number
        return alike

    def _is_title(self, text: str, parent: HtmlElement) -> bool:
        """Tell whether a text outside of headings is the headline, with or without a kicker."""
        if len(text) < len(self._title) or not squeezed(text).endswith(self._title):
            return False
        # Lists link to this article, too.
        return parent.tag not in _UNSEEN and not _in_list(parent)

    @cached_property
    def _around_headline(self) -> frozenset[HtmlElement]:
        """The elements that hold the headline: none of them is an aside."""
        if self._headline is None:
            return frozenset()
        parent = _parent(self._texts[self._headline])
        return frozenset((parent, *parent.iterancestors()))

    def _aside(
        self, element: HtmlElement, tags: Sequence[str] = ("aside", "nav", "footer")
    ) -> bool:
        for one in (element, *element.iterancestors()):
            if one in self._around_headline or one.tag in ("body", "main", "article"):
                return False
            if one.tag in tags and next(one.iterancestors("article"), None) is None:
                return True
            if _ASIDE.search(f"{one.get('class')} {one.get('id')}"):
                return True
        return False

    def dates(self) -> Iterator[str]:
        """Yield lines that state when it was published, nearest to the headline first."""
        for number in self._near():
            yield from self._dates_at(number)
        for element in self.document.index.where("class", _DATED.search)[:_MOST_MARKED]:
            text = short_text(element, _LONGEST)
            if _states_date(text) and not (_NOT_THEN.search(text) or self._aside(element)):
                yield text

    def updates(self) -> Iterator[str]:
        """Yield lines that state when it was last changed, nearest to the headline first."""
        for number in self._near():
            line = one_line(self._texts[number])
            before = one_line(self._texts[number - 1][-40:]) if number else ""
            labelled = len(before.split()) <= _LABEL_WORDS and _UPDATED.match(before)
            if _states_date(line) and (labelled or _UPDATED.match(line)):
                yield line

    def _near(self) -> Iterator[int]:
        start = self._headline
        texts = self._texts
        if start is None:
            yield from range(min(len(texts), _OPENING))
            return
        after: list[int] = []
        paragraphs = 0
        for number in range(start, min(len(texts), start + _AFTER)):
            paragraphs += len(texts[number]) > _LONGEST and _parent(texts[number]).tag == "p"
            if paragraphs > _PARAGRAPHS:
                break
            after.append(number)
        before = range(start - 1, max(-1, start - _BEFORE), -1)
        # What stands before the headline is more often another article's.
        yield from sorted(
            (*after, *before), key=lambda n: n - start if n >= start else 3 * (start - n)
        )

    def _dates_at(self, number: int) -> Iterator[str]:
        text = self._texts[number]
        if len(text) > _LONGEST or squeezed(text) == self._title:
            return
        element = _parent(text)
        declared = element.get("datetime") if element.tag == "time" else None
        if not (declared or _DATE.search(text)):
            return
        if element.tag in _UNSEEN or self._says_other(number):
            return
        if not self._says_then(number) and self._aside(element, tags=("nav", "footer")):
            return
        yield from _spelt_out(element, one_line(text))
        if declared:
            yield one_line(declared)

    def _says_then(self, number: int) -> bool:
        """Tell whether a date is called that of publication."""
        before = self._texts[number - 1][-40:].strip() if number else ""
        return bool(
            _THEN.match(self._texts[number].strip())
            or (len(before.split()) <= _LABEL_WORDS and _THEN.match(before))
        )

    def _says_other(self, number: int) -> bool:
        """Tell whether a date is called an update, a copyright or the like."""
        line = self._texts[number].strip()
        before = self._texts[number - 1][-40:].strip() if number else ""
        return bool(
            _NOT_THEN.search(line.partition(":")[0])
            or (len(before.split()) <= _LABEL_WORDS and _NOT_THEN.search(before))
        )

    def names(self, role: Role) -> tuple[str, ...]:
        """Return whom a byline or credit line names; the nearest to the headline."""
        found = self.labelled(role)
        if found or role == "editor":
            return found
        if self._refused:
            # "Penulis: admin": whatever else calls itself a byline names somebody of another page.
            return ()
        claimed = set(map(squeezed, self.labelled("editor")))
        return tuple(one for one in self._marked() if squeezed(one) not in claimed)

    def labelled(self, role: Role) -> tuple[str, ...]:
        """Return whom a line such as "Penulis: …" names."""
        start = self._headline or 0
        texts = self._texts
        asked = 0
        for number in (*range(start, len(texts)), *range(start)):
            text = texts[number]
            match = _LABELS[role].search(text.strip()) if len(text) <= _LONGEST else None
            if not match or (parent := _parent(text)).tag in _UNSEEN:
                continue
            asked += 1
            if asked > _MOST_MARKED:
                break
            near = start - _BEFORE <= number <= start + _AFTER
            colon = bool(match["colon"])
            found = self._after_label(number, role, colon=colon, near=near)
            if found and (not self._aside(parent) or (colon and not _in_list(parent))):
                return found
            if colon and near and role == "author" and self._has_value(number) and not found:
                self._refused = not self._aside(parent)
                if self._refused:
                    return ()
        return ()

    def _after_label(self, number: int, role: Role, *, colon: bool, near: bool) -> tuple[str, ...]:
        texts = self._texts
        line = one_line(texts[number])
        parent = _parent(texts[number])
        bare = not names_in([line], brands=self.brands, role=role)
        stands_alone = near and len(line.split()) <= _MOST_WORDS
        if not (colon or stands_alone or (bare and self._colon_at(number + 1))):
            return ()
        if bare:
            # The name stands in an element of its own: "Penulis: <a>Sari</a>", or the next cell.
            beyond = [one.strip() for one in texts[number + 1 : number + 3]]
            following = beyond[1:] if beyond[:1] == [":"] else beyond[:1]
            if follows_a_name(line):
                return self._signed(parent, role, line)
            if not says_no_more(line):
                return ()
            following = [one for one in following if _may_sign(one)]
            return self._signed(parent, role, line) or self._people(following, role)
        found = self._people([line], role)
        whole = short_text(parent, _LONGEST)
        more = self._people([whole], role)
        return more if more[: len(found)] == found else found

    def _has_value(self, number: int) -> bool:
        """Tell whether a label has a value of its own, in its line or the element around it."""
        line = one_line(self._texts[number])
        rest = short_text(_parent(self._texts[number]), _LONGEST).partition(line)[2]
        return not says_no_more(line) or any(map(str.isalnum, rest))

    def _colon_at(self, number: int) -> bool:
        return number < len(self._texts) and self._texts[number].lstrip()[:1] == ":"

    def _marked(self) -> tuple[str, ...]:
        """Return the names in the element that calls itself a byline, nearest to the headline."""
        index = self.document.index
        elements = [
            *index.where("class", _SIGNED.search),
            *(one for one in index.having("rel") if "author" in (one.get("rel") or "").split()),
            *(one for one in index.having("itemprop") if one.get("itemprop") == "author"),
            *(one for one in index.having("href") if _PROFILE.search(one.get("href") or "")),
        ]
        best: tuple[int, HtmlElement, tuple[str, ...]] | None = None
        for element in elements[:_MOST_MARKED]:
            if element.tag in _NO_BYLINE or self._aside(element):
                continue
            found = self._signed(element)
            far = self._distance(element) if found else 0
            if found and (best is None or far < best[0]):
                best = far, element, found
        return best[2] if best else ()

    def _signed(
        self, element: HtmlElement, role: Role = "author", label: str | None = None
    ) -> tuple[str, ...]:
        """Return the names that an element opens with, each in a piece of its own or all in one.

        Whom a label within it gives another role is left out. Where the element is asked for a
        *label*, only whom that role's labels name is taken.
        """
        pieces = [one.strip() for one in islice(text_pieces(element), _MOST_PIECES)]
        if len(pieces) == _MOST_PIECES or sum(map(len, pieces)) > 2 * _LONGEST:
            return ()
        found: dict[str, None] = {}
        given: Given = None
        for piece in _with_roles(pieces):
            named, given = credited(piece, given=given, brands=self.brands)
            wanted = (role,) if label is not None else (None, role)
            names = [name for did, name in named if did in wanted]
            names = names if all(map(_person, names)) else []
            found.update(dict.fromkeys(names))
            if found and not names and piece.strip(",&• ").lower() not in _JOINTS:
                break
        return tuple(found)

    def _people(self, lines: Iterable[str], role: Role) -> tuple[str, ...]:
        found = names_in(lines, brands=self.brands, role=role)
        return found if all(map(_person, found)) else ()

    @cached_property
    def _places(self) -> dict[HtmlElement, int]:
        places: dict[HtmlElement, int] = {}
        for number, text in enumerate(self._texts):
            places.setdefault(_parent(text), number)
        return places

    def _distance(self, element: HtmlElement) -> int:
        start = self._headline or 0
        at = next((self._places[one] for one in element.iter() if one in self._places), None)
        if at is None:
            return len(self._texts)
        return at - start if at >= start else 2 * (start - at)


def _parent(text: str) -> HtmlElement:
    """Return the element whose text it is, or around the element whose tail it is."""
    element = text.getparent()  # type: ignore[attr-defined]
    if text.is_tail:  # type: ignore[attr-defined]
        element = element.getparent()
    return cast("HtmlElement", element)


def _spelt_out(element: HtmlElement, line: str) -> Iterator[str]:
    """Yield the texts around a line in which its date may be whole, the fullest first."""
    # "<b>6 November 2023</b> 14:05 WIB", or day, month and year each in an element of its own.
    wholes = [short_text(one, _LONGEST) for one in (element, *list(element.iterancestors())[:2])]
    wholes = [
        one
        for one in wholes
        if one != line and line in one and _states_date(one) and not _NOT_THEN.search(one)
    ]
    if not _CLOCK.search(line):
        yield from (one for one in wholes if _CLOCK.search(one))
    if len(line) >= _SHORTEST and _states_date(line):
        yield line
    yield from (one for one in wholes if not _CLOCK.search(one))


def _in_list(element: HtmlElement) -> bool:
    return any(
        one.tag in ("li", "a", "nav", "aside") for one in (element, *element.iterancestors())
    )


def _states_date(text: str) -> bool:
    fits = len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS
    return fits and bool(_DATE.search(text))


def _with_roles(pieces: Iterable[str]) -> list[str]:
    """Return the pieces that say something, "(Editor)" together with the name before it."""
    found: list[str] = []
    for piece in filter(None, pieces):
        if found and follows_a_name(piece):
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    return found


def _may_sign(text: str) -> bool:
    """Tell whether what follows a label may be names: no lead, with or without its place."""
    return (
        len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and not _LEAD.match(text)
        and not text.endswith((".", "!", "?", "…"))
    ) or reads_as_name(text)


def _person(name: str) -> bool:
    return reads_as_name(name) and len(untitled(name).split()) <= 5  # noqa: PLR2004 - of a byline that no metadata declares
