"""What changed between two texts, word by word, for a person to read."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORDS = re.compile(r"\n|[^\s]+")


def word_diff(old: str, new: str, *, context: int = 6) -> str:
    r"""Show the words that went as ``[-…-]`` and those that came as ``{+…+}``.

    Args:
        old: Paragraphs separated by a newline.
        new: As *old*.
        context: Words kept around a change; what lies further away becomes ``…``.

    Returns:
        One line per stretch of changes; empty if the words are the same.

    >>> word_diff("Harga beras naik lagi", "Harga beras turun lagi")
    'Harga beras [-naik-] {+turun+} lagi'
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    groups = SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(context)
    return "\n".join(_line(group, before, after) for group in groups)


def _line(group: list[tuple[str, int, int, int, int]], before: list[str], after: list[str]) -> str:
    parts: list[str] = []
    if group[0][1] > 0:
        parts.append("…")
    for tag, i1, i2, j1, j2 in group:
        if tag == "equal":
            parts.append(_joined(before[i1:i2]))
            continue
        if i1 < i2:
            parts.append(f"[-{_joined(before[i1:i2])}-]")
        if j1 < j2:
            parts.append(f"{{+{_joined(after[j1:j2])}+}}")
    if group[-1][2] < len(before):
        parts.append("…")
    return " ".join(part for part in parts if part)


def _joined(words: list[str]) -> str:
    return " ".join("¶" if word == "\n" else word for word in words)
