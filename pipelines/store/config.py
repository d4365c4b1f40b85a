"""The configuration folder -> `Settings` and the `Registry` of outlets.

Enters ``config/``: ``kliping.toml``, ``outlets/*.toml`` and ``outlets/families/*.toml``. Leaves
frozen values. Refuses, in one line that names the file and the key, whatever is misspelt, of the
wrong type, or claimed by two outlets: a crawl by half a configuration is worse than none. Every
file is read at once, for its domains; its rules are checked and compiled when they are first asked
for, so a command that needs one outlet does not wait for the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlsplit

from pipelines.errors import OutletError, UsageError, did_you_mean
from pipelines.outlets import Fetch, Outlet, generic_outlet, parse_outlet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CONFIG_DIR = Path(__file__).resolve().parents[2] / "config"
"""The folder in the checkout: the command works from wherever it is called."""

Publish = Literal["run", "daily", "manual"]

_MAY_BE_0 = frozenset(("retries", "requests_per_hour"))
_CRON = re.compile(r"@(hourly|daily|weekly|monthly)|[\d*/,A-Za-z-]+( +[\d*/,A-Za-z-]+){4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How gently to ask, and how much to take."""

    delay_s: float = 1.0
    """Between two requests to one host, where the outlet's file says nothing."""
    concurrency: int = 2
    """Requests at once to one host, where the outlet's file says nothing."""
    total_concurrency: int = 64
    """Requests at once to all hosts together; one without an answer for 3 s counts no longer."""
    requests_per_hour: int = 3600
    """To one outlet, where its file says nothing; 0 for no such limit."""
    timeout_s: float = 30.0
    """For one response, from the first byte sent to the last received."""
    retries: int = 2
    """After a fault that may pass: 429, 5xx, a broken connection."""
    max_page_bytes: int = 8 * 2**20
    """Of an article page, as sent and decoded; larger is rejected."""
    max_source_bytes: int = 52_428_800
    """Of a feed, sitemap or listing; sitemaps.org allows 50 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What ``kliping.toml`` says."""

    archive: str = "./archive"
    """A folder or ``s3://bucket/prefix``."""
    contact: str = ""
    """Mail address or URL that outlets can turn to; empty forbids crawls of real outlets."""
    publish: Publish = "run"
    """When ``latest/`` is written: at the end of each crawl, once a day, or on command only."""
    politeness: Politeness = field(default_factory=Politeness)
    schedules: Mapping[str, str] = field(default_factory=dict)
    """Command with its arguments -> cron expression, for `kliping cron`."""


@dataclass(frozen=True, slots=True)
class Registry:
    """All outlets, none of which claims another's domain."""

    outlets: Mapping[str, Outlet]
    """By slug, sorted; one whose file is wrong raises `OutletError` when it is asked for."""
    fetch: Fetch = field(default_factory=Fetch)
    """For outlets without a file."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Domain -> slug of the outlet that claims it."""

    def get(self, slug: str) -> Outlet:
        """Return the outlet of that name.

        Raises:
            UsageError: There is none; the text suggests the one that was meant.
        """
        if slug not in self.outlets:
            raise UsageError(
                f"{slug}: wanted an outlet with a file in config/outlets, found none"
                f"{did_you_mean(slug, self.outlets)}"
            )
        return self.outlets[slug]

    def for_url(self, url: str) -> Outlet:
        """Return the outlet with the most specific domain for *url*, or one made for its domain.

        Raises:
            UsageError: *url* is no http address.
        """
        host, netloc = _hosts(url)
        labels = host.split(".")
        domains = [netloc, *(".".join(labels[n:]) for n in range(len(labels)))]
        owned = [domain for domain in domains if domain in self.owners]
        if owned:
            return self.outlets[self.owners[max(owned, key=len)]]
        return replace(generic_outlet(url), fetch=self.fetch)

    def all(self) -> list[Outlet]:
        """Return every outlet, enabled or not, sorted by slug."""
        return list(self.outlets.values())

    def with_outlet(self, outlet: Outlet) -> Registry:
        """Return a registry that also holds *outlet*, instead of one of the same slug.

        Raises:
            OutletError: Another outlet claims one of its domains.
        """
        return registry_of({**self.outlets, outlet.slug: outlet}.values(), fetch=self.fetch)


def registry_of(outlets: Iterable[Outlet], *, fetch: Fetch | None = None) -> Registry:
    """Make a registry of *outlets*.

    Raises:
        OutletError: Two of them claim the same domain; the text names both.
    """
    found = {one.slug: one for one in sorted(outlets, key=lambda outlet: outlet.slug)}
    owners = _owners({slug: outlet.domains for slug, outlet in found.items()})
    return Registry(found, fetch or Fetch(), owners)


