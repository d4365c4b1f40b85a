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

ZONES: Mapping[str, int] = {
    "wib": 7, "wita": 8, "wit": 9, "myt": 8, "sgt": 8, "utc": 0, "gmt": 0, "z": 0,
}  # fmt: skip
"""Hours east of Greenwich; WIB, WITA and WIT by Keppres 41/1987."""

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
            "agustus august ogos agt agst agu ags aug ogo",
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

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:\s*T\s*|\s+|\s*[,|]\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}\b|[+-]\d{2}\b|WIB\b|WITA\b|WIT\b)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?(?!\d)"
)
_NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+"
    rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
    r"\.?,?[\s./'’-]+(\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_])({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?\s+"
    r"(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?![\d])"
    r"\s*(a\.?m\.?\b|p\.?m\.?\b)?\s*"
    r"(?:\(?\s*(WIB|WITA|WIT|MYT|SGT|UTC|GMT|Z)\b)?\s*([+-]\d{1,2}(?::?\d{2})?\b)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"^\s*(\d{10}|\d{13})(?:\.\d+)?\s*$")
_RFC2822 = re.compile(
    r"^\s*(?:[A-Za-z]{3},\s*)?\d{1,2}\s[A-Za-z]{3}\s\d{4}\s\d{2}:\d{2}.*[+-]\d{4}"
)
_RELATIVE = re.compile(
    r"(?:\b(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun)\s+(?:yang\s+)?(?:lalu|silam)|"
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\s+ago|\b(?:kemarin|baru saja)\b)",
    re.IGNORECASE,
)


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


def parse_moment(text: str, *, zone: str) -> Moment | None:
    """Read the first date in *text*.

    Args:
        text: Such as "Selasa, 31 Oktober 2023 14:05 WIB", ISO 8601, RFC 2822 or Unix seconds.
        zone: IANA name of the outlet's zone, for a time that states none and for `Moment.on`.

    Returns:
        `None` where there is no date, only a relative or an impossible one.

    >>> parse_moment("Kompas.com - 31/10/2023, 14:05 WIB", zone="Asia/Jakarta").at.isoformat()
    '2023-10-31T07:05:00+00:00'
    >>> parse_moment("3 jam yang lalu", zone="Asia/Jakarta")
    """
    raw = " ".join(text.split())
    if not raw or len(raw) > _LONGEST:
        return None
    try:
        found = _epoch(raw) or _mail(raw) or _iso(raw, zone) or _written(raw, zone)
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    at, precision = found
    on = at.astimezone(_zone(zone)).date()
    if not (on >= _EARLIEST and on.year < _LATEST_YEAR):
        return None
    return Moment(at=at, on=on, raw=raw[:200], precision=precision)


_Found = tuple[datetime, Literal["second", "minute", "day"]]


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
    return (parsedate_to_datetime(text).astimezone(UTC), "second") if _RFC2822.match(text) else None


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


def _written(text: str, zone: str) -> _Found | None:
    match = _NAMED.search(text)
    if match:
        when = date(_year(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    elif match := _YEAR_FIRST.search(text):
        when = date(int(match[1]), int(match[2]), int(match[3]))
    elif match := _MONTH_FIRST.search(text):
        when = date(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
    elif match := _NUMBERS.search(text):
        when = date(_year(match[3]), int(match[2]), int(match[1]))
    elif _RELATIVE.search(text):
        return None
    else:
        return None
    found = _with_clock(when, text[match.end() :], zone)
    return found if found[1] != "day" else _with_clock(when, text[: match.start()], zone)


def _with_clock(when: date, text: str, zone: str) -> _Found:
    match = _CLOCK.search(text)
    if not match:
        return datetime(when.year, when.month, when.day, tzinfo=_zone(zone)).astimezone(UTC), "day"
    hour = int(match[1])
    half = (match[4] or "").lower().replace(".", "")
    if half == "pm" and hour < 12:  # noqa: PLR2004 - noon
        hour += 12
    elif half == "am" and hour == 12:  # noqa: PLR2004 - noon
        hour = 0
    offset = match[6] if match[5] is None or match[5].lower() in ("utc", "gmt") else None
    return _at(when, hour, int(match[2]), match[3], _offset(offset or match[5], zone))


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
    return at, "second" if second is not None else "minute"


def _offset(text: str | None, zone: str) -> tzinfo:
    if not text:
        return _zone(zone)
    name = text.lower()
    if name in ZONES:
        return timezone(timedelta(hours=ZONES[name]))
    digits = re.sub(r"\D", "", text)
    hours, minutes = int(digits[:-2] or 0), int(digits[-2:])
    if len(digits) <= 2:  # noqa: PLR2004 - +07
        hours, minutes = int(digits), 0
    if hours > 14 or minutes > 59:  # noqa: PLR2004 - no zone is farther out than UTC+14
        raise ValueError(text)
    sign = -1 if text.lstrip().startswith("-") else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:  # noqa: PLR2004 - digits of a whole year
        return year
    return 2000 + year if year < 70 else 1900 + year  # noqa: PLR2004 - as POSIX strptime %y
