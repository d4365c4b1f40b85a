"""Which addresses may be connected to, and the pace of hosts seen for the first time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from scrapy import Request

from crawler.middlewares.guard import (
    ForbiddenAddressError,
    GuardedResolver,
    GuardMiddleware,
    is_public,
)
from pipelines.outlets import Fetch, Outlet

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "100.64.0.1",
        "192.0.0.9",
        "192.0.0.171",
        "168.63.129.16",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "[::1]",
        "fe80::1%eth0",
        "fec0::1",
        "fd00:ec2::254",
        "ff0e::1",
        "::8.8.8.8",
        "::ffff:10.0.0.1",
        "::ffff:168.63.129.16",
        "::ffff:0:8.8.8.8",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::808:808",
        "2001:0:808:808::f5ff:fffe",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:a83f:8110::1",
        "3fff::1",
        "5f00::1",
    ],
)
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "168.63.129.17",
        "192.0.1.1",
        "2606:4700::6810:84e5",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture
def leave() -> Iterator[None]:
    """Take back what a test opens: the resolver is one for the whole process."""
    before = GuardedResolver.allowed
    yield
    GuardedResolver.allowed = before


def _guard() -> tuple[GuardMiddleware, dict[str, dict[str, float]]]:
    paces: dict[str, dict[str, float]] = {}
    engine = SimpleNamespace(downloader=SimpleNamespace(per_slot_settings=paces))
    return GuardMiddleware(SimpleNamespace(spider=None, engine=engine)), paces  # type: ignore[arg-type]


def _outlet(*domains: str, fetch: Fetch | None = None) -> Outlet:
    return Outlet(
        slug="warta",
        name="Warta",
        domains=domains,
        allow_private_network=True,
        fetch=fetch or Fetch(),
    )


@pytest.mark.usefixtures("leave")
@pytest.mark.parametrize("domain", ["[::1]:8000", "[::1]", "::1"])
def test_leave_for_an_ipv6_address_holds_with_and_without_port(domain: str) -> None:
    outlet = _outlet(domain)
    request = Request("http://[::1]:8000/berita", meta={"outlet": outlet})
    guard, _ = _guard()
    GuardedResolver.allow([])
    with pytest.raises(ForbiddenAddressError, match="::1 is not a public address"):
        guard.process_request(request)
    GuardedResolver.allow([outlet])
    guard.process_request(request)
    other = Request("http://[::2]:8000/berita", meta={"outlet": outlet})
    with pytest.raises(ForbiddenAddressError, match="::2 is not a public address"):
        guard.process_request(other)


@pytest.mark.usefixtures("leave")
def test_leave_covers_a_host_and_what_is_below_it_only() -> None:
    GuardedResolver.allow([_outlet("warta.local:8000")])
    hosts = ("warta.local", "www.Warta.local", "xwarta.local", "local")
    assert [GuardedResolver.is_allowed(host) for host in hosts] == [True, True, False, False]


def test_a_host_seen_first_through_a_redirect_gets_its_outlets_pace() -> None:
    guard, paces = _guard()
    outlet = _outlet("contoh.id", fetch=Fetch(delay_s=7.0, concurrency=1))
    redirected = Request("https://cdn.contoh.id/robots.txt", meta={"outlet": outlet})
    guard.process_request(redirected)
    expected = {"delay": 7.0, "floor": 7.0, "concurrency": 1, "jitter": 0.0}
    assert paces == {"cdn.contoh.id": expected}
    assert redirected.meta["download_slot"] == "cdn.contoh.id"


def test_a_pace_that_was_changed_since_is_left_alone() -> None:
    guard, paces = _guard()
    paces["contoh.id"] = {"delay": 20.0}
    guard.process_request(Request("https://contoh.id/1", meta={"outlet": _outlet("contoh.id")}))
    assert paces == {"contoh.id": {"delay": 20.0}}