def load_registry(config_dir: Path = CONFIG_DIR) -> Registry:
    """Read every outlet file, as far as its domains.

    Raises:
        UsageError: There is no such folder, or `kliping.toml` is wrong.
        OutletError: An outlet file or a family file is no TOML, or two claim the same domain.
    """
    politeness = load_settings(config_dir).politeness
    fetch = Fetch(
        delay_s=politeness.delay_s,
        concurrency=politeness.concurrency,
        requests_per_hour=politeness.requests_per_hour,
    )
    folder = config_dir / "outlets"
    if not folder.is_dir():
        raise UsageError(f"{_shown(folder)}: wanted a folder of outlet files, found none")
    families = {
        path.stem: _text(path, OutletError) for path in sorted(folder.glob("families/*.toml"))
    }
    for name, text in families.items():
        _toml(text, _shown(folder / "families" / f"{name}.toml"), OutletError)
    outlets: dict[str, Callable[[], Outlet]] = {}
    domains: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.toml")):
        slug, where, text = path.stem, _shown(path), _text(path, OutletError)
        found = _toml(text, where, OutletError).get("domains")
        found = found if isinstance(found, list) else []
        domains[slug] = [one for one in found if isinstance(one, str)]
        outlets[slug] = partial(
            parse_outlet, text, slug=slug, where=where, families=families, fetch=fetch
        )
    return Registry(_Read(outlets), fetch, _owners(domains))


class _Read(Mapping[str, Outlet]):
    """Outlets by slug, each made when it is first asked for."""

    def __init__(self, made: Mapping[str, Callable[[], Outlet]]) -> None:
        self._made = {slug: cache(make) for slug, make in made.items()}

    def __getitem__(self, slug: str) -> Outlet:
        return self._made[slug]()

    def __contains__(self, slug: object) -> bool:
        return slug in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _owners(domains: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn slug -> domains round.

    Raises:
        OutletError: Two outlets claim the same domain; the text names both.
    """
    owners: dict[str, str] = {}
    for slug, claimed in domains.items():
        for domain in claimed:
            other = owners.setdefault(domain, slug)
            if other != slug:
                both = f"outlets {other} and {slug}"
                raise OutletError(f"{both}: domains: wanted one owner of {domain!r}, found two")
    return owners


def load_settings(config_dir: Path = CONFIG_DIR) -> Settings:
    """Read `kliping.toml`; a folder without one gives the defaults.

    Raises:
        UsageError: There is no such folder, or a key or value in the file is wrong.
    """
    if not config_dir.is_dir():
        raise UsageError(f"{config_dir}: wanted the configuration folder, found none")
    path = config_dir / "kliping.toml"
    if not path.exists():
        return Settings()
    where = _shown(path)
    data = _toml(_text(path, UsageError), where, UsageError)
    politeness = _checked(_table(data, "politeness", where), Politeness(), where, "politeness.")
    schedules = _schedules(_table(data, "schedules", where), where)
    known = _checked(data, Settings(), where, "")
    if known.get("publish", "run") not in get_args(Publish):
        raise _wrong(where, "publish", " or ".join(map(repr, get_args(Publish))), known["publish"])
    nested: dict[str, Any] = {"politeness": Politeness(**politeness), "schedules": schedules}
    return Settings(**{**known, **nested})


def _checked(data: Mapping[str, Any], defaults: Any, where: str, prefix: str) -> dict[str, Any]:  # noqa: ANN401  any settings record
    """Return the values of *data* after comparing each with the type of its default."""
    names = [one.name for one in fields(defaults)]
    for key, found in data.items():
        if key not in names:
            raise UsageError(f"{where}: {prefix}{key}: unknown key{did_you_mean(key, names)}")
        default = getattr(defaults, key)
        if isinstance(default, str) and not (isinstance(found, str) and (found or not default)):
            raise _wrong(where, prefix + key, "a string", found)
        if isinstance(default, int | float):
            least = 1 if key not in _MAY_BE_0 and isinstance(default, int) else 0
            right = int if isinstance(default, int) else int | float
            if isinstance(found, bool) or not isinstance(found, right) or found < least:
                kind = "whole number" if isinstance(default, int) else "number"
                raise _wrong(where, prefix + key, f"a {kind} of at least {least}", found)
    return dict(data)


def _schedules(data: Mapping[str, Any], where: str) -> dict[str, str]:
    for command, when in data.items():
        if not isinstance(when, str) or not _CRON.fullmatch(when):
            wanted = "a cron expression of five fields such as '*/15 * * * *'"
            raise _wrong(where, f"schedules.{command}", wanted, when)
    return dict(data)


def _table(data: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise _wrong(where, key, "a table", found)
    return found


def _wrong(where: str, key: str, wanted: str, found: object) -> UsageError:
    return UsageError(f"{where}: {key}: wanted {wanted}, found {found!r}")


def _hosts(url: str) -> tuple[str, str]:
    """Return the host and `host:port` of an address.

    Raises:
        UsageError: *url* is no http address.
    """
    try:
        split = urlsplit(url)
        split.port  # noqa: B018  raises on a port that is none
        if split.scheme in ("http", "https") and split.hostname:
            return split.hostname.lower(), split.netloc.lower().rpartition("@")[2]
    except ValueError:
        pass
    raise UsageError(f"{url}: wanted an address with http:// or https://")


def _toml(text: str, where: str, error: type[UsageError]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise error(f"{where}: wanted TOML, found: {fault}") from fault


def _text(path: Path, error: type[UsageError]) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise error(f"{_shown(path)}: wanted UTF-8, found: {fault}") from fault


def _shown(path: Path) -> str:
    """Return the path as a person would write it here."""
    path = path.resolve()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
