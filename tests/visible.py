"""What a reader sees of an element, read by a plain walk that shares no code with the product."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from pipelines.records import Article, Related, Removed

_APART = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "address article aside blockquote body br button caption center dd details dialog dir div"
        " dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html"
        " legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul"
    ).split()
)
_UNSEEN = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "applet audio amp-ad amp-embed canvas datalist embed frameset head iframe input link map"
        " meta noscript object script select style svg template textarea title video"
    ).split()
)
_NOT_DISPLAYED = re.compile(r"(?:display:none|visibility:hidden)(?:;|!|$)")
_WIDTHLESS = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]")
_WORD = re.compile(r"\w+")


def words(texts: Iterable[str]) -> Counter[str]:
    """Count the words of texts, in small letters."""
    return Counter(word for text in texts for word in _WORD.findall(text.lower()))


def letters(counted: Counter[str]) -> Counter[str]:
    """Count the letters of words: the same where markup glued two words that a cut has parted."""
    found: Counter[str] = Counter()
    for word, times in counted.items():
        for letter in word:
            found[letter] += times
    return found


def visible_words(element: HtmlElement) -> Counter[str]:
    """Count the words that a reader sees in an element; scripts, styles and hidden parts apart."""
    return words([_WIDTHLESS.sub("", "".join(_seen(element)))])


def kept_words(
    body: Iterable[str], related: Iterable[Related], removed: Iterable[Removed]
) -> Counter[str]:
    """Count the words of a row's three columns."""
    return words(body) + words(one.title for one in related) + words(one.text for one in removed)


def article_words(article: Article) -> Counter[str]:
    """Count the words of an article's body and of what was taken out of it."""
    return kept_words(article.body.split("\n"), article.related, article.removed)


def _seen(element: HtmlElement) -> Iterator[str]:
    style = re.sub(r"\s", "", element.get("style") or "").lower()
    if element.tag in _UNSEEN or "hidden" in element.attrib or _NOT_DISPLAYED.search(style):
        return
    apart = element.tag in _APART
    if apart:
        yield " "
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _seen(child)
        yield child.tail or ""
    if apart:
        yield " "
