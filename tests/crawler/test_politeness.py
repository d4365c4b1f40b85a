"""What a crawl costs an outlet: its pace, its hourly budget, robots.txt kept between runs.

Trouble of whole outlets stands in test_trouble.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings as ScrapySettings
from scrapy.utils.test import get_crawler

from benchmarks.isolation import Plan, crawled
from crawler.job import Job
from crawler.middlewares.backoff import (
    FAULTS,
    REFUSALS,
    SILENCES,
    BackoffMiddleware,
    BudgetError,
    LaterError,
)
from crawler.middlewares.handler import Places
from crawler.middlewares.ledger import LONGEST_S, Ledger
from crawler.middlewares.pace import SLOWEST_S, Pace, floor_s, raise_floor, start
from crawler.middlewares.robots import (
    RobotsError,
    RobotsMiddleware,
    UnreachableRobotsError,
)
from crawler.middlewares.robots_cache import RobotsCache, lifetime_s
from pipelines.outlets import Fetch, Outlet
from tests.crawler.conftest import Answer, Kliping, Site, article_html, running_site
from tests.crawler.test_crawl import publish_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HOUR_S = 3600


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Stop the clocks of the middleware; call the fixture to let time pass."""
    now = [1000.0]
    monkeypatch.setattr("crawler.middlewares.backoff.monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


# The pace of one host.


def _backoff(*, delay_s: float = 1.0) -> BackoffMiddleware:
    crawler = get_crawler()
    downloader = SimpleNamespace(per_slot_settings={}, slots={})
    crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
    start(crawler, "contoh.id", delay_s=delay_s, concurrency=2)
    return BackoffMiddleware.from_crawler(crawler)


def _outlet(requests_per_hour: int = 0) -> Outlet:
    fetch = Fetch(requests_per_hour=requests_per_hour)
    return Outlet(slug="contoh", name="Contoh", domains=("contoh.id",), fetch=fetch)


def _request(latency_s: float = 0.1, *, role: str = "article", url: str = "") -> Request:
    meta = {
        "outlet": _outlet(),
        "download_latency": latency_s,
        "role": role,
        "dont_retry": True,
    }
    return Request(url or "https://contoh.id/1", meta=meta)


def _answered(
    backoff: BackoffMiddleware,
    status: int,
    latency_s: float = 0.1,
    *,
    retry_after: str | None = None,
) -> float:
    """Let the host answer; return its delay after that."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    response = Response("https://contoh.id/1", status=status, headers=headers)
    backoff.process_response(_request(latency_s), response)
    found = backoff.crawler.engine.downloader.per_slot_settings
    return float(found["contoh.id"]["delay"])


def test_a_host_that_becomes_slow_is_asked_more_slowly_and_comes_back() -> None:
    backoff = _backoff(delay_s=0.5)
    assert [_answered(backoff, 200, 0.2) for _ in range(5)] == [0.5] * 5
    slow = [_answered(backoff, 200, 4.0) for _ in range(20)]
    assert slow == sorted(slow)
    assert 3.9 < slow[-1] <= 4.0
    fast = [_answered(backoff, 200, 0.2) for _ in range(20)]
    assert fast == sorted(fast, reverse=True)
    assert fast[-1] == 0.5


def test_one_slow_answer_is_no_slow_host() -> None:
    backoff = _backoff(delay_s=0.0)
    _answered(backoff, 200, 0.1)
    assert _answered(backoff, 200, 3.0) == 0.0


def test_a_fast_host_without_delay_is_not_slowed() -> None:
    backoff = _backoff(delay_s=0.0)
    assert {_answered(backoff, 200, 0.6) for _ in range(50)} == {0.0}


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_quick_errors_of_a_slow_host_never_shorten_its_delay(status: int) -> None:
    backoff = _backoff(delay_s=0.0)
    for _ in range(20):
        before = _answered(backoff, 200, 4.0)
    after = [_answered(backoff, status, 0.01) for _ in range(10)]
    assert min(after) >= before


def test_slow_errors_slow_down_as_well() -> None:
    backoff = _backoff(delay_s=0.0)
    assert [_answered(backoff, 500, 8.0) for _ in range(10)][-1] > 7.0


def test_the_delay_of_a_slow_host_is_bounded() -> None:
    backoff = _backoff(delay_s=0.0)
    assert [_answered(backoff, 200, 500.0) for _ in range(30)][-1] == SLOWEST_S


def test_crawl_delay_is_never_undercut_and_may_exceed_the_bound() -> None:
    backoff = _backoff(delay_s=1.0)
    raise_floor(backoff.crawler, "contoh.id", 90.0)
    assert _answered(backoff, 200, 0.1) == 90.0
    raise_floor(backoff.crawler, "contoh.id", 2.0)
    assert floor_s(backoff.crawler, "contoh.id") == 90.0


def test_refusals_slow_down_and_good_answers_bring_the_delay_back(
    clock: Callable[[float], None],
) -> None:
    backoff = _backoff(delay_s=1.0)
    found = []
    for _ in range(3):
        found.append(_answered(backoff, 429))
        clock(200)
    assert found == [2.0, 4.0, 8.0]
    back = [_answered(backoff, 200) for _ in range(20)]
    assert back == sorted(back, reverse=True)
    assert back[0] == pytest.approx(6.4)
    assert back[-1] == 1.0


def test_a_pause_holds_one_host_only(clock: Callable[[float], None]) -> None:
    backoff = _backoff()
    _answered(backoff, 429, retry_after="600")
    with pytest.raises(LaterError, match=r"contoh\.id asks to be left alone until"):
        asyncio.run(backoff.process_request(_request()))
    asyncio.run(backoff.process_request(_request(url="https://lain.id/1")))
    clock(601)


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("30", 30, 30),
        ("0", 2, 3),
        ("besok", 2, 3),
        (None, 2, 3),
        ("999999999999", LONGEST_S, LONGEST_S),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_S, LONGEST_S),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 2, 3),
    ],
)
def test_how_long_a_host_is_left_alone(
    clock: Callable[[float], None], said: str | None, least: float, most: float
) -> None:
    clock(0)
    backoff = _backoff()
    _answered(backoff, 503, retry_after=said)
    assert least - 0.1 <= backoff._book().wait_s("contoh.id") <= most  # noqa: SLF001  what the next run reads


def test_a_host_that_refuses_again_and_again_is_left_to_a_later_run(
    clock: Callable[[float], None],
) -> None:
    backoff = _backoff()
    for _ in range(REFUSALS):
        _answered(backoff, 429)
        clock(200)
    with pytest.raises(LaterError, match="answered 429 5 times in a row"):
        asyncio.run(backoff.process_request(_request()))


def test_a_host_in_trouble_is_left_to_a_later_run_and_one_answer_counts_anew() -> None:
    backoff = _backoff()
    for _ in range(FAULTS - 1):
        _answered(backoff, 500)
    _answered(backoff, 404)
    for _ in range(FAULTS - 1):
        _answered(backoff, 502)
    asyncio.run(backoff.process_request(_request()))
    _answered(backoff, 502)
    with pytest.raises(LaterError, match="answered 502 20 times in a row"):
        asyncio.run(backoff.process_request(_request()))


def test_a_silent_host_is_left_to_a_later_run() -> None:
    backoff = _backoff()
    for _ in range(SILENCES):
        asyncio.run(backoff.process_request(_request()))
        backoff.process_exception(_request(), DownloadTimeoutError())
    with pytest.raises(LaterError, match="gave no answer 5 times in a row"):
        asyncio.run(backoff.process_request(_request()))


def test_a_used_up_budget_lets_begun_articles_be_ended() -> None:
    backoff = _backoff()
    request = _request()
    request.meta["outlet"] = _outlet(3)
    for _ in range(3):
        asyncio.run(backoff.process_request(request))
    with pytest.raises(BudgetError, match=r"fetch\.requests_per_hour: all 3 were used"):
        asyncio.run(backoff.process_request(request))
    part = _request(role="part")
    part.meta["outlet"] = _outlet(3)
    asyncio.run(backoff.process_request(part))


def test_a_penalty_is_doubled_from_the_delay_that_holds() -> None:
    pace = Pace(latency_s=5.0)
    pace.refused(1.0)
    assert pace.delay_s(1.0) == 10.0


# What runs tell each other.


class _Now:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize("most", [1, 7, 60])
def test_no_sixty_minutes_hold_more_requests_than_the_budget(tmp_path: Path, most: int) -> None:
    now = _Now()
    sent: list[float] = []
    for run in range(40):
        ledger = Ledger(tmp_path / "politeness.json", now)
        for _ in range(20):
            if ledger.full_s("warta", most) == 0:
                ledger.count("warta")
                sent.append(now.at)
            now.at += 3.0 + run % 7
        ledger.flush()
        now.at += 120
    assert len(sent) > most
    for moment in sent:
        assert sum(moment <= one < moment + _HOUR_S for one in sent) <= most


def test_a_full_budget_says_when_there_is_a_place_again(tmp_path: Path) -> None:
    now = _Now()
    ledger = Ledger(tmp_path / "politeness.json", now)
    ledger.count("warta")
    now.at += 600
    ledger.count("warta")
    rest_s = ledger.full_s("warta", 2)
    assert _HOUR_S - 600 <= rest_s <= _HOUR_S - 600 + 60
    now.at += rest_s
    assert ledger.full_s("warta", 2) == 0
    assert ledger.full_s("lain", 2) == 0


def test_runs_at_the_same_time_count_together(tmp_path: Path) -> None:
    path = tmp_path / "politeness.json"
    one, two = Ledger(path), Ledger(path)
    for ledger in (one, two, one):
        ledger.count("warta")
    one.flush()
    two.flush()
    assert Ledger(path).full_s("warta", 4) == 0
    assert Ledger(path).full_s("warta", 3) > 0


def test_leave_until_a_moment_outlives_the_run_and_ends(tmp_path: Path) -> None:
    now = _Now()
    Ledger(tmp_path / "politeness.json", now).leave_alone("contoh.id", 600)
    later = Ledger(tmp_path / "politeness.json", now)
    assert later.wait_s("contoh.id") == pytest.approx(600)
    later.leave_alone("contoh.id", 5)
    assert later.wait_s("contoh.id") == pytest.approx(600)
    now.at += 601
    assert later.wait_s("contoh.id") == 0


def test_nobody_is_left_alone_for_more_than_a_day(tmp_path: Path) -> None:
    path = tmp_path / "politeness.json"
    path.write_text(json.dumps({"until": {"contoh.id": 1e18}, "spent": {}}))
    assert Ledger(path).wait_s("contoh.id") <= LONGEST_S


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"until": [], "spent": {}}',
        '{"until": {"contoh.id": "besok"}, "spent": {}}',
        '{"until": {}, "spent": {"warta": [1]}}',
        '{"until": {}, "spent": {"warta": {"x": 1}}}',
        '{"until": {"contoh.id": NaN}, "spent": {"warta": {"99999999999": 5}}}',
        "[" * 100_000,
    ],
)
def test_a_broken_file_is_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "politeness.json"
    path.write_text(text)
    ledger = Ledger(path)
    assert (ledger.wait_s("contoh.id"), ledger.full_s("warta", 1)) == (0, 0)
    ledger.count("warta")
    ledger.flush()
    assert Ledger(path).full_s("warta", 1) > 0


def test_a_spool_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ledger = Ledger(tmp_path / "file" / "politeness.json")
    ledger.leave_alone("contoh.id", 60)
    ledger.count("warta")
    ledger.flush()
    assert ledger.wait_s("contoh.id") > 0


# robots.txt between runs.


def test_what_robots_txt_said_is_kept_for_as_long_as_it_holds(tmp_path: Path) -> None:
    now = _Now()
    cache = RobotsCache(tmp_path / "robots", most_bytes=1000, now=now)
    cache.put("https://contoh.id", b"User-agent: *\nDisallow: /\n", 600.0)
    found = RobotsCache(tmp_path / "robots", most_bytes=1000, now=now).get("https://contoh.id")
    assert found is not None
    assert (found.text, found.is_fresh) == (b"User-agent: *\nDisallow: /\n", True)
    assert cache.get("http://contoh.id") is None
    now.at += 601
    found = cache.get("https://contoh.id")
    assert found is not None
    assert not found.is_fresh
    now.at += 86_400
    assert cache.get("https://contoh.id") is None
    now.at -= 200_000  # written in what is the future now
    assert cache.get("https://contoh.id") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: b"\x00" + data,
        lambda data: b"[" * 100_000 + data,
        lambda data: data.replace(b"contoh", b"lainya"),
        lambda data: data.replace(b'"lifetime_s": 600.0', b'"lifetime_s": []'),
        lambda _: b"",
    ],
)
def test_a_spoilt_file_counts_as_not_there(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    cache = RobotsCache(tmp_path, most_bytes=1000)
    cache.put("https://contoh.id", b"User-agent: *\nDisallow: /\n", 600.0)
    (path,) = tmp_path.glob("*.robots")
    path.write_bytes(spoil(path.read_bytes()))
    assert cache.get("https://contoh.id") is None


def test_no_more_is_kept_than_is_read_and_a_closed_folder_stops_nobody(tmp_path: Path) -> None:
    cache = RobotsCache(tmp_path, most_bytes=10)
    cache.put("https://contoh.id", b"x" * 100, 600.0)
    found = cache.get("https://contoh.id")
    assert found is not None
    assert found.text == b"x" * 10
    (tmp_path / "file").write_text("")
    RobotsCache(tmp_path / "file", most_bytes=10).put("https://contoh.id", b"", 600.0)


@pytest.mark.parametrize(
    ("said", "age", "expected"),
    [
        ("max-age=60", None, 60),
        ("public, MAX-AGE = 9999999", None, 86_400),
        ("max-age=60", "20", 40),
        ("max-age=60", "3600", 0),
        ("s-maxage=5", None, 43_200),
        ("max-age=x", "x", 43_200),
        ("no-cache, max-age=60", None, 0),
        ("no-store", None, None),
        (None, None, 43_200),
    ],
)
def test_how_long_an_answer_holds(said: str | None, age: str | None, expected: float) -> None:
    assert lifetime_s(said, age) == expected


class _Engine:
    """Stands for Scrapy's engine: answers robots.txt, and counts how often it was asked."""

    def __init__(self) -> None:
        self.downloader = SimpleNamespace(per_slot_settings={}, slots={})
        self.answer: Response | Exception = Response("https://contoh.id/robots.txt")
        self.asked = 0

    def says(self, text: str, status: int = 200, **headers: str) -> None:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.answer = Response(
            "https://contoh.id/robots.txt", status=status, body=text.encode(), headers=named
        )

    async def download_async(self, _: Request) -> Response:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _run(engine: _Engine, folder: Path | None) -> tuple[list[str], Job]:
    """Let a new run ask for three pages; return what came through and the run's job."""
    crawler = get_crawler()
    crawler.engine = engine  # type: ignore[assignment]
    outlet = _outlet()
    job = Job(
        command="crawl", outlets=[outlet], outlet_of=lambda _: outlet, archive=None, contact="x"
    )
    job.robots_cache = folder
    crawler.spider = SimpleNamespace(job=job)  # type: ignore[assignment]
    robots = RobotsMiddleware(crawler)
    start(crawler, "contoh.id", delay_s=1.0, concurrency=2)

    async def asks() -> list[str]:
        through = []
        for path in ("/berita/1", "/tutup/2", "/berita/3"):
            with contextlib.suppress(RobotsError, UnreachableRobotsError):
                await robots.process_request(_request(url=f"https://contoh.id{path}"))
                through.append(path)
        return through

    return asyncio.run(asks()), job


_OPEN = ["/berita/1", "/berita/3"]
_ALL = ["/berita/1", "/tutup/2", "/berita/3"]
_ROBOTS = """User-agent: *
Disallow: /tutup
Crawl-delay: 7
Sitemap: https://contoh.id/peta.xml
Sitemap: /peta-lain.xml
Sitemap: https://contoh.id/peta.xml
"""


def test_robots_txt_is_asked_once_per_run_and_by_the_next_only_where_nothing_is_kept(
    tmp_path: Path,
) -> None:
    engine = _Engine()
    engine.says(_ROBOTS)
    for folder, asked in ((None, 1), (None, 2), (tmp_path, 3), (tmp_path, 3)):
        engine.downloader.per_slot_settings.clear()
        through, job = _run(engine, folder)
        assert (through, engine.asked) == (_OPEN, asked)
        assert job.robots_sitemaps == {"https://contoh.id": ("https://contoh.id/peta.xml",)}
        assert engine.downloader.per_slot_settings["contoh.id"]["delay"] == 7.0


def test_a_robots_txt_that_holds_no_longer_is_asked_again(tmp_path: Path) -> None:
    engine = _Engine()
    engine.says(_ROBOTS, Cache_Control="max-age=0")
    assert _run(engine, tmp_path)[0] == _OPEN
    engine.says("", status=404)
    assert _run(engine, tmp_path)[0] == _ALL
    assert _run(engine, tmp_path)[0] == _ALL
    assert engine.asked == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_kept_rules_serve_while_robots_txt_is_in_trouble(tmp_path: Path, status: int) -> None:
    engine = _Engine()
    engine.says(_ROBOTS, Cache_Control="no-cache")
    assert _run(engine, tmp_path)[0] == _OPEN
    engine.says("rusak", status=status)
    assert _run(engine, tmp_path)[0] == _OPEN
    assert _run(engine, None)[0] == []


def test_kept_rules_do_not_make_a_host_that_is_out_of_reach_be_asked(tmp_path: Path) -> None:
    engine = _Engine()
    engine.says(_ROBOTS, Cache_Control="max-age=0")
    _run(engine, tmp_path)
    engine.answer = DownloadTimeoutError()
    assert _run(engine, tmp_path)[0] == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_robots_txt_allows_everything(status: int) -> None:
    engine = _Engine()
    engine.says(_ROBOTS, status=status)
    assert _run(engine, None)[0] == _ALL


@pytest.mark.parametrize("said", ["nan", "inf", "-5", "sebentar", "0.5"])
def test_a_crawl_delay_that_is_none_changes_nothing(said: str) -> None:
    engine = _Engine()
    engine.says(f"User-agent: *\nCrawl-delay: {said}")
    _run(engine, None)
    assert engine.downloader.per_slot_settings["contoh.id"]["delay"] == 1.0


@pytest.mark.parametrize("said", ["61", "86400"])
def test_a_crawl_delay_of_a_day_is_a_minute(said: str) -> None:
    engine = _Engine()
    engine.says(f"User-agent: *\nCrawl-delay: {said}")
    _run(engine, None)
    assert engine.downloader.per_slot_settings["contoh.id"]["delay"] == 60.0


# Requests to all hosts together.


def test_places_are_given_back_at_the_end_or_when_patience_is_at_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crawler.middlewares.handler.PATIENCE_S", 0.05)

    async def run() -> list[str]:
        places, done = Places(1), []
        never = asyncio.Event()

        async def silent() -> None:
            async with places.one(lambda: True):
                done.append("silent")
                await never.wait()

        async def quick(name: str) -> None:
            async with places.one(lambda: True):
                done.append(name)

        waiting = asyncio.ensure_future(silent())
        await asyncio.sleep(0)
        await asyncio.gather(quick("one"), quick("two"))
        never.set()
        await waiting
        await quick("three")
        assert not places._free.locked()  # noqa: SLF001  given back once, not twice
        async with places.one(lambda: True):
            assert places._free.locked()  # noqa: SLF001
        return done

    assert asyncio.run(run()) == ["silent", "one", "two", "three"]


def test_who_waits_for_room_keeps_no_place_from_those_who_make_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crawler.middlewares.handler._LOOK_S", 0.01)

    async def run() -> list[str]:
        places, done = Places(1), []

        async def page() -> None:
            async with places.one(lambda: "part" in done):
                done.append("page")

        waiting = asyncio.ensure_future(page())
        await asyncio.sleep(0.03)
        async with places.one(lambda: True):
            done.append("part")
        await waiting
        return done

    assert asyncio.run(run()) == ["part", "page"]


def test_requests_that_waited_for_places_keep_their_hosts_delay() -> None:
    async def run() -> list[float]:
        places, sent = Places(10), []

        async def send(host: str) -> None:
            async with places.one(lambda: True):
                await places.spaced(host, 0.05)
                sent.append(time.monotonic())

        await asyncio.gather(*(send("contoh.id") for _ in range(3)))
        return [after - before for before, after in pairwise(sent)]

    assert min(asyncio.run(run())) > 0.04


def test_scrapy_itself_limits_nothing_but_hosts() -> None:
    settings = ScrapySettings()
    settings.setmodule("crawler.settings", priority="project")
    # Its limit would count requests that only wait for their host.
    assert settings.getint("CONCURRENT_REQUESTS") == 0


# The command.


def test_a_host_that_wants_an_hour_is_left_alone_by_the_next_runs_too(
    kliping: Kliping, site: Site
) -> None:
    publish_site(site)
    file = kliping.config / "outlets" / "warta.toml"
    # So slow that requests wait in the downloader when the pause begins.
    file.write_text(file.read_text().replace("delay_s = 0.0", "delay_s = 0.3"))
    pages = [path for path in site.answers if path.startswith("/berita/")]
    for path in pages:
        site.first[path] = [Answer(b"pelan", 429, {"Retry-After": "3600"})]
    started = time.monotonic()
    done = kliping.run("crawl", "warta", "--json")
    assert time.monotonic() - started < 30
    refused = [path for path in site.asked if path in pages]
    found = json.loads(done.stdout)
    assert (found["new"], found["errors"]) == (0, len(refused))
    assert len(refused) < len(pages)
    assert done.stderr.count("what is left waits for a later run") == 1
    site.asked.clear()
    site.first.clear()
    quiet = kliping.run("crawl", "warta", "--json")
    assert (quiet.returncode, site.asked) == (0, [])
    assert "asks to be left alone until" in quiet.stderr
    # Who asks by hand tries, and what they find holds for all.
    assert kliping.lines("recrawl", site.url + pages[0], "--json")[0]["status"] == "new"
    assert kliping.lines("crawl", "warta", "--json")[0]["new"] == len(pages) - 1


def test_an_hourly_budget_holds_over_runs(kliping: Kliping, site: Site) -> None:
    publish_site(site)
    file = kliping.config / "outlets" / "warta.toml"
    file.write_text(file.read_text() + "requests_per_hour = 5\n")
    first = kliping.run("crawl", "warta", "--json")
    assert first.returncode == 0
    assert len(site.asked) == 5
    found = json.loads(first.stdout)
    assert (found["errors"], found["new"]) == (0, 2)  # after robots.txt, feed and sitemap
    assert first.stderr.count("fetch.requests_per_hour: all 5 were used") == 1
    second = kliping.run("crawl", "warta", "--json")
    assert (second.returncode, len(site.asked)) == (0, 5)
    file.write_text(file.read_text().replace("requests_per_hour = 5", "requests_per_hour = 100"))
    assert kliping.lines("crawl", "warta", "--json")[0]["new"] == 3


def test_robots_txt_counts_wherever_redirects_lead_and_is_asked_under_the_same_name(
    kliping: Kliping, site: Site
) -> None:
    (kliping.config / "kliping.toml").write_text('contact = "redaksi@contoh.id"\n')
    with running_site() as other, running_site() as looping:
        # RFC 9309, 2.3.1.2: redirected without end is as good as none.
        looping.put("/robots.txt", "", status=302, Location="/robots.txt?lagi")
        looping.put("/robots.txt?lagi", "", status=302, Location="/robots.txt")
        looping.put("/berita/putar", article_html("Kapal Berputar di Teluk"))
        other.put("/robots.txt", "User-agent: *\nDisallow: /tutup", media_type="text/plain")
        other.put("/buka", article_html())
        other.put("/tutup", article_html())
        site.put("/robots.txt", "", status=301, Location=f"{other.url}/robots-asli.txt")
        other.put("/robots-asli.txt", "User-agent: *\nAllow: /", media_type="text/plain")
        site.put("/berita/buka", "", status=302, Location=f"{other.url}/buka")
        site.put("/berita/tutup", "", status=302, Location=f"{other.url}/tutup")
        urls = [f"{site.url}/berita/{name}" for name in ("buka", "tutup")]
        urls.append(f"{looping.url}/berita/putar")
        opened, closed, looped = kliping.lines("recrawl", *urls, "--json", code=1)
    assert (opened["status"], looped["status"]) == ("new", "new")
    assert (closed["status"], closed["reason"]) == ("rejected", "robots")
    assert "/tutup" not in other.asked
    assert other.asked.count("/robots.txt") == 1
    assert set(site.agents + other.agents + looping.agents) == {"Kliping/0.1 (+redaksi@contoh.id)"}


def test_outlets_in_trouble_do_not_slow_the_others(tmp_path: Path) -> None:
    # With fewer places than the three in trouble could fill.
    plan = Plan(
        healthy=4,
        pages=5,
        delay_s=0.2,
        timeout_s=60.0,
        total_concurrency=4,
        is_late=True,
        is_cut=True,
    )
    beside = crawled(plan, tmp_path, with_troubles=True)
    # Seven delays and what a busy machine takes; a host that hangs is waited for much longer.
    assert beside.healthy_s < 20
