"""`articles/*.md` -> the posts of the demo site, on its first day (stage 1) and a day later (2).

A file is TOML between two lines of ``+++``, then the body (`markup`). Its name is the slug. Times
are local to the newsroom. What differs a day later stands in the file itself: ``stage = 2`` for a
post that is new then, ``gone`` for one that was taken down, ``[edit]`` for one that was changed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipelines.errors import UsageError

SITE = "http://demo.kliping.test"
"""Where every page says it is, whatever port serves it (`.test` never resolves: RFC 6761)."""

STAGES = (1, 2)
HIDDEN = "rahasia"
"""The category that robots.txt forbids; only the sitemap lists its post."""

_WIB = timezone(timedelta(hours=7), "WIB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post as it is at a stage."""

    id: int
    slug: str
    title: str
    subtitle: str
    category: str
    """Slug; its name is the same with a capital."""
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    editor: str
    """Empty where nobody is named."""
    dateline: str | None
    """The place in front of the lead, where the text has one."""
    published_at: datetime
    modified_at: datetime
    body: str
    """In the markup of `markup`."""
    old_path: str | None
    """Where it was before; redirects."""
    stays: bool
    """Whether it is there at every stage: what other pages may mention for good."""
    is_gone: bool

    @property
    def path(self) -> str:
        """Path of its address."""
        return f"/{self.category}/{self.slug}/"

    @property
    def url(self) -> str:
        """Absolute address."""
        return SITE + self.path


def posts_at(stage: int) -> list[Post]:
    """Return all posts that have been published by *stage*, newest first, gone ones included.

    Raises:
        UsageError: There is no such stage.
    """
    if stage not in STAGES:
        raise UsageError(f"demo: wanted stage 1 or 2, found {stage!r}")
    found = [_post(slug, front, body, stage) for slug, front, body in _files()
             if front.get("stage", 1) <= stage]  # fmt: skip
    return sorted(found, key=lambda post: (post.published_at, post.id), reverse=True)


def changed_at(stage: int) -> datetime:
    """Return when anything last changed: an edit, a new post, or one taken down."""
    moments = [post.modified_at for post in posts_at(stage) if not post.is_gone]
    if stage > 1:
        moments.extend(_wib(front["gone"]) for _, front, _ in _files() if "gone" in front)
    return max(moments)


@lru_cache(maxsize=1)
def _files() -> tuple[tuple[str, dict[str, Any], str], ...]:
    found = []
    for file in (files("crawler.demo") / "articles").iterdir():
        if file.name.endswith(".md"):
            _, front, body = file.read_text(encoding="utf-8").split("+++\n", 2)
            found.append((file.name.removesuffix(".md"), tomllib.loads(front), body))
    return tuple(sorted(found, key=lambda one: one[0]))


def _post(slug: str, front: dict[str, Any], body: str, stage: int) -> Post:
    modified = front["modified"]
    edit = front.get("edit")
    if edit and stage > 1:
        modified = edit["modified"]
        body = body.replace(edit["old"], edit["new"])
    return Post(
        id=front["id"],
        slug=slug,
        title=front["title"],
        subtitle=front.get("subtitle", ""),
        category=front["category"],
        tags=tuple(front["tags"]),
        authors=tuple(front["authors"]),
        editor=front.get("editor", ""),
        dateline=front.get("dateline"),
        published_at=_wib(front["published"]),
        modified_at=_wib(modified),
        body=body,
        old_path=front.get("old_path"),
        stays="gone" not in front and "stage" not in front and front["category"] != HIDDEN,
        is_gone="gone" in front and stage > 1,
    )


def _wib(local: datetime) -> datetime:
    return local.replace(tzinfo=_WIB)
