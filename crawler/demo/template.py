"""Posts -> HTML pages as JNews and Yoast write them.

An article page shows nothing that another post's edit, arrival or removal would change.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from crawler.demo.markup import blocks_in, body_html
from crawler.demo.posts import SITE, Post

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "Kabar Kliping"

_MONTHS = "Januari,Februari,Maret,April,Mei,Juni,Juli,Agustus,September,Oktober,November,Desember"
_RELATED = 3
_POPULAR_STEP = 6


def slug_of(name: str) -> str:
    """Write a name as in an address.

    >>> slug_of("Harga Pangan")
    'harga-pangan'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def utc(moment: datetime) -> str:
    """Write a moment as Yoast does."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def image_path(post: Post) -> str:
    """Return the path of a post's picture."""
    return f"/wp-content/uploads/{post.published_at:%Y/%m}/{post.slug}.png"


def content_html(post: Post, posts: Sequence[Post]) -> str:
    """Write a post's text, as in its page and in the feed."""
    known = {one.slug: one for one in posts}
    return body_html(blocks_in(post.body), editor=post.editor, posts=known)


def excerpt(post: Post) -> str:
    """Return the lead, without markup."""
    return blocks_in(post.body)[0].lines[0]


def article_page(post: Post, posts: Sequence[Post]) -> str:
    """Write the page of a post; *posts* are all there are."""
    section = post.category.capitalize()
    authors = " dan ".join(
        f'<a href="{SITE}/author/{slug_of(name)}/" rel="author">{escape(name)}</a>'
        for name in post.authors
    )
    in_text = any(block.kind == "editor" for block in blocks_in(post.body))
    editor = "" if in_text or not post.editor else (
        f'<div class="jeg_meta_editor"><span class="meta_text">Editor:</span> '
        f'<a href="{SITE}/author/{slug_of(post.editor)}/">{escape(post.editor)}</a></div>'
    )  # fmt: skip
    tags = ", ".join(
        f'<a href="{SITE}/tag/{slug_of(tag)}/" rel="tag">{escape(tag)}</a>' for tag in post.tags
    )
    subtitle = f'<h2 class="jeg_post_subtitle">{escape(post.subtitle)}</h2>'
    main = _template("article").substitute(
        site=SITE,
        id=post.id,
        url=post.url,
        title=escape(post.title, quote=False),
        subtitle=subtitle if post.subtitle else "",
        authors=authors,
        editor=editor,
        category=post.category,
        section=section,
        published_iso=post.published_at.isoformat(),
        published_shown=_shown(post.published_at),
        image=SITE + image_path(post),
        body=content_html(post, posts),
        tags=f'<div class="jeg_post_tags"><span>Tag:</span> {tags}</div>' if tags else "",
        related="\n".join(_teaser(one) for one in _related(post, posts)),
    )
    return _frame(
        f"{post.title} - {NAME}", _article_head(post), main, posts, "single single-post jnews"
    )


def listing_page(
    title: str,
    path: str,
    shown: Sequence[Post],
    posts: Sequence[Post],
    *,
    page: int = 1,
    pages: int = 1,
) -> str:
    """Write a page that lists posts: the home page, a category, a tag, an author."""
    links = "".join(
        f'<a class="page_number" href="{SITE}{paged(path, number)}">{number}</a> '
        for number in range(1, pages + 1)
        if number != page
    )
    main = (
        f'<div class="jeg_archive_header"><h1 class="jeg_archive_title">{escape(title)}</h1></div>'
        f'<div class="jeg_posts jeg_load_more_flag">{"".join(map(_teaser, shown))}</div>'
        f'<div class="jeg_navigation jeg_pagination">{links}</div>'
    )
    suffix = f" - Laman {page} dari {pages}" if page > 1 else ""
    return _frame(
        f"{title}{suffix} - {NAME}",
        _head(title + suffix, SITE + paged(path, page), "website"),
        main,
        posts,
        "home blog jnews" if path == "/" else "archive jnews",
    )


def plain_page(title: str, path: str, paragraphs: Sequence[str], posts: Sequence[Post]) -> str:
    """Write a page that is no post."""
    text = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    main = (
        f'<h1 class="jeg_post_title">{escape(title)}</h1>'
        f'<div class="entry-content"><div class="content-inner">{text}</div></div>'
    )
    head = _head(title, SITE + path, "article")
    return _frame(f"{title} - {NAME}", head, main, posts, "page jnews")


def message_page(title: str, text: str, posts: Sequence[Post]) -> str:
    """Write what an address without a page says."""
    main = f'<div class="jeg_404_content"><h1>{escape(title)}</h1><p>{escape(text)}</p></div>'
    head = '<meta name="robots" content="noindex, follow">'
    return _frame(f"{title} - {NAME}", head, main, posts, "error404 jnews")


def paged(path: str, page: int) -> str:
    """Return the path of the n-th page of a listing."""
    return path if page == 1 else f"{path}page/{page}/"


