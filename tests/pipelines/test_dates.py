from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import parse_moment

READ = [
    ("Selasa, 31 Oktober 2023 14:05 WIB", "2023-10-31T07:05:00", "minute"),
    ("Selasa, 31 Oktober 2023 14:05:09 WITA", "2023-10-31T06:05:09", "second"),
    ("31 Oktober 2023 pukul 14.05 WIT", "2023-10-31T05:05:00", "minute"),
    ("Kompas.com - 31/10/2023, 14:05 WIB", "2023-10-31T07:05:00", "minute"),
    ("31/10/2023, 14:05 WIB", "2023-10-31T07:05:00", "minute"),
    ("14:05, 31/10/23", "2023-10-31T07:05:00", "minute"),
    ("5 November 2015 | 21:04", "2015-11-05T14:04:00", "minute"),
    ("Kamis, 5 November 2015 - 15:56 wib", "2015-11-05T08:56:00", "minute"),
    ("on 16 Feb 2016 at 09:10 WIB", "2016-02-16T02:10:00", "minute"),
    ("Jum'at, 6 Nov 2026", "2026-11-05T17:00:00", "day"),
    ("Ahad, 6 Nopember 2016", "2016-11-05T17:00:00", "day"),
    ("Isnin, 6 Ogos 2023 3:04 PM MYT", "2023-08-06T07:04:00", "minute"),
    ("October 31, 2023 12:05 am", "2023-10-30T17:05:00", "minute"),
    ("2023-10-31", "2023-10-30T17:00:00", "day"),
    ("2023-10-31T14:05:06", "2023-10-31T07:05:06", "second"),
    ("2023-10-31 14:05", "2023-10-31T07:05:00", "minute"),
    ("2023-10-31T14:05:06.123456789+07:00", "2023-10-31T07:05:06", "second"),
    ("2023-10-31T14:05:06+0700", "2023-10-31T07:05:06", "second"),
    ("2023-10-31T14:05:06Z", "2023-10-31T14:05:06", "second"),
    ("2023-10-31T14:05:06-00:00", "2023-10-31T14:05:06", "second"),
    ("2023-10-31T14:05:06-05:00", "2023-10-31T19:05:06", "second"),
    ("2023-10-31T24:00:00Z", "2023-11-01T00:00:00", "second"),
    ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59", "second"),
    ("20231031", "2023-10-30T17:00:00", "day"),
    ("Mon, 03 Jun 2024 10:48:50 GMT", "2024-06-03T10:48:50", "second"),
    ("Mon, 03 Jun 2024 10:48:50 +0700", "2024-06-03T03:48:50", "second"),
    ("1698735906", "2023-10-31T07:05:06", "second"),
    ("1698735906000", "2023-10-31T07:05:06", "second"),
    ("/Date(1698735906000)/", "2023-10-31T07:05:06", "second"),
    ("Sen, 6 Nov 2023 14:05", "2023-11-06T07:05:00", "minute"),
    ("Senin, 06 November 2023 | 14.05", "2023-11-06T07:05:00", "minute"),
    ("6 Nov 2023, 2:05 petang", "2023-11-06T07:05:00", "minute"),
    ("Khamis, 7 Mac 2024 9:30 PG MYT", "2024-03-07T01:30:00", "minute"),
    ("7 Mac 2024 12:30 tengah hari", "2024-03-07T05:30:00", "minute"),
    ("Jum’at, 6 Désémber 2024 pukul 12.15 siang WITA", "2024-12-06T04:15:00", "minute"),
    ("6 Nov 2023 11.30 siang", "2023-11-06T04:30:00", "minute"),
    ("6 Nov 2023 11.30 malam", "2023-11-06T16:30:00", "minute"),
    ("6 Nov 2023 12.30 malam", "2023-11-05T17:30:00", "minute"),
    ("6 Nov 2023 3.30 dini hari", "2023-11-05T20:30:00", "minute"),
    ("November 6th, 2023 at 2 PM", "2023-11-06T07:00:00", "minute"),
    ("6th of November 2023", "2023-11-05T17:00:00", "day"),
    ("06Nov2023 14:05", "2023-11-06T07:05:00", "minute"),
    ("7 Agt 2024", "2024-08-06T17:00:00", "day"),
    ("12 Ogos 2024", "2024-08-11T17:00:00", "day"),
    ("1 Pebruari 2024", "2024-01-31T17:00:00", "day"),
    ("1 Dis 2023", "2023-11-30T17:00:00", "day"),
    ("11/22/2023", "2023-11-21T17:00:00", "day"),
    ("2023-10-31T14:05:06+07", "2023-10-31T07:05:06", "second"),
    ("2023-10-31 14:05:06 UTC+7", "2023-10-31T07:05:06", "second"),
    ("2023-10-31 T14:05:06Z", "2023-10-31T14:05:06", "second"),
    ("Tue Oct 31 2023 14:05:06 GMT+0700 (Waktu Indonesia Barat)", "2023-10-31T07:05:06", "second"),
    ("October 31, 2023 10:05 AM ET", "2023-10-31T14:05:00", "minute"),
    ("6 November 2023 - 5 min read", "2023-11-05T17:00:00", "day"),
]


@pytest.mark.parametrize(("text", "at", "precision"), READ, ids=[one[0] for one in READ])
def test_dates_are_read(text: str, at: str, precision: str) -> None:
    found = parse_moment(text, zone="Asia/Jakarta")
    assert found is not None
    assert found.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert found.precision == precision
    assert found.raw == text


NOT_READ = [
    "3 jam yang lalu",
    "2 hours ago",
    "kemarin",
    "31 Februari 2023",
    "99/99/2023",
    "2023-13-01",
    "2023-02-30T10:00:00Z",
    "31 Oktober 2023 25:99",
    "2023-10-31T14:05:06+99:00",
    "1 Januari 1500",
    "12.000 orang",
    "2 minit lepas",
    "null WIB",
    "November 2023",
    "0812 3456 7890",
    "",
]


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_moment(text, zone="Asia/Jakarta") is None


def test_a_date_without_a_zone_is_in_the_outlets() -> None:
    found = parse_moment("31 Oktober 2023", zone="Asia/Jayapura")
    assert found is not None
    assert (found.at, found.on) == (datetime(2023, 10, 30, 15, tzinfo=UTC), date(2023, 10, 31))


def test_numbers_are_read_month_first_where_the_page_writes_so() -> None:
    found = [parse_moment("5/6/2023", zone="UTC", month_first=one) for one in (False, True)]
    assert [one and one.on for one in found] == [date(2023, 6, 5), date(2023, 5, 6)]


def test_the_day_is_that_of_the_outlet() -> None:
    found = parse_moment("2023-10-31T18:30:00Z", zone="Asia/Jakarta")
    assert found is not None
    assert found.on == date(2023, 11, 1)


def test_the_day_may_be_that_of_the_text() -> None:
    found = parse_moment("2023-10-31T18:30:00-05:00", zone="Asia/Jakarta", own_day=True)
    assert found is not None
    assert (found.on, found.at) == (date(2023, 10, 31), datetime(2023, 10, 31, 23, 30, tzinfo=UTC))


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    parse_moment(text, zone="Asia/Jakarta")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants bounds without a zone
def test_iso_comes_back(at: datetime) -> None:
    found = parse_moment(at.isoformat(), zone="Asia/Makassar")
    assert found is not None
    assert found.at == at.replace(microsecond=0)
