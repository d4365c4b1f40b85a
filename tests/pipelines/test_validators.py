"""Which validators an outlet is asked with, by how they behaved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.records import Capture
from pipelines.validators import Conduct, Validators, whole

KNOWN = Capture(
    capture_id="0" * 32,
    outlet="warta",
    url="https://warta.example/berita/1",
    final_url="https://warta.example/berita/1",
    fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    status=200,
    mime="text/html",
    etag='"satu"',
    last_modified="Fri, 20 Nov 2026 01:00:00 GMT",
    digest="sha1:A",
    size_bytes=1,
    warc_file="warc/a",
    warc_offset=0,
    warc_length=1,
    warc_record_id="urn:uuid:0",
    run_id="r",
    segment="s",
)
HONEST = Conduct(edits=3, looks=9)
LYING = Conduct(edits=9, hidden=1, looks=9)
RESTLESS = Conduct(looks=5, moved=4)
NONE = Conduct()


@pytest.mark.parametrize(
    ("etag", "last_modified", "asks"),
    [
        (NONE, NONE, (True, True)),
        (HONEST, HONEST, (True, True)),
        (LYING, HONEST, (False, True)),
        (HONEST, LYING, (True, False)),
        (LYING, LYING, (False, False)),
        # One that always moves is left out only where the other can do its work.
        (RESTLESS, HONEST, (False, True)),
        (RESTLESS, NONE, (True, True)),
        (RESTLESS, RESTLESS, (True, True)),
        (RESTLESS, LYING, (True, False)),
        (Conduct(looks=4, moved=4), HONEST, (True, True)),
    ],
)
def test_what_an_outlet_is_asked_with(
    etag: Conduct, last_modified: Conduct, asks: tuple[bool, bool]
) -> None:
    found = Validators(etag=etag, last_modified=last_modified)
    asked = found.condition(KNOWN)
    assert (asked.etag is not None, asked.last_modified is not None) == asks
    assert replace(asked, etag=KNOWN.etag, last_modified=KNOWN.last_modified) == KNOWN


def test_a_look_without_condition_has_no_validator() -> None:
    asked = whole(KNOWN)
    assert (asked.etag, asked.last_modified, asked.digest) == (None, None, KNOWN.digest)


def share(found: Validators, *, is_last: bool = False) -> float:
    asked = [
        found.is_whole(f"{number * 2654435761 % 2**32:08x}00000000", checks, is_last=is_last)
        for number in range(800)
        for checks in range(4)
    ]
    return sum(asked) / len(asked)


def test_every_second_look_is_whole_until_a_validator_showed_three_edits() -> None:
    assert share(Validators()) == pytest.approx(1 / 2, abs=0.02)
    assert share(Validators(etag=Conduct(edits=2, looks=9))) == pytest.approx(1 / 2, abs=0.02)
    assert share(Validators(etag=HONEST)) == pytest.approx(1 / 8, abs=0.02)


def test_the_honesty_of_the_validator_that_is_used_counts() -> None:
    found = Validators(etag=LYING, last_modified=NONE)
    assert share(found) == pytest.approx(1 / 2, abs=0.02)
    assert share(replace(found, last_modified=HONEST)) == pytest.approx(1 / 8, abs=0.02)


def test_an_articles_last_look_is_always_whole() -> None:
    assert share(Validators(etag=HONEST), is_last=True) == 1.0


def test_of_two_looks_at_an_article_one_is_whole_while_nothing_is_known() -> None:
    found = Validators()
    for article_id in ("0000000000000000", "0000000100000000"):
        asked = [found.is_whole(article_id, checks, is_last=False) for checks in (0, 1)]
        assert sorted(asked) == [False, True]


def test_what_is_noticed_is_one_line() -> None:
    assert Validators(etag=HONEST).noticed() is None
    assert Validators(etag=LYING).noticed() == (
        "ETag: stood still over 1 of 9 edits, not asked with any more"
    )
    assert Validators(etag=RESTLESS, last_modified=LYING).noticed() == (
        "ETag: moved in 4 of 5 looks without an edit, asked with all the same; "
        "Last-Modified: stood still over 1 of 9 edits, not asked with any more"
    )
