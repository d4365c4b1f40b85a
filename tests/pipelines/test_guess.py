"""Pages without an outlet file: which lines are text, which pages are no article."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from pipelines import forest, guess
from pipelines.document import Document
from pipelines.outlets import generic_outlet
from pipelines.process import process
from pipelines.records import Article, Page, Reason, Rejected
from pipelines.traits import TRAITS, UNHEARD, WITNESS
from tests.served import served

URL = "https://kabar.example/daerah/panen-raya"
TITLE = "Panen Raya di Lembah Sunyi Disambut Tarian"
PARAGRAPHS = [
    (
        "Ratusan petani di Lembah Sunyi memulai panen raya pada Selasa pagi dengan tarian adat "
        "yang dibawakan anak-anak sekolah dasar di tepi sawah."
    ),
    (
        "Kepala desa Wira Atmaja mengatakan hasil panen tahun ini naik hampir dua kali lipat "
        "karena saluran air yang rusak sejak banjir sudah diperbaiki warga."
    ),
    "“Kami bekerja bergiliran selama tiga bulan, tanpa menunggu bantuan,” kata Wira seusai acara.",
    (
        "Harga gabah di tingkat petani tercatat stabil, dan koperasi desa berjanji membeli seluruh "
        "hasil panen sebelum akhir bulan."
    ),
]
TEASER = (
    "Ringkasan berita lain yang memuat beberapa kata tentang kejadian di daerah itu dan apa yang "
    "dikatakan pejabat setempat kepada wartawan."
)


def page(body: str, head: str = "") -> Page:
    """Return a page as served."""
    html = f"<html><head><title>{TITLE} - Kabar</title>{head}</head><body>{body}</body></html>"
    return served(html, URL, fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def read(body: str, head: str = "") -> Article | Rejected:
    return process(page(body, head), generic_outlet(URL))


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def cards(count: int) -> str:
    return "".join(
        f'<div class="card"><h3><a href="/{n}">Judul berita nomor {n} tentang hal lain</a></h3>'
        f"<p>{TEASER}</p></div>"
        for n in range(count)
    )


FRAME = (
    '<header><nav><a href="/">Beranda</a> <a href="/daerah">Daerah</a></nav></header>'
    f"<main><h1>{TITLE}</h1>{{text}}</main>"
    f'<aside class="sidebar"><h2>Terpopuler</h2>{cards(6)}</aside>'
    "<footer><p>Hak cipta dilindungi undang-undang. Kebijakan privasi.</p></footer>"
)


@pytest.mark.parametrize(
    "text",
    [
        f"<article>{paragraphs(PARAGRAPHS)}</article>",
        f"<div>{'<br><br>'.join(PARAGRAPHS)}</div>",
        (
            f'<div class="x1"><div class="x2">{paragraphs(PARAGRAPHS[:2])}</div>'
            f'<div class="x2">{paragraphs(PARAGRAPHS[2:])}</div></div>'
        ),
    ],
    ids=["paragraphs", "breaks", "boxes"],
)
def test_text_is_taken_and_nothing_around_it(text: str) -> None:
    article = read(FRAME.format(text=text))
    assert isinstance(article, Article)
    assert article.body.split("\n") == PARAGRAPHS


def test_read_also_between_paragraphs_goes_to_related() -> None:
    also = '<p>Baca juga: <a href="/lain">Sawah Kering di Kabupaten Tetangga</a></p>'
    text = paragraphs(PARAGRAPHS[:2]) + also + paragraphs(PARAGRAPHS[2:])
    article = read(FRAME.format(text=f"<div>{text}</div>"))
    assert isinstance(article, Article)
    assert article.body.split("\n") == PARAGRAPHS
    assert [one.title for one in article.related] == ["Sawah Kering di Kabupaten Tetangga"]


def test_a_dateline_in_an_element_of_its_own_stays() -> None:
    article = read(FRAME.format(text=f"<div><b>Lembah Sunyi</b> - {paragraphs(PARAGRAPHS)}</div>"))
    assert isinstance(article, Article)
    assert article.body.split("\n") == ["Lembah Sunyi -", *PARAGRAPHS]


def test_a_table_of_figures_in_the_text_stays() -> None:
    rows = "".join(f"<tr><td>Desa {n}</td><td>{n * 7}</td></tr>" for n in range(1, 6))
    text = paragraphs(PARAGRAPHS[:2]) + f"<table>{rows}</table>" + paragraphs(PARAGRAPHS[2:])
    article = read(FRAME.format(text=f"<div>{text}</div>"))
    assert isinstance(article, Article)
    assert "Desa 3 21" in article.body.split("\n")


@pytest.mark.parametrize("wrap", ['<div hidden id="S:0">{}</div>', "<button>{}</button>",
                                  '<div style="display:none">{}</div>'])  # fmt: skip
def test_text_that_a_script_would_show_is_found(wrap: str) -> None:
    text = wrap.format(f"<article>{paragraphs(PARAGRAPHS * 2)}</article>")
    article = read(f"<nav><a href='/'>Beranda</a></nav><h1>{TITLE}</h1>{text}")
    assert isinstance(article, Article)
    assert PARAGRAPHS[1] in article.body


def test_text_that_only_the_metadata_holds() -> None:
    told = "\\n".join(PARAGRAPHS).replace('"', "'")
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "'
        + TITLE
        + f'", "articleBody": "{told}"}}</script>'
    )
    article = read(f"<h1>{TITLE}</h1><div id='app'></div>", head)
    assert isinstance(article, Article)
    assert article.body.split("\n") == PARAGRAPHS
    assert article.provenance["body"] == "jsonld:articleBody"


@pytest.mark.parametrize("kind", ["website", "article"])
def test_a_listing_is_no_article(kind: str) -> None:
    head = f'<meta property="og:type" content="{kind}">'
    rejected = read(f"<main><h1>Nasional</h1>{cards(20)}</main>", head)
    assert isinstance(rejected, Rejected)
    assert rejected.reason is Reason.NOT_ARTICLE
    assert "listing" in rejected.detail


def test_a_round_up_that_somebody_signed_is_an_article() -> None:
    byline = (
        "<div class='byline'>Penulis: Wira Atmaja</div><time>Jumat, 20/11/2026 10:15 WIB</time>"
    )
    article = read(f"<main><h1>Lima Berita Terpopuler</h1>{byline}{cards(5)}</main>")
    assert isinstance(article, Article)


def test_an_article_with_teasers_below_is_one() -> None:
    article = read(f"<main><h1>{TITLE}</h1>{paragraphs(PARAGRAPHS)}{cards(6)}</main>")
    assert isinstance(article, Article)
    assert article.body.split("\n")[: len(PARAGRAPHS)] == PARAGRAPHS


def test_traits_have_a_column_each_and_no_witness() -> None:
    document = Document(page(FRAME.format(text=paragraphs(PARAGRAPHS))).payload.decode(), URL)
    lines, table = guess.described(document, TITLE, "")
    assert table.shape == (len(lines), len(TRAITS))
    assert np.isfinite(table).all()
    assert (table[:, WITNESS] == UNHEARD).all()
    spoken = guess.heard(table, frozenset({2}))
    assert spoken[2, WITNESS] == 1
    assert spoken[:, WITNESS].sum() == 1
    assert (table[:, WITNESS] == UNHEARD).all()


def test_the_forest_is_made_for_these_traits() -> None:
    assert forest.load().traits == TRAITS


def test_a_forest_adds_up_the_leaves_that_a_row_reaches() -> None:
    table = {
        "traits": ["a", "b"],
        "trees": [
            [[0, 0.5, 1, 2], [-1.0], [1, 2.0, 3, 4], [0.5], [3.0]],
            [[0.25]],
        ],
    }
    rows = np.array([[0.5, 9.0], [0.6, 2.0], [0.6, 2.1]], np.float32)
    odds = np.array([-1.0, 0.5, 3.0]) + 0.25
    assert forest.forest_of(table).chance(rows) == pytest.approx(1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize("body", ["", "<p></p>", "<table></table>", "<ul><li></ul>", "x"])
def test_pages_with_nothing_are_rejected(body: str) -> None:
    assert isinstance(read(body), Rejected)
