"""Texts of one outlet -> what recurs in them, with evidence; three passes, memory bounded.

The first pass counts fragments in a table of fixed size, by a 64-bit hash; the second looks at the
texts of those alone that came often enough, the third at what a finished rule would hit. Lines and
fragments of lines are told apart:

- a whole line;
- the opening words of lines that go on differently;
- the first or last sentence of a paragraph, and the brackets at the very end of a text.

Decides nothing: `pipelines.proposals` says what of it may be boilerplate, and a person what is.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

VARIABLE = re.compile(
    r"\d+|\b(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu|Januari|Februari|Maret|April|Mei|Juni|"
    r"Juli|Agustus|September|Oktober|November|Desember)\b"
)
"""What may differ from one printing of a line to the next: numbers, and the words of dates."""
OPENING_WORDS = 3
"""Fewest words that lines must open with alike."""
EXAMPLES = 3

_SLOTS = 1 << 24
"""Of the first pass: 64 MB. Fragments that share a slot are told apart in the second pass."""
_TAILS = 50
_TEXTS_AT_ONCE = 1_000
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=\S)")
_BRACKETS = re.compile(r"[(\[][^()\[\]]{1,80}[)\]][\s.*]*$")


class Form(StrEnum):
    """How a fragment stands in its line."""

    LINE = "line"
    """It is the line."""
    OPENING = "opening"
    """The line opens with it and goes on differently each time."""
    FIRST_SENTENCE = "first_sentence"
    LAST_SENTENCE = "last_sentence"
    BRACKETS = "brackets"
    """In brackets, at the end of the last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The present revision of one article."""

    url: str
    day: date
    """Of publication; of the fetch where that is unknown."""
    lines: tuple[str, ...]
    removed: tuple[str, ...] = ()
    """What rules took out of it already."""


@dataclass(slots=True)
class Evidence:
    """Where a fragment was seen."""

    form: Form
    text: str
    """As first seen; of an opening the words that all its lines share."""
    runs: list[str | None]
    """The variable parts of *text*; `None` where they differ."""
    articles: int = 0
    lines: int = 0
    """In how many lines; all of them are hit by a rule."""
    own: int = 0
    """In how many articles it stood in a line that does not recur as a whole."""
    days: Counter[date] = field(default_factory=Counter)
    first: int = 0
    """Lines that were the first of their text; of a text of one line, the last."""
    last: int = 0
    examples: list[str] = field(default_factory=list)
    """Addresses, of different days where there are some."""
    tails: set[str] = field(default_factory=set)
    """How lines go on after an opening; not all of them."""
    words: int = 0
    """Of all lines of an opening together."""
    is_lead: bool = False
    """Some line opens a text as a dateline does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the first two passes saw."""

    articles: int
    per_day: Counter[date]
    evidence: list[Evidence]
    """Of what came often enough and was not taken out anywhere."""


@dataclass(frozen=True, slots=True)
class _Fragment:
    form: Form
    text: str
    at: int

    @property
    def key(self) -> int:
        shape = self.text if self.form is Form.OPENING else VARIABLE.sub("0", self.text)
        data = f"{self.form}\n{shape}".encode("utf-8", "replace")
        return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


def recurring(
    read: Callable[[], Iterable[Text]],
    *,
    least: Callable[[int], int],
    is_lead: Callable[[str], bool],
) -> Found:
    """Find what recurs.

    Args:
        read: Gives the same texts each time it is called.
        least: Number of articles -> in how many a fragment must stand to be looked at.
        is_lead: Whether a line opens as a dateline does.
    """
    counts = np.zeros(_SLOTS, np.uint32)
    per_day: Counter[date] = Counter()
    for some in _batches(read()):
        per_day.update(text.day for text in some)
        keys = [key for text in some for key in {one.key for one in _fragments(text.lines)}]
        slots, times = np.unique(
            np.array(keys, np.uint64) & np.uint64(_SLOTS - 1), return_counts=True
        )
        counts[slots] += times.astype(np.uint32)
    total = per_day.total()
    wanted = least(total)
    found: dict[int, Evidence] = {}
    taken: set[int] = set()

    def often(key: int) -> bool:
        return bool(counts[key & (_SLOTS - 1)] >= wanted)

    for text in read():
        _look_at(text, found, often, is_lead)
        for line in text.removed:
            forms = (_Fragment(form, line, 0).key for form in Form)
            taken.update(key for key in forms if often(key))
    kept = [one for key, one in found.items() if key not in taken and one.articles >= wanted]
    return Found(articles=total, per_day=per_day, evidence=kept)


def _batches(texts: Iterable[Text]) -> Iterator[list[Text]]:
    some: list[Text] = []
    for text in texts:
        some.append(text)
        if len(some) == _TEXTS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _fragments(lines: tuple[str, ...]) -> Iterator[_Fragment]:
    for at, line in enumerate(lines):
        yield _Fragment(Form.LINE, line, at)
        words = line.split()
        if len(words) > OPENING_WORDS:
            yield _Fragment(Form.OPENING, " ".join(words[:OPENING_WORDS]), at)
        end = ""
        if at == len(lines) - 1 and (match := _BRACKETS.search(line)) and match.start():
            end = match[0]
            yield _Fragment(Form.BRACKETS, end, at)
        breaks = list(_SENTENCE_END.finditer(line))
        if breaks:
            yield _Fragment(Form.FIRST_SENTENCE, line[: breaks[0].end()].rstrip(), at)
            if line[breaks[-1].end() :] != end:
                yield _Fragment(Form.LAST_SENTENCE, line[breaks[-1].end() :], at)


def _look_at(
    text: Text,
    found: dict[int, Evidence],
    often: Callable[[int], bool],
    is_lead: Callable[[str], bool],
) -> None:
    """Note what of a text recurs."""
    seen: set[int] = set()
    owned: set[int] = set()
    whole = -1
    for one in _fragments(text.lines):
        key = one.key
        if not often(key):
            continue
        if one.form is Form.LINE:
            whole = one.at
        evidence = found.get(key)
        if evidence is None:
            runs: list[str | None] = [match[0] for match in VARIABLE.finditer(one.text)]
            evidence = found[key] = Evidence(one.form, one.text, runs)
        _add(evidence, one, text, is_lead)
        if key not in seen:
            seen.add(key)
            evidence.articles += 1
            if text.day not in evidence.days and len(evidence.examples) < EXAMPLES:
                evidence.examples.append(text.url)
            evidence.days[text.day] += 1
        if (one.form is Form.LINE or one.at != whole) and key not in owned:
            owned.add(key)
            evidence.own += 1


def _add(evidence: Evidence, one: _Fragment, text: Text, is_lead: Callable[[str], bool]) -> None:
    evidence.lines += 1
    evidence.last += one.at == len(text.lines) - 1
    evidence.first += one.at == 0 and len(text.lines) > 1
    if one.form is not Form.OPENING:
        for n, match in enumerate(VARIABLE.finditer(one.text)):
            if evidence.runs[n] != match[0]:
                evidence.runs[n] = None
        return
    line = text.lines[one.at]
    words = line.split()
    evidence.words += len(words)
    evidence.is_lead = evidence.is_lead or is_lead(line)
    if len(evidence.tails) < _TAILS:
        evidence.tails.add(" ".join(words[OPENING_WORDS:])[:200])
    if evidence.lines == 1:
        evidence.text = " ".join(words[:-1])
    common = evidence.text.split()
    pairs = zip(common, words, strict=False)
    shorter = min(len(common), len(words))
    same = next((n for n, (one_word, other) in enumerate(pairs) if one_word != other), shorter)
    evidence.text = " ".join(words[:same])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pattern, and where in a line it can match."""

    pattern: re.Pattern[str]
    reach: int | None
    """Characters from the line's end that a match can take; `None` if it is tied to the start."""
    is_signoff: bool = False
    """It is tried on the last line only."""

    def hits(self, line: str) -> bool:
        """Tell whether the rule takes something out of *line*."""
        if self.reach is None:
            return self.pattern.match(line) is not None
        return self.pattern.search(line, max(0, len(line) - self.reach)) is not None


@dataclass(slots=True)
class Hits:
    """What a rule would hit in the texts."""

    lines: int = 0
    articles: int = 0


def hits_of(texts: Iterable[Text], rules: Sequence[Rule]) -> list[Hits]:
    """Count what each rule would hit."""
    made = [Hits() for _ in rules]
    # One look at most lines: one that no rule hits is what nearly all are.
    starting = [one.pattern.pattern for one in rules if one.reach is None]
    opening = re.compile("|".join(f"(?:{one})" for one in starting)) if starting else None
    for text in texts:
        hit: set[int] = set()
        for at, line in enumerate(text.lines):
            is_last = at == len(text.lines) - 1
            is_open = opening is not None and opening.match(line) is not None
            for n, rule in enumerate(rules):
                if rule.reach is None and not is_open:
                    continue
                if (is_last or not rule.is_signoff) and rule.hits(line):
                    made[n].lines += 1
                    hit.add(n)
        for n in hit:
            made[n].articles += 1
    return made
