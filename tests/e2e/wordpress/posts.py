"""Posts for a test site: the Indonesian prose of Debian's handbook, the same on every run."""

from __future__ import annotations

import html
import random
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from lxml.html import parse

HANDBOOK = Path("/usr/share/doc/debian-handbook/html/id-ID")
AUTHORS = ("Siti Rahma", "Budi Santoso", "Dewi Lestari")
CATEGORIES = (
    "Nasional",
    "Politik",
    "Ekonomi",
    "Internasional",
    "Olahraga",
    "Teknologi",
    "Budaya",
)
TAGS = ("Jakarta", "pemilu", "rupiah", "banjir", "pendidikan", "BRIN", "ASEAN", "kesehatan")
NEWEST = datetime(2025, 11, 1, 8)  # noqa: DTZ001 - the site's own local time
"""In the past, whenever the tests run: WordPress holds back what lies in the future."""

_INDONESIAN = re.compile(r"\b(?:yang|dan|dengan|untuk|adalah|dari|tidak|ini)\b")
_ENGLISH = re.compile(r"\b(?:the|which|with|this|is|are|for)\b", re.IGNORECASE)
_SHORTEST, _LONGEST = 150, 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is handed to WordPress."""

    title: str
    content: str
    """Block markup, as its editor writes it."""
    date: str
    """Local time, `YYYY-MM-DD hh:mm:ss`."""
    author: str
    category: str
    tags: list[str]


def posts(count: int) -> list[dict[str, object]]:
    """Return *count* posts, the newest first, each a good hour older than the one before."""
    draw = random.Random(2026)  # noqa: S311 - text, no secret
    texts = paragraphs()
    when = NEWEST
    found = []
    for number in range(count):
        when -= timedelta(seconds=draw.randint(3600, 7200))
        found.append(asdict(_post(number, when, draw, texts)))
    return found


def paragraphs() -> list[str]:
    """Return the handbook's Indonesian paragraphs, each once, in the order of its files."""
    found: dict[str, None] = {}
    for path in sorted(HANDBOOK.glob("*.html")):
        for element in parse(str(path)).getroot().iterfind(".//div[@class='para']"):
            text = " ".join(element.text_content().split())
            if (
                _SHORTEST < len(text) < _LONGEST
                and len(_INDONESIAN.findall(text)) > 1
                and not _ENGLISH.search(text)
            ):
                found[text] = None
    return list(found)


def _post(number: int, when: datetime, draw: random.Random, texts: list[str]) -> Post:
    chosen = draw.sample(texts, draw.randint(4, 9))
    blocks = [_block("paragraph", f"<p>{html.escape(text)}</p>") for text in chosen]
    if len(blocks) > 5:
        blocks.insert(3, _block("heading", "<h2>Latar belakang</h2>"))
    words = re.findall(r"[\w-]+", chosen[0])[:8]
    return Post(
        title=f"{' '.join(words)} ({number + 1})",
        content="\n\n".join(blocks),
        date=f"{when:%Y-%m-%d %H:%M:%S}",
        author=AUTHORS[number % len(AUTHORS)],
        category=draw.choice(CATEGORIES),
        tags=draw.sample(TAGS, 2),
    )


def _block(kind: str, markup: str) -> str:
    return f"<!-- wp:{kind} -->\n{markup}\n<!-- /wp:{kind} -->"
