"""Stage -> every address of the demo site and what it answers."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.demo import feeds
from crawler.demo.posts import HIDDEN, SITE, Post, changed_at, posts_at
from crawler.demo.template import (
    article_page,
    image_path,
    listing_page,
    message_page,
    paged,
    plain_page,
    slug_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

PER_PAGE = 6
HTML = "text/html; charset=UTF-8"
XML = "text/xml; charset=UTF-8"

_ABOUT = {
    "/tentang-kami/": (
        "Tentang Kami",
        (
            "Kabar Kliping adalah situs peraga yang berjalan di komputer ini saja.",
            "Peristiwa, nama, dan angka di dalamnya rekaan, kecuali pada satu berita Purna Warta.",
        ),
    ),
    "/pedoman-media-siber/": (
        "Pedoman Media Siber",
        ("Redaksi memeriksa setiap berita kepada sumbernya sebelum menayangkan.",),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site says at one address."""

    status: int = 200
    media_type: str = HTML
    body: bytes = b""
    modified_at: datetime | None = None
    location: str | None = None
    """Absolute, of a redirect."""

    @property
    def etag(self) -> str:
        """Strong: the same bytes and no others (RFC 9110, section 8.8.1)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'

    def local(self) -> Answer:
        """Return the same with links that stay on whatever host serves it."""
        body, location = self.body, self.location
        if self.media_type == HTML:
            body = body.replace(f'="{SITE}/'.encode(), b'="/')
        return replace(self, body=body, location=location and location.removeprefix(SITE))


def answers_at(stage: int) -> dict[str, Answer]:
    """Return path, with query, -> answer.

    Raises:
        UsageError: There is no such stage.
    """
    site = _Site(posts_at(stage), changed_at(stage))
    found: dict[str, Answer] = {}
    for part in (site.articles, site.listings, site.pages, site.machine_readable):
        found.update(part())
    return found


def missing(stage: int) -> Answer:
    """Return what every other address answers."""
    body = message_page("Halaman tidak ditemukan", "Periksa lagi alamatnya.", posts_at(stage))
    return Answer(status=404, body=body.encode())


class _Site:
    """Writes all pages of one stage."""

    def __init__(self, posts: Sequence[Post], changed: datetime) -> None:
        self.posts = posts
        self.changed = changed
        self.listed = [post for post in posts if not post.is_gone]
        self.shown = [post for post in self.listed if post.category != HIDDEN]

    def articles(self) -> Iterator[tuple[str, Answer]]:
        for post in self.posts:
            if post.is_gone:
                text = "Berita ini sudah ditarik oleh redaksi."
                body = message_page("Berita tidak tersedia", text, self.posts).encode()
                yield post.path, Answer(status=410, body=body)
                continue
            body = article_page(post, self.posts).encode()
            yield post.path, Answer(body=body, modified_at=post.modified_at)
            yield f"/?p={post.id}", Answer(status=301, location=post.url)
            yield image_path(post), _picture(post.category, post.published_at)
            if post.old_path:
                yield post.old_path, Answer(status=301, location=post.url)

    def listings(self) -> Iterator[tuple[str, Answer]]:
        yield from self.listing("Berita Terbaru", "/", lambda _: True)
        for category in {post.category for post in self.shown}:
            yield from self.listing(
                category.capitalize(),
                f"/category/{category}/",
                lambda post, wanted=category: post.category == wanted,  # type: ignore[misc]
            )
        for tag in {tag for post in self.shown for tag in post.tags}:
            yield from self.listing(
                tag,
                f"/tag/{slug_of(tag)}/",
                lambda post, wanted=tag: wanted in post.tags,  # type: ignore[misc]
            )
        for name in {name for post in self.shown for name in (*post.authors, post.editor) if name}:
            yield from self.listing(
                name,
                f"/author/{slug_of(name)}/",
                lambda post, wanted=name: wanted in (*post.authors, post.editor),  # type: ignore[misc]
            )

    def listing(
        self, title: str, path: str, belongs: Callable[[Post], bool]
    ) -> Iterator[tuple[str, Answer]]:
        found = [post for post in self.shown if belongs(post)]
        pages = -(-len(found) // PER_PAGE)
        yield f"{path}page/1/", Answer(status=301, location=SITE + path)
        for page in range(1, pages + 1):
            part = found[(page - 1) * PER_PAGE : page * PER_PAGE]
            text = listing_page(title, path, part, self.posts, page=page, pages=pages)
            yield paged(path, page), Answer(body=text.encode(), modified_at=self.changed)

    def pages(self) -> Iterator[tuple[str, Answer]]:
        for path, (title, paragraphs) in _ABOUT.items():
            text = plain_page(title, path, paragraphs, self.posts)
            yield path, Answer(body=text.encode(), modified_at=feeds.PAGES_AT)
        yield "/wp-content/uploads/foto.png", _picture("foto", feeds.PAGES_AT)

    def machine_readable(self) -> Iterator[tuple[str, Answer]]:
        rss = feeds.feed(self.shown, self.posts, self.changed)
        yield "/feed/", self.xml(rss, "application/rss+xml; charset=UTF-8")
        yield "/sitemap_index.xml", self.xml(feeds.sitemap_index(self.changed))
        yield "/post-sitemap.xml", self.xml(feeds.post_sitemap(self.listed))
        yield "/category-sitemap.xml", self.xml(feeds.category_sitemap(self.listed))
        pages = self.xml(feeds.page_sitemap(["/", *_ABOUT]))
        yield "/page-sitemap.xml", replace(pages, modified_at=feeds.PAGES_AT)
        robots = feeds.ROBOTS.encode()
        yield (
            "/robots.txt",
            Answer(media_type="text/plain; charset=UTF-8", body=robots, modified_at=feeds.PAGES_AT),
        )

    def xml(self, text: str, media_type: str = XML) -> Answer:
        return Answer(media_type=media_type, body=text.encode(), modified_at=self.changed)


def _picture(seed: str, moment: datetime) -> Answer:
    """Draw a plain picture, 1200 by 675, its colour from *seed*."""
    colour = bytes(96 + byte // 2 for byte in hashlib.sha256(seed.encode()).digest()[:3])
    rows = (b"\x00" + colour * 1200) * 675
    header = struct.pack(">IIBBBBB", 1200, 675, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    body = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return Answer(media_type="image/png", body=body, modified_at=moment)
