"""Text -> ISO 639-1 code and how sure, the same for the same text always.

langdetect, seeded, speaks first. It knows no Malay, Javanese or Sundanese and calls all three
Indonesian, so the words themselves are the second voice: which function words, which of two
spellings, which endings. It looks at a bounded part of the text and keeps no state.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdetect import LangDetectException
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

from pipelines.language_words import (
    ENGLISH,
    INDONESIAN,
    JAVANESE,
    MALAY,
    MALAY_PHRASES,
    NEUTRAL,
    SHARED,
    SUNDANESE,
)

if TYPE_CHECKING:
    from collections.abc import Collection

_SEEN = 6_000
"""Characters whose words are looked at; more change no verdict on news."""
_SAMPLE = 240
"""Characters that langdetect sees: its time grows with them, its verdict hardly."""
_TRIALS = 3
_FEWEST_LETTERS = 12
_FEWEST_SURE = 0.4
"""Below this the text has too little to tell: a guess would be wrong as often as right."""

# fmt: off
_LATIN = (
    "cs", "da", "de", "en", "es", "fi", "fr", "hr", "hu", "id",
    "it", "nl", "no", "pl", "pt", "ro", "sv", "tl", "tr", "vi",
)
_OTHER = (
    "ar", "bg", "bn", "el", "fa", "gu", "he", "hi", "kn", "mk",
    "ml", "mr", "ne", "pa", "ru", "ta", "te", "th", "uk", "ur",
)
# fmt: on
"""Each script has profiles of its own: what can't be is neither loaded nor weighed."""

