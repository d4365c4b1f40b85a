"""Pages without an outlet file that are made to take long."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest

from pipelines.outlets import generic_outlet
from pipelines.process import process
from pipelines.records import Article, Page, Rejected
from tests.served import served

URL = "https://kabar.example/daerah/panen-raya"
PARAGRAPH = (
    "<p>Ratusan petani di Lembah Sunyi memulai panen raya pada Selasa pagi dengan tarian adat yang "
    "dibawakan anak-anak sekolah dasar di tepi sawah.</p>"
)
MOST_SECONDS = 3.0


def page(body: str, head: str = "") -> Page:
    html = f"<html><head><title>Panen Raya</title>{head}</head><body>{body}</body></html>"
    return served(html, URL, fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def told(size: int) -> str:
    text = ("kata yang panjang sekali " * size)[:size]
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Panen", '
        f'"articleBody": "{text}"}}</script>'
    )


LINES = "".join(f"<p>Baris ke-{n} tentang hasil panen di desa yang jauh sekali</p>" for n in range(9_000))  # noqa: E501  # fmt: skip
HOSTILE = {
    "author": (PARAGRAPH * 10, f'<meta name="author" content="{"x" * 200_000}">'),
    "brackets": (PARAGRAPH * 10, f'<meta name="author" content="{"(" * 200_000}">'),
    "labels": (PARAGRAPH * 10, f'<meta name="author" content="{"oleh " * 40_000}">'),
    "breaks": ("x<br>" * 99_000, ""),
    "told": (LINES, told(3_000_000)),
    "summary": (LINES, f'<meta name="description" content="{"kata panjang " * 200_000}">'),
    "links": ("<div class='breadcrumb'>" * 200 + "<a>x</a>" * 20_000, ""),
    "bylines": ("<div>" * 200 + "<a rel=author>Budi</a>" * 20_000, ""),
    "tables": (PARAGRAPH * 5 + "<div><table><tr><td>1</table></div>" * 4_000, ""),
    "title": (PARAGRAPH * 10, f'<meta property="og:title" content="{"x - Halaman 2 " * 20_000}">'),
    "brands": (
        PARAGRAPH * 10,
        "".join(f'<meta property="og:site_name" content="Kabar {n}">' for n in range(2_000))
        + '<script type="application/ld+json">['
        + ",".join(f'{{"@type": "Person", "name": "Budi {n}"}}' for n in range(2_000))
        + "]</script>",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_takes_long(name: str) -> None:
    body, head = HOSTILE[name]
    made = page(body, head)
    outlet = generic_outlet(URL)
    started = process_time()
    result = process(made, outlet)
    assert process_time() - started < MOST_SECONDS
    assert isinstance(result, Article | Rejected)
