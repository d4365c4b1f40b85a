"""Dates as Indonesian, Malay and English pages write them -> UTC, the raw string kept.

Enters one string and the outlet's zone; leaves a `Moment` or `None`. Relative times ("3 jam yang
lalu") and impossible ones are `None`: nothing here knows what time it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONES: Mapping[str, float] = {
    "wib": 7, "wita": 8, "wit": 9, "myt": 8, "sgt": 8, "bnt": 8, "hkt": 8, "tlt": 9, "jst": 9,
    "kst": 9, "ict": 7, "aest": 10, "aedt": 11, "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1,
    "cest": 2, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7,
}  # fmt: skip
"""Hours east of Greenwich; WIB, WITA and WIT by Keppres 41/1987. `IST` means three zones: none."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari pebruari february februariy feb peb",
            "maret march mac mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july julai jul",
            "agustus august ogos agt agst agu ags agus aug ogo ogs",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december disember des dec dis",
        ),
        1,
    )
    for name in names.split()
}
_EARLIEST = date(1945, 1, 1)
_LATEST_YEAR = 2100
_LONGEST = 1_000

_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ZONE = "|".join((*sorted(ZONES, key=len, reverse=True), "et"))
_OFFSET = r"[+-]\d{1,2}(?::?\d{2})?(?!\d)"
_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:\s*T\s*|\s+|\s*[,|]\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    rf"\s*((?:(?:UTC|GMT)\s*)?{_OFFSET}|(?:{_ZONE})\b)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?(?!\d)"
)
_NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|hb)?[\s./-]*(?:of\s+)?({_NAMES})"
    r"\.?,?[\s./'’-]*(\d{4}|(?<=[\s./'’-])\d{2})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_])({_NAMES})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_YEAR_NAMED = re.compile(
    rf"(?<!\d)(\d{{4}})[\s./-]+({_NAMES})[\s./-]+(\d{{1,2}})(?!\d)", re.IGNORECASE
)
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
# Parts of the day as Indonesian, Malay and English name them.
_HALF = (
    r"a\.?m\b\.?|p\.?m\b\.?|(?:tengah\s+malam|tengah\s*hari|dini\s+hari|subuh|pagi|siang|sore|"
    r"petang|malam|ptg|pg|tgh)\b"
)
_CLOCK = re.compile(
    rf"(?<![\d:.])(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?(?![\d])\s*({_HALF})?\s*"
    rf"(?:\(?\s*({_ZONE})\b)?\s*({_OFFSET})?",
    re.IGNORECASE,
)
_HOUR = re.compile(
    rf"(?<![\d:.])(\d{{1,2}})()()\s*({_HALF})\s*(?:\(?\s*({_ZONE})\b)?()", re.IGNORECASE
)
_EPOCH = re.compile(r"^\W*(?:Date\()?(\d{10}|\d{13})(?:\.\d+)?\W*$")
_RFC2822 = re.compile(
    r"^\s*(?:[A-Za-z]{3},\s*)?\d{1,2}\s[A-Za-z]{3}\s\d{4}\s\d{2}:\d{2}.*[+-]\d{4}"
)
# "Pébruari", "Désémber": Sundanese writes the accent, the tables do not.
_ACCENTS = str.maketrans("éèêÉÈÊ", "eeeEEE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something happened, as well as a page says it."""

    at: datetime
    """Aware UTC; the first instant of the day where only the day is known."""
    on: date
    """Calendar day in the outlet's zone."""
    raw: str
    """The string that it was read from."""
    precision: Literal["second", "minute", "day"]


def parse_moment(
    text: str, *, zone: str, month_first: bool = False, own_day: bool = False
) -> Moment | None:
    """Read the first date in *text*.

    Args:
        text: Such as "Selasa, 31 Oktober 2023 14:05 WIB", ISO 8601, RFC 2822 or Unix seconds.
        zone: IANA name of the outlet's zone, for a time that states none and for `Moment.on`.
        month_first: What "5/6/2023" means where both readings are possible.
        own_day: Whether `Moment.on` is the day in the zone that *text* states, if it states one.

    Returns:
        `None` where there is no date, only a relative or an impossible one.

    >>> parse_moment("Kompas.com - 31/10/2023, 14:05 WIB", zone="Asia/Jakarta").at.isoformat()
    '2023-10-31T07:05:00+00:00'
    >>> parse_moment("3 jam yang lalu", zone="Asia/Jakarta")
    """
    raw = " ".join(text.split())
    if not raw or len(raw) > _LONGEST:
        return None
    plain = raw.translate(_ACCENTS)
    try:
        found = (
            _epoch(plain)
            or _mail(plain)
            or _iso(plain, zone)
            or _written(plain, zone, month_first=month_first)
        )
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    at, precision = found
    try:
        on = (at if own_day else at.astimezone(_zone(zone))).date()
        if not (on >= _EARLIEST and on.year < _LATEST_YEAR):
            return None
        return Moment(at=at.astimezone(UTC), on=on, raw=raw[:200], precision=precision)
    except OverflowError:  # at the end of all years
        return None


def zone_of(text: str) -> str | None:
    """Return the zone that a clock in *text* is followed by, `None` if there is none.

    >>> zone_of("Senin, 6 Nov 2023 14:05 WIB"), zone_of("6 Nov 2023")
    ('WIB', None)
    """
    match = _CLOCK.search(text)
    return (match[5] or match[6]) if match else None


_Found = tuple[datetime, Literal["second", "minute", "day"]]
"""In the zone that the text states, or the outlet's."""


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _epoch(text: str) -> _Found | None:
    match = _EPOCH.match(text)
    if not match:
        return None
    seconds = int(match[1]) // (1000 if len(match[1]) == 13 else 1)  # noqa: PLR2004 - milliseconds
    return datetime.fromtimestamp(seconds, UTC), "second"


def _mail(text: str) -> _Found | None:
    return (parsedate_to_datetime(text), "second") if _RFC2822.match(text) else None


def _iso(text: str, zone: str) -> _Found | None:
    match = _ISO.search(text) or _COMPACT.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    when = date(int(year), int(month), int(day))
    if hour is None:
        # A clock may stand elsewhere: "2023-10-31 pukul 14.05 WIB".
        return _with_clock(when, text[match.end() :], zone)
    return _at(when, int(hour), int(minute), second, _offset(offset, zone))


def _written(text: str, zone: str, *, month_first: bool) -> _Found | None:
    match = _NAMED.search(text)
    if match:
        when = date(_year(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    elif match := _YEAR_FIRST.search(text):
        when = date(int(match[1]), int(match[2]), int(match[3]))
    elif match := _YEAR_NAMED.search(text):
        when = date(int(match[1]), _MONTHS[match[2].lower()], int(match[3]))
    elif match := _MONTH_FIRST.search(text):
        when = date(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
    elif match := _NUMBERS.search(text):
        when = _numbered(int(match[1]), int(match[2]), _year(match[3]), month_first=month_first)
    else:
        return None
    found = _with_clock(when, text[match.end() :], zone)
    return found if found[1] != "day" else _with_clock(when, text[: match.start()], zone)


def _numbered(first: int, second: int, year: int, *, month_first: bool) -> date:
    day, month = (second, first) if month_first else (first, second)
    if month > 12 >= day:  # noqa: PLR2004 - months of a year
        day, month = month, day
    return date(year, month, day)


def _with_clock(when: date, text: str, zone: str) -> _Found:
    match = _CLOCK.search(text) or _HOUR.search(text)
    if not match:
        return datetime(when.year, when.month, when.day, tzinfo=_zone(zone)), "day"
    hour = _hour(int(match[1]), " ".join((match[4] or "").lower().replace(".", "").split()))
    offset = match[6] if not match[5] or match[5].lower() in ("utc", "gmt") else None
    return _at(when, hour, int(match[2] or 0), match[3] or None, _offset(offset or match[5], zone))


def _hour(hour: int, half: str) -> int:
    """Return the hour of 24 for one of 12 in that part of the day."""
    if hour > 12 or not half:  # noqa: PLR2004 - noon
        return hour
    early = half in ("am", "pagi", "pg", "subuh", "dini hari", "tengah malam")
    noonish = half in ("siang", "tengah hari", "tengahhari", "tgh") and hour >= 10  # noqa: PLR2004 - "11.30 siang" is before noon
    if early or (half == "malam" and (hour == 12 or hour < 5)):  # noqa: PLR2004 - "1 malam" is after midnight
        return hour % 12
    return hour if noonish or hour == 12 else hour + 12  # noqa: PLR2004 - noon


def _at(when: date, hour: int, minute: int, second: str | None, zone: tzinfo) -> _Found:
    # 24:00 is the end of the day (ISO 8601-1:2019, 4.3.8); a leap second is its first half.
    midnight = hour == 24 and minute == 0  # noqa: PLR2004 - hours of a day
    local = datetime(
        when.year,
        when.month,
        when.day,
        0 if midnight else hour,
        minute,
        min(int(second or 0), 59),
        tzinfo=zone,
    )
    at = local.astimezone(UTC) + timedelta(days=int(midnight))
    return at.astimezone(zone), "second" if second is not None else "minute"


def _offset(text: str | None, zone: str) -> tzinfo:
    if not text:
        return _zone(zone)
    name = text.lower().strip()
    if name == "et":
        return _zone("America/New_York")
    if name in ZONES:
        return timezone(timedelta(hours=ZONES[name]))
    digits = re.sub(r"\D", "", text)
    hours, minutes = int(digits[:-2] or 0), int(digits[-2:])
    if len(digits) <= 2:  # noqa: PLR2004 - +07
        hours, minutes = int(digits), 0
    if hours > 14 or minutes > 59:  # noqa: PLR2004 - no zone is farther out than UTC+14
        raise ValueError(text)
    return timezone((-1 if "-" in text else 1) * timedelta(hours=hours, minutes=minutes))


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:  # noqa: PLR2004 - digits of a whole year
        return year
    return 2000 + year if year < 70 else 1900 + year  # noqa: PLR2004 - as POSIX strptime %y
