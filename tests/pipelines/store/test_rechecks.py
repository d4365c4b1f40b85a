"""What is due to be looked at again follows from the tables alone."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.outlets import Outlet, parse_outlet
from pipelines.records import Outcome
from pipelines.store.archive import open_archive
from pipelines.store.rechecks import Recent, _observed, _validators
from pipelines.validators import Conduct
from tests.shelf import append, article, capture, id_of, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipelines.store.archive import Archive
    from pipelines.store.rechecks import Due

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
UJI = Outlet(slug="uji", name="Uji", domains=("uji.example",))
HOUR = timedelta(hours=1)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Archive]:
    """Open an empty archive in a folder."""
    with closing(open_archive(tmp_path)) as opened:
        yield opened


def looked(
    name: str,
    *hours_ago: float,
    edited: Sequence[int] = (),
    etags: Sequence[str | None] = (),
    url: str | None = None,
    born: timedelta = timedelta(0),
    **more: Any,  # noqa: ANN401  any column
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Make the rows of an article and its captures.

    Args:
        name: Of the article.
        hours_ago: When it was fetched first and looked at again.
        edited: Which of those brought a revision.
        etags: Of each.
        url: Under which address.
        born: How long before its first fetch it was published.
        more: Further columns of `captures`.
    """
    articles, captures = [], []
    for number, ago in enumerate(hours_ago):
        at = NOW - ago * HOUR
        is_row = number == 0 or number in edited
        etag = etags[number] if number < len(etags) else None
        one = capture(
            url or url_of("uji", name), "article" if is_row else "unchanged", at=at, etag=etag,
            article_id=id_of("uji", name), **more,
        )  # fmt: skip
        captures.append(one)
        if is_row:
            articles.append(
                article(
                    name, at=NOW - hours_ago[0] * HOUR - born, fetched_at=at,
                    revision=1 + sum(1 for each in edited if each <= number),
                    capture_id=one["capture_id"],
                )
            )  # fmt: skip
    return articles, captures


