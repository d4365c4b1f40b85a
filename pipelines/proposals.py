"""What recurs in an outlet's texts -> rules that a person may accept, each with its evidence.

Nothing here is certain. A line that recurs may be news: a quotation that follow-up stories carry
for some days, a paragraph of background that a long story brings along, an editor's habit
("Demikian disampaikan."). What news repeats is bunched in time or rare; what a template repeats is
neither. So a proposal asks for a share of the articles of its time and for many days, and what
reads like reporting all the same is marked with a caution.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pipelines.learn import OPENING_WORDS, VARIABLE, Evidence, Form, Found, Rule, hits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from pipelines.learn import Text

Key = Literal["drop_lines", "signoff", "inline"]

_MOST = 200
"""Proposals; more nobody reviews."""
_ON_ONE_DAY = 0.5
"""Largest share of one day: one event's follow-ups come on few."""
_AT_EDGE = 0.9
"""Share of first or last lines that makes a habit of place."""
_LIFE = 20
"""A line is looked for if it lived for a twentieth of the articles or longer."""
_TAILS = 5
"""Fewest different ways to go on after an opening."""
_LONGEST_OPENED = 30
"""Words, on average, of lines that only open alike; a lead has more."""
_LONG = 40
_SHORT = 5
_REPORTING = re.compile(
    r"[\"“”]|\b(?:kata|ujar|tutur|ungkap|jelas|tegas|sebut|tambah|papar|imbuh)(?:nya)?\b|"
    r"\b(?:mengatakan|menyatakan|menuturkan|menjelaskan|menegaskan|mengungkapkan|menyebut(?:kan)?|"
    r"menambahkan|disampaikan|dikutip|dilansir|dilaporkan|diberitakan|menurut)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What a fragment must reach to be proposed."""

    articles: int = 10
    """In which it stands."""
    share: float = 0.02
    """Of the articles between the first and the last day it was seen."""
    days: int = 7
    """Different ones on which such articles appeared; a quotation lives for a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rule for an outlet's file and why it might be one."""

    number: int
    id: str
    """Of key and pattern; the same however much the archive grows."""
    key: Key
    pattern: str
    form: Form
    text: str
    articles: int
    """In which it stands, of `of`."""
    of: int
    """Articles between the first and the last day."""
    lines: int
    days: int
    first_day: date
    last_day: date
    first_line: float
    """Share of its lines that open their text."""
    last_line: float
    examples: tuple[str, ...]
    tails: tuple[str, ...]
    """How lines go on after an opening, some of them."""
    cautions: tuple[str, ...]
    """Why it may be news after all."""
    hit_lines: int = 0
    """What the pattern hits in the whole archive."""
    hit_articles: int = 0

    @property
    def share(self) -> float:
        """Return the share of the articles of its time."""
        return self.articles / self.of

    @property
    def is_wider(self) -> bool:
        """Tell whether the pattern hits more than the evidence shows; it is not to be written."""
        return self.hit_lines > self.lines

    @property
    def rule(self) -> Rule:
        """Return the rule as it is tried."""
        at_end = self.form in (Form.LAST_SENTENCE, Form.BRACKETS)
        return Rule(
            pattern=re.compile(self.pattern),
            # White space in front of it, and numbers longer than the one that was seen first.
            reach=len(self.text) + 40 if at_end else None,
            is_signoff=self.key == "signoff",
        )


def least_articles(total: int, wanted: Thresholds) -> int:
    """Return in how many articles a fragment must stand to be looked at."""
    return max(wanted.articles, int(total * wanted.share / _LIFE))


def proposals_from(
    found: Found,
    texts: Callable[[], Iterable[Text]],
    *,
    wanted: Thresholds,
    is_known: Callable[[str, bool], bool],
) -> list[Proposal]:
    """Make rules of what recurs, those without a caution first, and try them on all texts.

    Args:
        found: What was seen.
        texts: The same once more.
        wanted: What a proposal must reach.
        is_known: Whether today's rules take something out of a line; the second argument says
            whether it is the last one.
    """
    made = [
        proposal
        for evidence in found.evidence
        if (proposal := _proposal(evidence, found, wanted)) is not None
        and not is_known(evidence.text, evidence.last > evidence.lines / 2)
    ]
    made.sort(key=lambda one: (bool(one.cautions), -one.articles, one.pattern))
    made = made[:_MOST]
    hits = hits_of(texts(), [one.rule for one in made])
    return [
        replace(one, number=number, hit_lines=hit.lines, hit_articles=hit.articles)
        for number, (one, hit) in enumerate(zip(made, hits, strict=True), 1)
    ]


def _proposal(one: Evidence, found: Found, wanted: Thresholds) -> Proposal | None:
    first_day, last_day = min(one.days), max(one.days)
    of = sum(count for day, count in found.per_day.items() if first_day <= day <= last_day)
    is_spread = (
        len(one.days) >= wanted.days and max(one.days.values()) <= _ON_ONE_DAY * one.articles
    )
    is_often = one.own >= wanted.articles and one.own >= wanted.share * of
    if not (is_spread and is_often and _LETTER.search(one.text)):
        return None
    if one.form is Form.OPENING and not _is_habit(one):
        return None
    key, pattern = _rule(one)
    return Proposal(
        number=0,
        id=hashlib.sha256(f"{key}\n{pattern}".encode()).hexdigest()[:6],
        key=key,
        pattern=pattern,
        form=one.form,
        text=one.text,
        articles=one.articles,
        of=of,
        lines=one.lines,
        days=len(one.days),
        first_day=first_day,
        last_day=last_day,
        first_line=one.first / one.lines,
        last_line=one.last / one.lines,
        examples=tuple(one.examples),
        tails=tuple(sorted(one.tails)[:3]) if one.form is Form.OPENING else (),
        cautions=tuple(_cautions(one)),
    )


def _is_habit(one: Evidence) -> bool:
    """Tell whether lines that only open alike are a form: in their place, short, no dateline."""
    edge = max(one.first, one.last) / one.lines
    return (
        len(one.text.split()) >= OPENING_WORDS
        and len(one.tails) >= _TAILS
        and edge >= _AT_EDGE
        and one.words <= _LONGEST_OPENED * one.lines
        and not one.is_lead
    )


def _cautions(one: Evidence) -> list[str]:
    found = []
    words = len(one.text.split())
    inside = 1 - (one.first + one.last) / one.lines
    if one.form is Form.OPENING:
        found.append("only the beginning recurs")
    if _REPORTING.search(one.text):
        found.append("reads like reporting")
    if words > _LONG:
        found.append(f"{words} words")
    if one.form is Form.LINE and inside > 1 - _AT_EDGE and words <= _SHORT:
        found.append("may be a subheading")
    return found


def _rule(one: Evidence) -> tuple[Key, str]:
    body = _escaped(one)
    match one.form:
        case Form.LINE:
            return "drop_lines", f"^{body}$"
        case Form.OPENING:
            return "drop_lines", f"^{body}(?!\\S)"
        case Form.FIRST_SENTENCE:
            return "inline", f"^{body}\\s+"
        case Form.BRACKETS:
            return "signoff", f"\\s*{body}$"
        case Form.LAST_SENTENCE:
            is_signoff = one.last >= _AT_EDGE * one.lines
            # The signoff of a text may be the end of any line elsewhere, where it stays.
            return ("signoff" if is_signoff else "inline"), f"\\s+{body}$"


def _escaped(one: Evidence) -> str:
    """Write a text as a regex: its variable parts as such where they were seen to vary."""
    parts, at = [], 0
    for match, same in zip(VARIABLE.finditer(one.text), one.runs, strict=False):
        parts.append(_literal(one.text[at : match.start()]))
        kind = r"\d+" if match[0].isdigit() else r"[^\W\d_]+"
        parts.append(_literal(match[0]) if same is not None else kind)
        at = match.end()
    return "".join((*parts, _literal(one.text[at:])))


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def by_name(proposals: Sequence[Proposal], name: str) -> Proposal | None:
    """Return the proposal of that number or id."""
    return next((one for one in proposals if name in (str(one.number), one.id)), None)
