"""A post inside a WordPress API answer -> the page that it would be.

`/wp-json/wp/v2/posts?_embed=1` answers with a list of posts. One of them becomes a `Document` with
the same title, head and body element that a theme would print, so that one path serves both.
"""

from __future__ import annotations

import html
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipelines.asking import is_posts_url
from pipelines.decode import DecodeError, text_of
from pipelines.document import Document, absolute
from pipelines.records import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement

    from pipelines.outlets import Outlet
    from pipelines.records import Page

CONTENT_ID = "kliping-wordpress-content"
"""Id of the body element."""

_MOST_POSTS = 2_000
"""Read of one answer; WordPress gives a hundred."""
_OF_PAYLOAD = frozenset(("content-encoding", "content-type", "content-length"))
SOURCES: Mapping[str, str] = {
    "meta:article:published_time": "wordpress:date_gmt",
    "meta:article:modified_time": "wordpress:modified_gmt",
    "meta:article:section": "wordpress:categories",
    "meta:article:tag": "wordpress:tags",
    "meta:author": "wordpress:author",
    "meta:og:title": "wordpress:title",
    "meta:og:image": "wordpress:featured_media",
    "selector:h1, h2": "wordpress:title",
}
"""What `extract` calls a value of the made-up head -> where it really came from."""


def post_document(text: str, item: str, url: str) -> Document:
    """Make a page of one post.

    Args:
        text: The API's answer: a list of posts, or one.
        item: The post's id.
        url: Of the answer; the post's own `link` replaces it.

    Raises:
        DecodeError: `UNDECODABLE`: no JSON; `NOT_ARTICLE`: no such post in it.
    """
    post = _post(text, item)
    link = absolute(_text(post.get("link")), url) or url
    title = _rendered(post, "title")
    head = "".join(
        f'<meta property="{html.escape(name)}" content="{html.escape(value)}">'
        for name, value in _head(post)
        if value
    )
    page = (
        f'<html><head><title>{title}</title><link rel="canonical" href="{html.escape(link)}">'
        f'<meta property="og:title" content="{html.escape(html.unescape(title))}">'
        f'<meta property="og:type" content="article">{head}</head>'
        f'<body><h1>{title}</h1><div id="{CONTENT_ID}"></div></body></html>'
    )
    document = Document(page, link)
    # Parsed apart, so that no stray closing tag ends the body element early.
    content = Document(f"<html><body>{_rendered(post, 'content')}</body></html>", link)
    content_element(document).append(_body(content))
    return document


def posts_of(page: Page) -> list[tuple[str, Page]]:
    """Take an answer of the API apart: each post's id, and a page that holds it alone.

    What is made of such a page is what is made of the whole answer and its `item`. A post behind a
    password is left out; what is no answer of the API gives nothing.
    """
    try:
        found = json.loads(text_of(page))
    except (DecodeError, ValueError, RecursionError):
        return []
    posts = found if isinstance(found, list) else [found]
    posts = posts[:_MOST_POSTS]
    unpacked = tuple(
        (name, value) for name, value in page.headers if name.lower() not in _OF_PAYLOAD
    )
    headers = (*unpacked, ("Content-Type", "application/json; charset=utf-8"))
    return [
        (
            str(post["id"]),
            replace(
                page,
                item=str(post["id"]),
                headers=headers,
                payload=json.dumps([post], ensure_ascii=False).encode("utf-8", "replace"),
            ),
        )
        for post in posts
        if isinstance(post, dict) and type(post.get("id")) is int and not _is_protected(post)
    ]


def post_ids(page: Page, outlet: Outlet) -> list[str]:
    """Return the posts of an archived answer that become articles; none where it is a page."""
    is_answer = outlet.articles.content == "wordpress" and is_posts_url(page.url)
    return [item for item, _ in posts_of(page)] if is_answer else []


def _is_protected(post: Mapping[str, Any]) -> bool:
    content = post.get("content")
    return isinstance(content, dict) and bool(content.get("protected"))


def content_element(document: Document) -> HtmlElement:
    """Return the body element of a page that `post_document` made."""
    return document.root.get_element_by_id(CONTENT_ID)


def _body(document: Document) -> HtmlElement:
    body = document.root.find("body")
    body.tag = "div"
    return body


def _post(text: str, item: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DecodeError(
            Reason.UNDECODABLE, f"a WordPress answer that is no JSON: {error}"
        ) from None
    posts = data if isinstance(data, list) else [data]
    for post in posts:
        if isinstance(post, dict) and str(post.get("id")) == item:
            return post
    raise DecodeError(Reason.NOT_ARTICLE, f"no post {item[:40]!r} among {len(posts)}")


def _head(post: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, key in (("published", "date"), ("modified", "modified")):
        gmt, local = _text(post.get(f"{key}_gmt")), _text(post.get(key))
        # A draft's date_gmt is 0000-00-00 until it is published (WordPress core).
        dated = f"{gmt}+00:00" if gmt and not gmt.startswith("0000") else local
        yield f"article:{name}_time", dated
    embedded = post.get("_embedded")
    if not isinstance(embedded, dict):
        return
    for author in _objects(embedded.get("author")):
        yield "author", _text(author.get("name"))
    for media in _objects(embedded.get("wp:featuredmedia")):
        yield "og:image", _text(media.get("source_url"))
    for term in _objects(embedded.get("wp:term")):
        kind = {"category": "article:section", "post_tag": "article:tag"}
        taxonomy = _text(term.get("taxonomy"))
        if taxonomy in kind:
            yield kind[taxonomy], html.unescape(_text(term.get("name")))


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list of lists of objects."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for one in value[:200]:
            if isinstance(one, dict | list):
                yield from _objects(one)


def _rendered(post: Mapping[str, Any], key: str) -> str:
    value = post.get(key)
    return _text(value.get("rendered") if isinstance(value, dict) else value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