def lay(archive: Archive, *looks: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """Write them."""
    append(archive, "articles", [row for articles, _ in looks for row in articles])
    append(archive, "captures", [row for _, captures in looks for row in captures])


def due(archive: Archive, outlet: Outlet = UJI, *, now: datetime = NOW) -> list[Due]:
    return Recent(archive, now).found(outlet).due


def names(archive: Archive, outlet: Outlet = UJI, *, now: datetime = NOW) -> list[str]:
    return [one.url.rpartition("/")[2] for one in due(archive, outlet, now=now)]


def test_an_archive_without_tables_has_nothing_due(archive: Archive) -> None:
    recent = Recent(archive, NOW)
    found = recent.found(UJI)
    assert found.due == []
    assert recent.known(found, UJI) == {}
    assert recent.validators(UJI).noticed() is None


def test_articles_are_due_by_age_newest_first(archive: Archive) -> None:
    lay(
        archive,
        looked("kemarin", 24),
        looked("lusa", 48),
        looked("tadi", 0.5),
        looked("sudah", 24, 0.5),
        looked("lama", 24 * 31),
    )
    assert names(archive) == ["kemarin", "lusa"]
    assert names(archive, Outlet(slug="lain", name="Lain", domains=("lain.example",))) == []
    (only,) = Recent(archive, NOW).found(UJI, limit=1).due
    assert only.url == url_of("uji", "kemarin")


def test_a_look_puts_the_next_one_off(shelf: Archive) -> None:
    lay(shelf, looked("pasar", 24))
    assert names(shelf) == ["pasar"]
    _, (again,) = looked("pasar", 0)
    append(shelf, "captures", [again | {"outcome": "unchanged", "status": 304}])
    assert names(shelf) == []
    assert names(shelf, now=NOW + timedelta(hours=24)) == ["pasar"]


def test_every_article_is_left_alone_in_the_end(shelf: Archive) -> None:
    lay(shelf, looked("pasar", 24 * 12, *(24 * day for day in range(11, 0, -1))))
    assert names(shelf) == []


def test_a_revised_article_older_than_the_window_is_not_taken_for_a_new_one(
    shelf: Archive,
) -> None:
    old, captures = looked("lama", 24 * 40, 30, edited=[1])
    for row in old:
        row["published_at"] = None
    lay(shelf, (old, captures))
    assert names(shelf) == []


def test_an_article_is_asked_for_once_where_it_was_found_last(shelf: Archive) -> None:
    first = looked("pasar", 30, url="https://uji.example/amp/pasar")
    _, (again,) = looked("pasar", 24, url="https://uji.example/m/pasar")
    lay(shelf, first, ([], [again | {"outcome": "unchanged"}]))
    (one,) = due(shelf)
    assert one.url == "https://uji.example/m/pasar"


def test_an_article_that_came_as_an_item_is_left_out(shelf: Archive) -> None:
    page, item = looked("halaman", 24), looked("butir", 24)
    item[0][0]["capture_item"] = "17"
    # It came as a page once, and as an item since.
    both = looked("keduanya", 48, 24, edited=[1])
    both[0][1]["capture_item"] = "18"
    lay(shelf, page, item, both)
    assert names(shelf) == ["halaman"]


def test_a_date_in_the_future_or_without_a_time_makes_no_article_older_or_younger(
    shelf: Archive,
) -> None:
    # Seen before it says it was published: its page states another zone's time.
    lay(shelf, looked("zona", 24, born=timedelta(hours=-7)))
    (ahead,) = Recent(shelf, NOW).found(UJI).due
    articles, captures = looked("harian", 24 * 30 - 5)
    articles[0] |= {
        "published_at": NOW - timedelta(days=30, hours=4),
        "published_precision": "day",
    }
    lay(shelf, (articles, captures))
    with Recent(shelf, NOW)._looks(UJI) as looks:  # noqa: SLF001  ages show nowhere else
        assert looks is not None
        born = dict(looks.execute("SELECT article_id, born_us FROM young").fetchall())
    since = {key: (NOW.timestamp() - at / 1e6) / 3600 for key, at in born.items()}
    assert since == {ahead.article_id: 24.0, id_of("uji", "harian"): 24 * 30 - 5}


def gone(name: str, *hours_ago: float) -> list[dict[str, Any]]:
    at = [NOW - ago * HOUR for ago in hours_ago]
    url, identifier = url_of("uji", name), id_of("uji", name)
    return [capture(url, "gone", at=one, article_id=identifier) for one in at]


@pytest.mark.parametrize(
    ("hours_ago", "is_due"),
    [((23,), False), ((25,), True), ((70, 46), True), ((70, 24), False), ((100, 49), False)],
)
def test_what_is_gone_is_looked_at_ever_more_rarely(
    shelf: Archive, hours_ago: tuple[float, ...], *, is_due: bool
) -> None:
    lay(shelf, looked("hilang", 120))
    append(shelf, "captures", gone("hilang", *hours_ago))
    found = due(shelf)
    assert [one.is_whole for one in found] == [True] * is_due


def test_what_came_back_is_looked_at_as_before(shelf: Archive) -> None:
    lay(shelf, looked("hilang", 40, 23.5))
    append(shelf, "captures", gone("hilang", 39.5, 23.6))
    assert names(shelf) == ["hilang"]


@pytest.mark.parametrize(("outcome", "status"), [("rejected", 403), ("error", 503)])
def test_what_was_refused_for_the_moment_is_asked_again_later(
    shelf: Archive, outcome: str, status: int
) -> None:
    lay(shelf, looked("pasar", 24))
    refused = capture(url_of("uji", "pasar"), outcome, at=NOW - 10 * HOUR, status=status)
    append(shelf, "captures", [refused])
    assert names(shelf) == []
    assert names(shelf, now=NOW + 24 * HOUR) == ["pasar"]


def vain(*hours_ago: float, command: str = "recheck", errors: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "run_id": f"run-{ago}", "command": command, "outlet": "uji", "errors": errors,
            "rejected": 0, "started_at": NOW - ago * HOUR,
        }
        for ago in hours_ago
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "is_due"),
    [
        (vain(0.5), False),
        # Due for 2 hours when it was asked for in vain: again 2 hours later.
        (vain(4), True),
        (vain(2.9), False),
        (vain(4, 2), False),
        # In the run between, it was not yet due again.
        (vain(4, 3), True),
        (vain(3, errors=0), True),
        (vain(3, command="crawl"), True),
        # Before it was due, it was not asked for.
        (vain(7), True),
    ],
)
def test_what_leaves_no_answer_is_asked_for_ever_more_rarely(
    shelf: Archive, runs: list[dict[str, Any]], *, is_due: bool
) -> None:
    # Due 23 hours after its only look: 6 hours ago.
    lay(shelf, looked("pasar", 29))
    assert names(shelf, now=NOW - 5.9 * HOUR) == ["pasar"]
    assert names(shelf, now=NOW - 6.1 * HOUR) == []
    append(shelf, "runs", runs)
    assert names(shelf) == ["pasar"] * is_due


def test_parts_of_an_article_are_not_its_address(shelf: Archive) -> None:
    joined = parse_outlet(
        'name = "Uji"\ndomains = ["uji.example"]\n'
        '[articles]\nmatch = "/berita/"\nsingle_page = { pages = "?page={n}" }\n'
        '[[layouts]]\nbody = [".isi"]',
        slug="uji",
        where="uji.toml",
    )
    articles, captures = looked("panjang", 24)
    parts = [
        capture(
            f"{url_of('uji', 'panjang')}?page={number}", "article",
            at=NOW - (24 - number / 100) * HOUR, article_id=id_of("uji", "panjang"),
        )
        for number in (2, 3)
    ]  # fmt: skip
    lay(shelf, (articles, [*captures, *parts]))
    (one,) = due(shelf, joined)
    assert one.url == url_of("uji", "panjang")


