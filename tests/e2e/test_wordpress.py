"""The test site itself is what the other tests take it for, and its sources can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from pipelines.discover import links_in_feed, links_in_sitemap, links_in_wordpress
from tests.e2e.wordpress.posts import AUTHORS, CATEGORIES, TAGS

if TYPE_CHECKING:
    from tests.e2e.wordpress.site import WordPress


def fetched(url: str) -> bytes:
    with urlopen(url, timeout=60) as answer:  # noqa: S310 - our own server
        body: bytes = answer.read()
        return body


def test_the_site_has_its_posts_authors_categories_and_tags(wordpress: WordPress) -> None:
    posts = wordpress.posts()
    assert len(posts) == wordpress.count
    names = {post["_embedded"]["author"][0]["name"] for post in posts}
    terms = [{term["name"] for term in group} for post in posts
             for group in post["_embedded"]["wp:term"]]  # fmt: skip
    assert set(AUTHORS) == names
    assert {*CATEGORIES, *TAGS} == set().union(*terms)
    assert len({post["link"] for post in posts}) == wordpress.count
    assert len({post["title"]["rendered"] for post in posts}) == wordpress.count


def test_feed_sitemap_and_api_name_the_posts(wordpress: WordPress) -> None:
    posts = {post["link"]: post for post in wordpress.posts()}
    newest = list(posts)[:20]

    feed = links_in_feed(fetched(f"{wordpress.url}/feed/"), f"{wordpress.url}/feed/")
    assert newest == [link.url for link in feed]

    index = links_in_sitemap(fetched(f"{wordpress.url}/wp-sitemap.xml"), wordpress.url)
    children = [link.url for link in index.sitemaps if "-posts-post-" in link.url]
    listed = [link.url for url in children for link in links_in_sitemap(fetched(url), url).links]
    assert set(posts) == set(listed)

    url = f"{wordpress.url}/wp-json/wp/v2/posts?per_page=100"
    api = links_in_wordpress(fetched(url), url)
    assert list(posts)[:100] == [link.url for link in api]

    for link in (*feed, *api):
        assert link.published_at is not None
        expected = posts[link.url]["date_gmt"]
        assert expected == f"{link.published_at:%Y-%m-%dT%H:%M:%S}"


def test_a_post_can_be_made_edited_and_deleted(wordpress: WordPress) -> None:
    made = wordpress.create_post("Harga beras naik", "<p>Harga beras naik di pasar.</p>")
    assert b"Harga beras naik di pasar." in fetched(made["link"])
    edited = wordpress.edit_post(made["id"], content="<p>Harga beras turun lagi.</p>")
    assert made["link"] == edited["link"]
    assert b"Harga beras turun lagi." in fetched(made["link"])
    wordpress.delete_post(made["id"])
    with pytest.raises(HTTPError, match="404"):
        fetched(made["link"])
