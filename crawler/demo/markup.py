"""The markup of `articles/*.md` -> HTML as editors of a WordPress site would have left it.

Blocks are parted by an empty line and told by how they begin::

    ## Heading                      - item of a list           1. item of a numbered list
    > quotation                     | row | of a | table |     !caption picture with a caption
    @promo Follow us …              @ads                       @editor (names the editor)
    @signoff (rin/ady)              anything else: a paragraph

In text, ``**bold**`` and ``[words](slug)``. A read-also link is explicit, as a block or in text:
``{{style|label|slug|slug …}}``, with a style of `BLOCK_STYLES` or `TEXT_STYLES`; in place of a
slug, ``=Title`` is a title that leads nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

READ_ALSO = re.compile(r"\{\{([^}]+)\}\}")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_STARTS = (
    ("heading", "## "),
    ("quote", "> "),
    ("list", "- "),
    ("steps", "1. "),
    ("table", "| "),
    ("caption", "!caption "),
    ("promo", "@promo "),
    ("ads", "@ads"),
    ("editor", "@editor"),
    ("signoff", "@signoff "),
)


class Target(Protocol):
    """What a read-also link needs of the post it leads to."""

    @property
    def title(self) -> str:
        """Headline."""

    @property
    def url(self) -> str:
        """Absolute address."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body."""

    kind: str
    """`paragraph`, `read_also`, or one of those above."""
    lines: tuple[str, ...]
    """Without what told the kind."""


@dataclass(frozen=True, slots=True)
class ReadAlso:
    """A read-also link, or several under one label."""

    style: str
    label: str
    titles: tuple[tuple[str, str | None], ...]
    """Title and absolute address; `None` where it leads nowhere."""


def blocks_in(body: str) -> list[Block]:
    """Read a body."""
    return [_block(one.strip()) for one in re.split(r"\n\s*\n", body) if one.strip()]


def read_also(inner: str, posts: Mapping[str, Target]) -> ReadAlso:
    """Read what stands between the braces of a read-also link.

    Raises:
        KeyError: It names a post that does not exist.
    """
    style, label, *targets = inner.split("|")
    titles: list[tuple[str, str | None]] = []
    for one in targets:
        if one.startswith("="):
            titles.append((one[1:], None))
        else:
            url = None if style in UNLINKED else posts[one].url
            titles.append((posts[one].title, url))
    return ReadAlso(style, label, tuple(titles))


def body_html(blocks: Sequence[Block], *, editor: str, posts: Mapping[str, Target]) -> str:
    """Write a body; `editor` is who the block of that name names."""
    html: list[str] = []
    for block in blocks:
        if block.kind == "signoff":
            html[-1] = html[-1].removesuffix("</p>") + f" {escape(block.lines[0])}</p>"
        elif block.kind == "read_also":
            found = read_also(block.lines[0], posts)
            html.append(BLOCK_STYLES[found.style](found))
        elif block.kind == "editor":
            html.append(f"<p>Editor: {escape(editor)}</p>")
        else:
            html.append(_BLOCKS[block.kind]([_text(line, posts) for line in block.lines]))
    return "\n".join(html)


def _block(text: str) -> Block:
    found = READ_ALSO.fullmatch(text)
    if found:
        return Block("read_also", (found[1],))
    kind, start = next(
        ((kind, start) for kind, start in _STARTS if text.startswith(start)), ("paragraph", "")
    )
    if kind == "paragraph":
        return Block(kind, (" ".join(text.split()),))
    lines = text.split("\n")
    if kind == "table":
        return Block(kind, tuple(line.strip("| ") for line in lines))
    if kind == "steps":
        return Block(kind, tuple(re.sub(r"^\d+\. ", "", line) for line in lines))
    return Block(kind, tuple(line.removeprefix(start).strip() for line in lines))


def _text(line: str, posts: Mapping[str, Target]) -> str:
    parts = READ_ALSO.split(line)  # text and what stood in braces, in turn
    for n, part in enumerate(parts):
        if n % 2:
            found = read_also(part, posts)
            parts[n] = TEXT_STYLES[found.style](found)
        else:
            marked = _BOLD.sub(r"<strong>\1</strong>", escape(part, quote=False))
            parts[n] = _LINK.sub(
                lambda link: f'<a href="{posts[link[2]].url}">{link[1]}</a>', marked
            )
    return "".join(parts)