# Validators.


def conduct(archive: Archive) -> Conduct:
    return Recent(archive, NOW).validators(UJI).etag


def test_an_etag_that_stands_still_over_an_edit_is_noticed(archive: Archive) -> None:
    lay(
        archive,
        looked("jujur", 50, 26, edited=[1], etags=['"1"', '"2"']),
        looked("bohong", 51, 27, edited=[1], etags=['"1"', '"1"']),
        # To a server both mean the same.
        looked("lemah", 52, 28, edited=[1], etags=['"1"', 'W/"1"']),
        looked("tanpa", 53, 29, edited=[1], etags=[None, '"1"']),
        looked("tetap", 54, 30, 10, etags=['"1"', '"1"', '"1"']),
    )
    assert conduct(archive) == Conduct(edits=3, hidden=2, looks=2, moved=0)


def test_an_etag_that_moves_without_an_edit_is_noticed(shelf: Archive) -> None:
    lay(shelf, looked("gelisah", 54, 30, 10, etags=['"1"', '"2"', '"3"']))
    assert conduct(shelf) == Conduct(edits=0, hidden=0, looks=2, moved=2)


def test_etags_of_two_addresses_say_nothing_of_each_other(shelf: Archive) -> None:
    first = looked("pasar", 50, etags=['"1"'])
    articles, captures = looked("pasar", 50, 26, edited=[1], etags=['"1"', '"1"'])
    captures[1] |= {"url": "https://uji.example/amp/pasar", "url_key": 1}
    lay(shelf, (articles, [*first[1], captures[1]]))
    assert conduct(shelf) == Conduct()


def test_a_newer_extraction_is_no_edit(shelf: Archive) -> None:
    articles, captures = looked("pasar", 50, 26, etags=['"1"', '"1"'])
    reread = articles[0] | {"extraction": 2, "revision": 2, "capture_id": captures[1]["capture_id"]}
    lay(shelf, ([*articles, reread], captures))
    assert conduct(shelf) == Conduct(looks=1)


def test_a_304_got_with_a_lying_etag_is_no_sign_that_nothing_was_edited(shelf: Archive) -> None:
    """What it hid may have happened at any time since the page was last seen."""

    def observed() -> list[tuple[float, ...]]:
        with Recent(shelf, NOW)._looks(UJI) as looks:  # noqa: SLF001  it shows nowhere else
            assert looks is not None
            found = _observed(looks, _validators(looks)[1])
        return sorted(zip(*(one.tolist() for one in found), strict=True))

    articles, captures = looked("bohong", 60, 59, 48, 24, edited=[2], etags=['"1"'] * 4)
    captures[1]["status"] = captures[3]["status"] = 304
    lay(shelf, (articles, captures))
    # Once it was found out, nobody asked with it any more: later ones are to be believed.
    assert observed() == [(0.0, 12.0, True, 0), (12.0, 36.0, False, 1)]
    honest = looked("jujur", 40, 39, etags=['"1"', '"1"'])
    honest[1][1]["status"] = 304
    lay(shelf, honest)
    assert observed()[0] == (0.0, 1.0, False, 0)


def test_what_is_asked_with_is_what_can_be_believed(archive: Archive) -> None:
    modified = "Fri, 20 Nov 2026 01:00:00 GMT"
    lay(
        archive,
        looked("bohong", 50, 26, edited=[1], etags=['"1"', '"1"'], last_modified=modified),
        *(looked(f"berita-{n}", 24, etags=['"1"'], last_modified=modified) for n in range(8)),
    )
    # Last-Modified stood still as well.
    recent = Recent(archive, NOW)
    found = recent.found(UJI)
    known = recent.known(found, UJI)
    assert set(known) == {one.url for one in found.due}
    assert len(known) == 9
    assert {(one.etag, one.last_modified) for one in known.values()} == {(None, None)}


def test_whole_looks_are_asked_for_without_any_validator(shelf: Archive) -> None:
    lay(shelf, *(looked(f"berita-{n}", 24, etags=[f'"{n}"']) for n in range(8)))
    recent = Recent(shelf, NOW)
    found = recent.found(UJI)
    known = recent.known(found, UJI)
    without = {one.url for one in found.due if one.is_whole}
    assert 0 < len(without) < 8
    assert {url for url, one in known.items() if one.etag is None} == without


def test_an_article_seen_again_is_compared_with_its_last_page_not_with_a_refusal(
    shelf: Archive,
) -> None:
    lay(shelf, looked("pasar", 48, digest="sha1:PAGE"))
    refused = capture(
        url_of("uji", "pasar"), "rejected", at=NOW - 24 * HOUR, status=403, digest="sha1:NO"
    )
    append(shelf, "captures", [refused])
    recent = Recent(shelf, NOW)
    (known,) = recent.known(recent.found(UJI), UJI).values()
    assert (known.outcome, known.digest) == (Outcome.ARTICLE, "sha1:PAGE")