_EAST_ASIAN: Final = (
    ("ja", 0.1, re.compile("[\u3040-\u30ff]")),
    ("ko", 0.3, re.compile("[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", 0.5, re.compile("[\u3400-\u9fff]")),
)
"""From which share of its script on; langdetect is often wrong on Chinese."""

_NOISE = re.compile(r"(?:https?://|www\.)\S+|(?:[\w.+-]+)?@[\w.-]+|#\w+")
_WORD = re.compile(r"[^\W\d_]+")
_FOLD: Final = str.maketrans("éèêëÉÈÊË", "eeeeeeee")

_FIRST_VOICE = 5.0
"""What langdetect's certainty is worth, in weights of words."""
_CLEAR = 70
"""Characters from which on langdetect is worth its whole weight."""
_ALONE = 40
"""Characters below which langdetect is not believed where no word is known: they are names."""
_MEANT: Final = {
    "id": (("id", 1.0), ("jv", 0.9), ("su", 0.9)),
    "tl": (("tl", 1.0), ("id", 0.7), ("jv", 0.7), ("su", 0.7)),
}
"""What langdetect may have heard when it says this; to it Javanese is often Tagalog."""
_PRIOR = 0.5
"""Indonesian before Malay where nothing speaks for either."""
_LOCAL: Final = {
    word: min(weight, 0.6) for table in (INDONESIAN, MALAY) for word, weight in table.items()
} | SHARED
"""What speaks for Indonesian or Malay against the others: Javanese lends content words freely."""
_BETWEEN: Final = {word: -weight for word, weight in INDONESIAN.items()} | MALAY

_PHRASE = 3.0

_CLITIC = re.compile(r"(?:nya|lah|kah|pun)$")
_SUFFIX = re.compile(r"(?:kan|an|i)$")
_PREFIX = re.compile(r"^(?:di|ber|ter|per|ke|se|meng|mem|men|me|peng|pem|pen|pe)(?=\w{4})")
_SHAPES: Final = (
    ("su", 2.5, re.compile(r"\w{2}keun$")),
    ("su", 0.8, re.compile(r"\w[^aeiou\W]eu|[^aeiou\W]eu\w")),
    ("jv", 2.0, re.compile(r"\w{3}ake$")),
    ("jv", 2.5, re.compile(r"\w{2}ipun$")),
    ("jv", 1.5, re.compile(r"\w{2}(?:[aiou]|[bdghjklmprstwy])ne$")),
    ("jv", 1.5, re.compile(r"^(?:n?dh|th|mb|nd|nj|ng[gl])")),
    ("id", 2.0, re.compile(r"itas$|ifikasi$")),
    ("ms", 2.0, re.compile(r"(?:al|il|ar|or|n|t|s|v)iti$|syen$")),
)
_FIGURE = re.compile(r"(?:R[Mp]\.? ?|\()?\d[\d.,/]*\)?")
_FIGURES: Final = (
    ("ms", 3.0, re.compile(r"^RM", re.MULTILINE)),
    ("id", 3.0, re.compile(r"^Rp", re.MULTILINE)),
    ("ms", 1.5, re.compile(r"\b\d{1,3},\d{3}\b")),
    ("id", 1.5, re.compile(r"\b\d{1,3}\.\d{3}\b")),
    ("id", 1.0, re.compile(r"\b\d+,\d\d?\b")),
    ("id", 1.5, re.compile(r"^\(\d\d?/\d\d?(?:/\d{4})?\)", re.MULTILINE)),
)
"""How each country writes money, thousands, decimals and, behind a weekday, the date."""
_STEEP, _FEW = 1.7, 2.0
"""Fitted so that a confidence is about the share of texts that are right (docs/language.md)."""
_WHOLE, _ROOT = 5, 4
"""Letters from which on a word shows its shape, and a stem is more than an accident."""
_STEMMED = 0.4
"""What a stem is worth of its word."""
_SHORT = 80
"""Words up to which stems and shapes are looked at; longer texts have enough whole words."""


def language_of(text: str) -> tuple[str | None, float | None]:
    """Return the language of *text* and a confidence from 0 to 1.

    Returns:
        `(None, None)` where there is too little to tell.

    >>> language_of("Pemerintah menaikkan harga beras mulai pekan depan, kata menteri.")[0]
    'id'
    """
    text = text[:_SEEN]
    if any(mark in text for mark in ("@", "#", "://", "www.")):
        text = _NOISE.sub(" ", text)
    words = latin = _WORD.findall(text)
    if not text.isascii():
        latin = [word for word in words if word[0] < "\u0250" or "\u1e00" <= word[0] < "\u1f00"]
    letters, latin_letters = len("".join(words)), len("".join(latin))
    if letters < _FEWEST_LETTERS:
        return None, None
    if latin_letters * 2 < letters:
        return _foreign(" ".join(word for word in words if word[0] >= "\u0250"))
    code, sure = _decide(latin, text)
    return (code, round(sure, 4)) if code and sure >= _FEWEST_SURE else (None, None)


def _decide(words: list[str], text: str) -> tuple[str | None, float]:
    line = f" {' '.join(words)} ".lower().translate(_FOLD)
    # In the order of the text: sums of a set would differ from process to process.
    scores, between = _evidence(dict.fromkeys(line.split()))
    between["ms"] += _PHRASE * sum(f" {phrase} " in line for phrase in MALAY_PHRASES)
    figures = "\n".join(_FIGURE.findall(text))
    for code, weight, figure in _FIGURES if figures else ():
        between[code] += weight * bool(figure.search(figures))
    sample = _sample(words)
    unknown = not any((*scores.values(), *between.values()))
    if unknown and len(sample) < _ALONE and sample.isascii():
        return None, 0.0
    voice = _FIRST_VOICE * min(1.0, len(sample) / _CLEAR)
    for code, probability in _first(sample, _LATIN):
        for local, share in _MEANT.get(code, ((code, 1.0),)):
            scores[local] = scores.get(local, 0.0) + share * probability * voice
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    sure = _certainty(scores[best], scores[second])
    if best != "id":
        return best, sure
    malay, indonesian = between["ms"], between["id"] + _PRIOR
    code = "ms" if malay > indonesian else "id"
    return code, sure * _certainty(max(malay, indonesian), min(malay, indonesian))


def _evidence(known: Collection[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Weigh each word once: what a text is about should not count as often as it is said."""
    scores = {"id": 0.0, "jv": 0.0, "su": 0.0, "en": 0.0}
    between = {"id": 0.0, "ms": 0.0}
    short = len(known) <= _SHORT
    for word in known:
        local = _LOCAL.get(word, 0.0)
        javanese, sundanese = JAVANESE.get(word, 0.0), SUNDANESE.get(word, 0.0)
        english = ENGLISH.get(word, 0.0)
        scores["id"] += local
        scores["jv"] += javanese
        scores["su"] += sundanese
        scores["en"] += english
        leaning = _BETWEEN.get(word, 0.0)
        if short and len(word) >= _WHOLE and not (local or javanese or sundanese or english):
            leaning = 0.0 if word in NEUTRAL else _stem_leaning(word)
            for code, weight, shape in _SHAPES:
                if shape.search(word):
                    (between if code in between else scores)[code] += weight
        between["ms" if leaning > 0 else "id"] += abs(leaning)
    return scores, between


def _stem_leaning(word: str) -> float:
    bare = _CLITIC.sub("", word)
    if bare in _BETWEEN:
        return _BETWEEN[bare]
    for stem in (_SUFFIX.sub("", bare), bare):
        for root in (stem, _PREFIX.sub("", stem)):
            if len(root) >= _ROOT and root in _BETWEEN:
                return _BETWEEN[root] * _STEMMED
    return 0.0


def _certainty(more: float, less: float) -> float:
    # The words of one text hang together, so evidence counts by the root of its amount.
    return 1.0 / (1.0 + math.exp(-_STEEP * (more - less) / math.sqrt(more + less + _FEW)))


def _sample(words: list[str]) -> str:
    """Give the beginning, the middle and the end of *words*, about `_SAMPLE` characters in all."""
    text = " ".join(words)
    if len(text) > _SAMPLE:
        third = _SAMPLE // 3
        middle = (len(text) - third) // 2
        text = f"{text[:third]} {text[middle : middle + third]} {text[-third:]}"
    return text.lower() if sum(map(str.isupper, words)) * 2 > len(words) else text


def _foreign(text: str) -> tuple[str | None, float | None]:
    for code, least, script in _EAST_ASIAN:
        share = len(script.findall(text)) / len(text)
        if share >= least:
            return code, round(min(1.0, share / least / 2), 4)
    heard = _first(text[:_SAMPLE], _OTHER)
    return (heard[0][0], round(min(1.0, heard[0][1]), 4)) if heard else (None, None)


def _first(text: str, codes: tuple[str, ...]) -> list[tuple[str, float]]:
    detector = _profiles(codes).create()
    detector.n_trial = _TRIALS
    detector.append(text)
    try:
        return [(str(heard.lang), float(heard.prob)) for heard in detector.get_probabilities()]
    except LangDetectException:
        return []


@lru_cache(maxsize=2)
def _profiles(codes: tuple[str, ...]) -> DetectorFactory:
    factory = DetectorFactory()
    # Unseeded it draws at random and the verdict varies.
    factory.set_seed(0)
    folder = Path(PROFILES_DIRECTORY)
    factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in codes])
    return factory