@lru_cache(maxsize=4)
def _template(name: str) -> Template:
    file = files("crawler.demo") / "templates" / f"{name}.html"
    return Template(file.read_text(encoding="utf-8"))


def _frame(title: str, head: str, main: str, posts: Sequence[Post], body_class: str) -> str:
    lasting = _lasting(posts)
    categories = sorted({post.category for post in lasting})
    menu = "".join(
        f'<li><a href="{SITE}/category/{one}/">{one.capitalize()}</a></li>' for one in categories
    )
    popular = "".join(
        f'<li><a href="{one.url}">{escape(one.title)}</a></li>' for one in lasting[::_POPULAR_STEP]
    )
    return _template("frame").substitute(
        site=SITE,
        title=escape(title),
        head=head,
        main=main,
        menu=menu,
        popular=popular,
        body_class=body_class,
    )


def _lasting(posts: Sequence[Post]) -> list[Post]:
    return [post for post in posts if post.stays]


def _related(post: Post, posts: Sequence[Post]) -> list[Post]:
    others = [one for one in _lasting(posts) if one.slug != post.slug]
    same = [one for one in others if one.category == post.category]
    return (same + [one for one in others if one not in same])[:_RELATED]


def _teaser(post: Post) -> str:
    return (
        '<article class="jeg_post jeg_pl_md_2"><div class="jeg_postblock_content">'
        f'<h3 class="jeg_post_title"><a href="{post.url}">{escape(post.title)}</a></h3>'
        f'<div class="jeg_post_meta"><div class="jeg_meta_date"><a href="{post.url}">'
        f"{_shown(post.published_at)}</a></div></div></div></article>"
    )


def _shown(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS.split(',')[moment.month - 1]} {moment.year}"


def _head(title: str, url: str, kind: str) -> str:
    return (
        f'<link rel="canonical" href="{url}">\n<meta property="og:locale" content="id_ID">\n'
        f'<meta property="og:type" content="{kind}">\n'
        f'<meta property="og:title" content="{escape(title)} - {NAME}">\n'
        f'<meta property="og:url" content="{url}">\n'
        f'<meta property="og:site_name" content="{NAME}">'
    )


def _article_head(post: Post) -> str:
    metas: Mapping[str, str] = {
        "article:published_time": utc(post.published_at),
        "article:modified_time": utc(post.modified_at),
        "og:image": SITE + image_path(post),
    }
    lines = [
        '<meta name="robots" content="index, follow, max-image-preview:large">',
        f'<meta name="description" content="{escape(excerpt(post))}">',
        _head(post.title, post.url, "article"),
        *(f'<meta property="{key}" content="{value}">' for key, value in metas.items()),
        f'<meta name="author" content="{escape(", ".join(post.authors))}">',
        f'<script type="application/ld+json" class="yoast-schema-graph">{_graph(post)}</script>',
        f"<link rel='shortlink' href='{SITE}/?p={post.id}'>",
    ]
    return "\n".join(lines)


def _graph(post: Post) -> str:
    people = [
        {"name": name, "@id": f"{SITE}/#/schema/person/{slug_of(name)}"} for name in post.authors
    ]
    article = {
        "@type": "NewsArticle",
        "@id": f"{post.url}#article",
        "isPartOf": {"@id": post.url},
        "author": people[0] if len(people) == 1 else people,
        "headline": post.title,
        "datePublished": utc(post.published_at),
        "dateModified": utc(post.modified_at),
        "mainEntityOfPage": {"@id": post.url},
        "wordCount": len(post.body.split()),
        "publisher": {"@id": f"{SITE}/#organization"},
        "image": {"@id": f"{post.url}#primaryimage"},
        "thumbnailUrl": SITE + image_path(post),
        "keywords": list(post.tags),
        "articleSection": [post.category.capitalize()],
        "inLanguage": "id",
    }
    graph = [
        article,
        {
            "@type": "WebPage",
            "@id": post.url,
            "url": post.url,
            "name": f"{post.title} - {NAME}",
            "isPartOf": {"@id": f"{SITE}/#website"},
            "datePublished": utc(post.published_at),
            "dateModified": utc(post.modified_at),
            "inLanguage": "id",
        },
        {
            "@type": "ImageObject",
            "@id": f"{post.url}#primaryimage",
            "url": SITE + image_path(post),
            "width": 1200,
            "height": 675,
        },
        {
            "@type": "WebSite",
            "@id": f"{SITE}/#website",
            "url": f"{SITE}/",
            "name": NAME,
            "publisher": {"@id": f"{SITE}/#organization"},
            "inLanguage": "id",
        },
        {
            "@type": "Organization",
            "@id": f"{SITE}/#organization",
            "name": NAME,
            "url": f"{SITE}/",
        },
        *({"@type": "Person", **one} for one in people),
    ]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return text.replace("</", "<\\/")
