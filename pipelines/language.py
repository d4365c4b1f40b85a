"""Text -> ISO 639-1 code and how sure, the same for the same text always.

langdetect, seeded, speaks first; it knows no Malay and no Javanese and calls both Indonesian, so
py3langid, asked only about likely languages, speaks second where that may be.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from langdetect import DetectorFactory, LangDetectException, detect_langs
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SEEN = 2_000
"""Characters that are looked at; more change no verdict on news and cost time."""
_FEWEST_LETTERS = 12
_OVERRULES = 0.75
"""How sure the second voice must be that it is not Indonesian; on whole articles it is above 0.99,
on one short sentence of Indonesian it says Malay with 0.55 to 0.65."""

_LIKELY = ("id", "ms", "jv", "en", "ar", "zh", "nl", "de", "fr", "es", "pt", "tl", "ja", "ru", "fa")
_ALIKE = ("id", "ms", "jv")
_MISTAKEN = frozenset(("id", "tl", "so", "sw", "et", "hr", "sl", "fi", "cy", "af", "ro", "sq"))
"""What langdetect says of Indonesian, Malay and Javanese, mostly of short texts."""


def language_of(text: str) -> tuple[str | None, float | None]:
    """Return the language of *text* and a confidence from 0 to 1, `(None, None)` for no text.

    >>> language_of("Pemerintah menaikkan harga beras mulai pekan depan, kata menteri.")[0]
    'id'
    """
    sample = text[:_SEEN]
    if sum(char.isalpha() for char in sample) < _FEWEST_LETTERS:
        return None, None
    first, sure = _first(sample)
    if first is not None and first not in _MISTAKEN:
        return first, round(sure, 4)
    second, surer = _second(sample)
    if first == "id" and second != "id" and surer < _OVERRULES:
        return first, round(1 - surer, 4)
    if second in _ALIKE or first is None:
        return second, round(surer, 4)
    return (first, round(sure, 4)) if first == "id" or sure > surer else (second, round(surer, 4))


def _first(text: str) -> tuple[str | None, float]:
    # Unseeded it draws at random and the verdict varies.
    DetectorFactory.seed = 0
    try:
        best = detect_langs(text)[0]
    except LangDetectException:
        return None, 0.0
    # zh-cn and zh-tw are one language in ISO 639-1.
    return str(best.lang).partition("-")[0], min(1.0, float(best.prob))


def _second(text: str) -> tuple[str, float]:
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


@lru_cache(maxsize=1)
def _identifier() -> Any:  # noqa: ANN401 - py3langid ships no types
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_LIKELY))
    return identifier
