"""How words read: as a headline, as a sentence that ends, as a quotation. Text only, no markup."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+")
FEWEST_SENTENCE_WORDS = 4
_HEADLINE = 0.6
"""Least share of long words that a headline writes with a capital."""
_FARTHEST = 250
"""Characters behind a full stop that tell whether a headline goes on."""
_LONGEST_ABBREVIATION = 20
_LONG_WORD = 4
"""Letters; headlines write shorter words small, too."""
_CLOSING = "\"'“”‘’»)]}>"
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Za-z]|dr|Dr|Prof|Ir|Hj|No|St|Jl|vs|Jr|Sr|Mr|Mrs|Kol|Jend|Letjen|Mayjen|Brigjen|KH|Tgk|Ust)\.$"
)
_SENTENCE = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘(]?[A-Z])")
_BRACKETS = {"(": ")", "[": "]"}


def is_headline(text: str) -> bool:
    """Tell whether words are written as in a headline: most long ones with a capital.

    >>> is_headline("Menlu Tiongkok Ungkap Jalan Menuju Pertemuan")
    True
    >>> is_headline("isi artikelnya sampai habis")
    False
    """
    words = [word for word in WORD.findall(text) if len(word) >= _LONG_WORD and not word.isdigit()]
    if not words:
        return bool(WORD.search(text)) and text.strip()[:1].isupper()
    capitals = sum(1 for word in words if word[0].isupper())
    return bool(capitals >= _HEADLINE * len(words))


def words_in(text: str) -> int:
    """Count words.

    >>> words_in("Harga beras – naik!")
    3
    """
    return sum(1 for _ in WORD.finditer(text))


def stops(text: str) -> bool:
    """Tell whether a text ends with a full stop, inside its quotes or brackets or behind them."""
    return text.rstrip(" " + _CLOSING).endswith(".")


def second_sentence(text: str, start: int = 0, end: int | None = None) -> int | None:
    """Return where, before *end*, a sentence ends and another, no headline, begins.

    >>> second_sentence("Harga Naik. Pemerintah segera turun tangan di pasar.")
    12
    """
    for match in _SENTENCE.finditer(text, start, len(text) if end is None else end):
        stop = match.start()
        full_stop = text[stop] == "."
        word = text[max(start, stop - _LONGEST_ABBREVIATION) : stop + 1]
        if full_stop and _ABBREVIATION.search(word):
            continue
        rest = text[match.end() : match.end() + _FARTHEST]
        if full_stop and words_in(rest) >= FEWEST_SENTENCE_WORDS and not is_headline(rest):
            return match.end()
    return None


def in_quotes(text: str, at: int) -> bool:
    """Tell whether a quotation is open there that is closed behind it."""
    before = text[:at]
    if before.rfind("“") > before.rfind("”"):
        return "”" in text[at:].partition("“")[0]
    closing = text.find('"', at) if before.count('"') % 2 else -1
    # One that opens follows a space or a colon.
    return closing >= 0 and not (text[closing - 1].isspace() or text[closing - 1] in ":(")


def opens_sentence(text: str, at: int) -> bool:
    """Tell whether a sentence can begin there: a capital, and the one before is over."""
    before = text[:at].rstrip()
    return text[at].isupper() and (not before or before[-1] in ".!?…:;" + _CLOSING)


def word_starts(text: str, at: int) -> bool:
    """Tell whether a word begins there, or a capital glued to a small letter or a digit."""
    if at == 0:
        return True
    before = text[at - 1]
    return not (before.isalnum() or before in "_-/@#") or (
        text[at].isupper() and (before.islower() or before.isdigit())
    )


def bracket_end(text: str, start: int, *, longest: int) -> int | None:
    """Return where the bracket closes that opens at *start*; `None` if not within *longest*."""
    opening, closing, depth = text[start], _BRACKETS[text[start]], 0
    for at in range(start, min(len(text), start + longest)):
        depth += (text[at] == opening) - (text[at] == closing)
        if depth == 0:
            return at + 1
    return None
