"""No connection to an address that is not public, unless an outlet's file allows it for its hosts.

Names are judged by the address that is then connected to: the resolver itself refuses, so DNS
that changes between a check and the connection gains nothing. Literal addresses, which never
reach a resolver, are judged in `GuardMiddleware`.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from crawler.middlewares.pace import start

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

    from pipelines.outlets import Outlet


_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""All of IPv6 that was ever given out for global use (IANA, IPv6 Address Space)."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052; its local-use sibling 64:ff9b:1::/48 (RFC 8215) leads into private networks."""
_CLOSED: Final = tuple(
    ipaddress.ip_network(one)
    for one in (
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890; some of it counts as global
        "168.63.129.16/32",  # Azure's host agent: public by number, but only the machine's own
        "2001::/32",  # Teredo, RFC 4380: any IPv4 address can hide in it
        "3fff::/20",  # documentation, RFC 9637; younger than Python 3.11's tables
    )
)


class ForbiddenAddressError(IgnoreRequest):
    """The address, or the one a name stands for, may not be connected to."""


class UnsafeNameError(DNSLookupError):
    """A name stands for an address that is not public."""


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the open Internet.

    An IPv6 address that leads to an IPv4 one (mapped, 6to4, NAT64) is judged by that.

    >>> [is_public(one) for one in ("8.8.8.8", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    found = ipaddress.ip_address(address.strip("[]"))
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        if found not in _UNICAST:
            return False
    if any(found in network for network in _CLOSED):
        return False
    return found.is_global and not found.is_multicast


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing names that stand for addresses which are not public."""

    allowed: ClassVar[set[str]] = set()
    """Hosts that may be private: the domains of outlets with `allow_private_network`."""
    refused: ClassVar[dict[str, str]] = {}
    """Names that were refused -> the address they stood for; Twisted drops the reason."""

    @classmethod
    def allow(cls, outlets: Iterable[Outlet]) -> None:
        """Open the hosts of those outlets that ask for it, and no others."""
        cls.allowed = {
            urlsplit(f"//{domain}").hostname or domain
            for outlet in outlets
            if outlet.allow_private_network
            for domain in outlet.domains
        }

    @classmethod
    def is_allowed(cls, host: str) -> bool:
        """Tell whether *host* is one of `allowed` or below one."""
        host = host.lower()
        return any(host == one or host.endswith("." + one) for one in cls.allowed)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  Twisted's name
        """Resolve *name*, or fail with `UnsafeNameError`."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._judged, name)

    def _judged(self, address: str, name: str) -> str:
        if name == address:
            return address  # a literal, judged by `GuardMiddleware`, or where a proxy listens
        if is_public(address) or self.is_allowed(name):
            return address
        self.refused[name] = address
        raise UnsafeNameError(f"{name} stands for {address}, which is not public")


class GuardMiddleware:
    """Refuses schemes other than HTTP and literal addresses that are not public.

    Being the first to see a request, it also sets the pace of hosts seen for the first time, those
    that a robots.txt was redirected to included.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        """Make one for a crawl."""
        return cls(crawler)

    def process_request(self, request: Request, **_: Any) -> None:  # noqa: ANN401  Scrapy may pass its spider
        """Raise `ForbiddenAddressError` for an address that must not be asked."""
        parts = urlsplit(request.url)
        request.meta["download_slot"] = parts.netloc
        self._pace(parts.netloc, request.meta["outlet"])
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            raise ForbiddenAddressError(f"scheme {parts.scheme!r} is not fetched")
        job = getattr(self.crawler.spider, "job", None)
        if job is not None and host in job.proxies:
            request.meta["proxy"] = job.proxies[host]
            return
        try:
            public = is_public(host)
        except ValueError:
            return  # a name: the resolver judges it
        if not public and not GuardedResolver.is_allowed(host):
            raise ForbiddenAddressError(
                f"{host} is not a public address; its outlet's file would have to say "
                "allow_private_network = true"
            )

    def _pace(self, netloc: str, outlet: Outlet) -> None:
        """Tell the downloader how to treat a host before its slot is made."""
        fetch = outlet.fetch
        start(self.crawler, netloc, delay_s=fetch.delay_s, concurrency=fetch.concurrency)
