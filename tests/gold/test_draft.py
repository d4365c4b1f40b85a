"""What drafts make of real templates, each from a few pages of one outlet."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.gold import gold_pages
from benchmarks.scoring import mean_f1, token_score
from pipelines.draft import draft
from pipelines.draft_seen import Site
from pipelines.draft_site import front_of
from pipelines.outlets import Fetch, registered_domain
from pipelines.process import process
from pipelines.records import Article
from tests.golden import GOLD, MARKS
from tests.served import served

if TYPE_CHECKING:
    from benchmarks.gold import GoldPage
    from benchmarks.scoring import Score

pytestmark = MARKS

FAMILIES = Path(__file__).parents[2] / "config" / "outlets" / "families"


def drafted(some: list[GoldPage], domain: str, families: dict[str, str]) -> list[Score]:
    links = "".join(f'<a href="{one.page.url}">Judul berita yang panjang</a>' for one in some)
    home = served(f"<html><body>{links}</body></html>", f"https://{domain}/")
    found = draft(
        Site(front=front_of(home), sources=(), pages=tuple(one.page for one in some)),
        slug="draft",
        families=families,
        fetch=Fetch(),
        today=date(2026, 11, 23),
    )
    assert all(found.outlet.is_article(url) for url in found.outlet.articles.examples)
    made = [(one, process(one.page, found.outlet)) for one in some]
    return [
        token_score(
            article.body if isinstance(article, Article) else "",
            "\n".join(one.gold["body"]),
            optional="\n".join(one.gold["optional"]),
        )
        for one, article in made
    ]


def test_drafts_read_real_templates() -> None:
    by_domain: dict[str, list[GoldPage]] = defaultdict(list)
    for one in gold_pages(GOLD / "id"):
        by_domain[registered_domain(urlsplit(one.page.url).hostname or "")].append(one)
    # None of the families that were made for these very outlets.
    families = {name: (FAMILIES / f"{name}.toml").read_text() for name in ("plain", "sections")}
    scores = [
        score for domain, some in by_domain.items() for score in drafted(some, domain, families)
    ]
    assert mean_f1(scores) >= 0.995
