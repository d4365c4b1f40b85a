"""A crawl of a real WordPress gives what its own REST API says, on a folder and on S3."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from lxml.html import fragment_fromstring

from tests.e2e.conftest import kliping_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawler.conftest import Kliping
    from tests.e2e.wordpress.site import WordPress

_OUTLET = """
name = "Warta Uji"
domains = ["127.0.0.1"]
family = "wordpress"
allow_private_network = true
[discover]
feeds = ["{url}/feed/"]
sitemaps = ["{url}/wp-sitemap.xml"]
[articles]
match = '/\\d{{4}}/\\d{{2}}/\\d{{2}}/[^/]+/$'
[fetch]
delay_s = 0.0
concurrency = 8
"""


@pytest.fixture
def kliping(tmp_path: Path, wordpress: WordPress, archive_uri: str) -> Kliping:
    """Return the command with the WordPress as its one outlet, of the family of the repository."""
    return kliping_of(tmp_path, _OUTLET.format(url=wordpress.url), archive_uri)


def _expected(post: dict[str, Any]) -> dict[str, Any]:
    """Say what the site's own API states of a post."""
    terms = [term for group in post["_embedded"]["wp:term"] for term in group]
    content = fragment_fromstring(post["content"]["rendered"], create_parent="div")
    paragraphs = [" ".join(one.text_content().split()) for one in content.iter("p", "h2")]
    published = datetime.fromisoformat(post["date_gmt"]).replace(tzinfo=UTC)
    return {
        "title": html.unescape(post["title"]["rendered"]),
        "body": [_words(one) for one in paragraphs if one],
        "authors": [post["_embedded"]["author"][0]["name"]],
        "published_at": published,
        "section": next(one["name"] for one in terms if one["taxonomy"] == "category"),
        "tags": sorted(one["name"] for one in terms if one["taxonomy"] == "post_tag"),
    }


def _found(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": row["title"],
        "body": [_words(one) for one in row["body"].split("\n")],
        "authors": row["authors"],
        "published_at": datetime.fromisoformat(row["published_at"]).astimezone(UTC),
        "section": row["section"],
        "tags": sorted(row["tags"]),
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\S+", text)


def test_every_post_is_archived_as_the_api_states_it(
    kliping: Kliping, wordpress: WordPress
) -> None:
    (first,) = kliping.lines("crawl", "wp", "--json")
    assert (first["new"], first["rejected"], first["errors"]) == (wordpress.count, 0, 0)
    rows = kliping.rows("SELECT url, title, body, authors, published_at, section, tags FROM latest")
    expected = {post["link"]: _expected(post) for post in wordpress.posts()}
    assert len(rows) == wordpress.count
    assert {row["url"]: _found(row) for row in rows} == expected
    (again,) = kliping.lines("crawl", "wp", "--json")
    assert (again["new"], again["changed"]) == (0, 0)


def test_a_post_is_followed_from_new_to_gone(kliping: Kliping, wordpress: WordPress) -> None:
    paragraphs = [f"<p>Paragraf ke-{n} tentang panen padi di lereng utara.</p>" for n in range(5)]
    post = wordpress.create_post("Panen Padi Serempak", "".join(paragraphs))
    try:
        (new,) = kliping.lines("recrawl", post["link"], "--json")
        assert (new["status"], new["revision"]) == ("new", 1)
        (same,) = kliping.lines("recrawl", post["link"], "--json")
        assert same["status"] == "unchanged"
        wordpress.edit_post(
            post["id"], content="".join(paragraphs).replace("ke-3 tentang", "ke-3 mengenai")
        )
        (changed,) = kliping.lines("recrawl", post["link"], "--json")
        assert (changed["status"], changed["revision"]) == ("changed", 2)
        assert "[-tentang-] {+mengenai+}" in changed["diff"]
    finally:
        wordpress.delete_post(post["id"])
    (gone,) = kliping.lines("recrawl", post["link"], "--json")
    assert (gone["status"], gone["article_id"]) == ("gone", new["article_id"])
    assert kliping.rows("SELECT count(*) AS n FROM latest") == [{"n": 1}]