def _rows(lines: Sequence[str]) -> str:
    rows = []
    for n, line in enumerate(lines):
        tag = "td" if n else "th"
        cells = "".join(f"<{tag}>{cell.strip()}</{tag}>" for cell in line.split("|"))
        rows.append(f"<tr>{cells}</tr>")
    return f'<figure class="wp-block-table"><table><tbody>{"".join(rows)}</tbody></table></figure>'


def _items(tag: str, lines: Sequence[str]) -> str:
    return f"<{tag}>" + "".join(f"<li>{line}</li>" for line in lines) + f"</{tag}>"


_BLOCKS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "paragraph": lambda lines: f"<p>{lines[0]}</p>",
    "heading": lambda lines: f'<h2 class="wp-block-heading">{lines[0]}</h2>',
    "quote": lambda lines: (
        '<blockquote class="wp-block-quote">'
        + "".join(f"<p>{line}</p>" for line in lines)
        + "</blockquote>"
    ),
    "list": lambda lines: _items("ul", lines),
    "steps": lambda lines: _items("ol", lines),
    "table": _rows,
    "caption": lambda lines: (
        '<figure class="wp-caption aligncenter">'
        '<img src="http://demo.kliping.test/wp-content/uploads/foto.png" alt="" width="800">'
        f'<figcaption class="wp-caption-text">{lines[0]}</figcaption></figure>'
    ),
    "promo": lambda lines: f"<p><em>{lines[0]}</em></p>",
    "ads": lambda _: (
        '<div class="jeg_ad jeg_ad_article jnews_content_inline_ads"><div class="ads-wrapper">'
        '<span class="ads-text">ADVERTISEMENT</span></div></div>'
    ),
}


def _linked(title: str, url: str | None) -> str:
    return f'<a href="{url}">{escape(title)}</a>' if url else escape(title)


def _line(found: ReadAlso) -> str:
    """Write label and link one after the other."""
    return f"{escape(found.label)} {_linked(*found.titles[0])}"


def _links(found: ReadAlso) -> str:
    return _items("ul", [_linked(*one) for one in found.titles])


def _jnews_box(found: ReadAlso) -> str:
    posts = "".join(
        '<article class="jeg_post jeg_pl_sm"><div class="jeg_postblock_content">'
        f'<h3 class="jeg_post_title">{_linked(*one)}</h3></div></article>'
        for one in found.titles
    )
    return (
        '<div class="jnews_inline_related_post_wrapper right half"><div class='
        '"jnews_inline_related_post"><div class="jeg_postblock_21 jeg_postblock">'
        '<div class="jeg_block_heading"><h3 class="jeg_block_title">'
        f"<span>{escape(found.label)}</span></h3></div>"
        f'<div class="jeg_block_container"><div class="jeg_posts">{posts}</div></div>'
        "</div></div></div>"
    )


def _table_box(found: ReadAlso) -> str:
    rows = "".join(f"<tr><td>{_linked(*one)}</td></tr>" for one in found.titles)
    head = f"<tr><td><strong>{escape(found.label)}</strong></td></tr>"
    return f'<table class="sisipan"><tbody>{head}{rows}</tbody></table>'


UNLINKED = frozenset(("plain", "glued"))
"""Styles that print a title and lead nowhere."""

BLOCK_STYLES: Mapping[str, Callable[[ReadAlso], str]] = {
    "own": lambda one: f"<p>{_line(one)}</p>",
    "linked": lambda one: (
        f'<p><a href="{one.titles[0][1]}">{escape(one.label)} {escape(one.titles[0][0])}</a></p>'
    ),
    "bold": lambda one: f"<p><strong>{_line(one)}</strong></p>",
    "heading": lambda one: f'<h3 class="wp-block-heading">{_line(one)}</h3>',
    "quote": lambda one: f"<blockquote><p>{_line(one)}</p></blockquote>",
    "plain": lambda one: f"<p>{_line(one)}</p>",
    "paren": lambda one: f"<p>({_line(one)})</p>",
    "list": lambda one: f"<h4>{escape(one.label)}</h4>{_links(one)}",
    "box": _jnews_box,
    "aside": lambda one: f"<aside><p>{escape(one.label)}</p>{_links(one)}</aside>",
    "table": _table_box,
}
"""Read-also links that stand by themselves."""

TEXT_STYLES: Mapping[str, Callable[[ReadAlso], str]] = {
    "inline": lambda one: f"<strong>{_line(one)}</strong>",
    "inlink": _line,
    "inparen": lambda one: f"({_line(one)})",
    "glued": _line,
}
"""Read-also links inside a paragraph."""
