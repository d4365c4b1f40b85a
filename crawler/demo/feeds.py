"""Posts -> what machines read: RSS as WordPress writes it, sitemaps as Yoast does, robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.posts import HIDDEN, SITE, Post
from crawler.demo.template import NAME, content_html, excerpt, image_path, utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ITEMS = 10
"""WordPress's default."""

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>'

ROBOTS = f"""User-agent: *
Crawl-delay: 0.1
Disallow: /{HIDDEN}/
Disallow: /wp-admin/
Allow: /wp-admin/admin-ajax.php

Sitemap: {SITE}/sitemap_index.xml
"""


def feed(listed: Sequence[Post], posts: Sequence[Post], changed: datetime) -> str:
    """Write the feed of the newest of *listed*."""
    items = "".join(_item(post, posts) for post in listed[:ITEMS])
    return (
        f'{_XML}<rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\n<channel>\n'
        f"<title>{NAME}</title>\n"
        f'<atom:link href="{SITE}/feed/" rel="self" type="application/rss+xml" />\n'
        f"<link>{SITE}</link>\n<description>Situs peraga</description>\n"
        f"<lastBuildDate>{_rfc822(changed)}</lastBuildDate>\n<language>id</language>\n"
        "<sy:updatePeriod>hourly</sy:updatePeriod>\n<sy:updateFrequency>1</sy:updateFrequency>\n"
        "<generator>https://wordpress.org/?v=6.6.2</generator>\n"
        f"{items}</channel>\n</rss>\n"
    )


def sitemap_index(changed: datetime) -> str:
    """Write the sitemap of sitemaps."""
    entries = "".join(
        f"\t<sitemap>\n\t\t<loc>{SITE}/{name}-sitemap.xml</loc>\n"
        f"\t\t<lastmod>{utc(moment)}</lastmod>\n\t</sitemap>\n"
        for name, moment in (("post", changed), ("page", PAGES_AT), ("category", changed))
    )
    return f"{_XML}\n<sitemapindex {_SITEMAP}>\n{entries}</sitemapindex>\n"


def post_sitemap(listed: Sequence[Post]) -> str:
    """Write every post; one that moved still stands at its old address."""
    return _urlset(
        _entry(
            SITE + (post.old_path or post.path),
            post.modified_at,
            f"\t\t<image:image>\n\t\t\t<image:loc>{SITE}{image_path(post)}</image:loc>\n"
            "\t\t</image:image>\n",
        )
        for post in sorted(listed, key=lambda post: post.modified_at)
    )


def page_sitemap(paths: Sequence[str]) -> str:
    """Write the pages that are no posts."""
    return _urlset(_entry(SITE + path, PAGES_AT) for path in paths)


def category_sitemap(listed: Sequence[Post]) -> str:
    """Write the categories, each as old as its youngest post."""
    newest: dict[str, datetime] = {}
    for post in listed:
        if post.category != HIDDEN:
            moment = newest.get(post.category, post.modified_at)
            newest[post.category] = max(moment, post.modified_at)
    return _urlset(
        _entry(f"{SITE}/category/{one}/", moment) for one, moment in sorted(newest.items())
    )


PAGES_AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
"""When the pages that are no posts were last changed."""


def _urlset(entries: Iterable[str]) -> str:
    return f"{_XML}\n<urlset {_SITEMAP} {_IMAGE}>\n{''.join(entries)}</urlset>\n"


def _entry(url: str, moment: datetime, more: str = "") -> str:
    return f"\t<url>\n\t\t<loc>{url}</loc>\n\t\t<lastmod>{utc(moment)}</lastmod>\n{more}\t</url>\n"


def _item(post: Post, posts: Sequence[Post]) -> str:
    labels = "".join(
        f"<category><![CDATA[{one}]]></category>"
        for one in (post.category.capitalize(), *post.tags)
    )
    return (
        f"<item>\n<title>{escape(post.title)}</title>\n<link>{post.url}</link>\n"
        f"<dc:creator><![CDATA[{', '.join(post.authors)}]]></dc:creator>\n"
        f"<pubDate>{_rfc822(post.published_at)}</pubDate>\n{labels}\n"
        f'<guid isPermaLink="false">{SITE}/?p={post.id}</guid>\n'
        f"<description><![CDATA[<p>{escape(excerpt(post))}</p>]]></description>\n"
        f"<content:encoded><![CDATA[{content_html(post, posts)}]]></content:encoded>\n</item>\n"
    )


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
