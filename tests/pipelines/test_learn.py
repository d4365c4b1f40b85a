from __future__ import annotations

import re
import zlib
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.learn import Form, Rule, Text, hits_of, recurring
from pipelines.proposals import Proposal, Thresholds, by_name, least_articles, proposals_from

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FIRST = date(2024, 1, 1)
WORDS = (
    *("beras", "padi", "sawah", "desa", "kota", "pasar", "jalan", "hujan", "panen", "petani"),
    *("warga", "sungai", "gunung", "laut", "perahu", "sekolah", "guru", "murid", "buku", "kereta"),
    *("stasiun", "pelabuhan", "nelayan", "bupati", "camat", "dinas", "rapat", "anggaran"),
)


def sentence(seed: int, length: int = 12) -> str:
    """Write a sentence that no other text has, nor its opening."""
    digits = f"{seed:b}"
    own = " ".join("lama" if one == "1" else "baru" for one in digits)
    picked = [WORDS[zlib.crc32(f"{seed} {n}".encode()) % len(WORDS)] for n in range(length)]
    return f"{picked[0].title()} {' '.join(picked[1:])} {own}."


def text(
    n: int, *lines: str, day: date | None = None, removed: tuple[str, ...] = (), last: str = ""
) -> Text:
    own = (sentence(n * 7 + 1), *lines, last or sentence(n * 7 + 2))
    return Text(
        url=f"https://contoh.id/berita/{n}",
        day=day or FIRST + timedelta(days=n),
        lines=own,
        removed=removed,
    )


def learned(
    texts: Sequence[Text],
    wanted: Thresholds = Thresholds(),  # noqa: B008  frozen
    *,
    is_lead: Callable[[str], bool] = lambda line: " - " in line[:40],
    is_known: Callable[[str, bool], bool] = lambda *_: False,
) -> list[Proposal]:
    found = recurring(
        lambda: texts, least=lambda total: least_articles(total, wanted), is_lead=is_lead
    )
    return proposals_from(found, lambda: texts, wanted=wanted, is_known=is_known)


def rules(proposals: Sequence[Proposal]) -> list[tuple[str, str]]:
    return [(one.key, one.pattern) for one in proposals]


PROMO = "Pasang aplikasi Warta (gratis) di ponselmu?"


def test_a_line_of_the_template_is_proposed_with_its_evidence() -> None:
    texts = [text(n, PROMO) if n % 4 == 0 else text(n) for n in range(100)]
    (one,) = learned(texts)
    assert (one.key, one.form, one.text) == ("drop_lines", Form.LINE, PROMO)
    assert one.pattern == r"^Pasang aplikasi Warta \(gratis\) di ponselmu\?$"
    assert re.search(one.pattern, PROMO)
    assert (one.articles, one.of, one.lines, one.days) == (25, 97, 25, 25)
    assert (one.first_day, one.last_day) == (FIRST, FIRST + timedelta(days=96))
    assert (one.first_line, one.last_line) == (0.0, 0.0)
    assert one.examples == tuple(f"https://contoh.id/berita/{n}" for n in (0, 4, 8))
    assert (one.hit_lines, one.hit_articles, one.is_wider) == (25, 25, False)
    assert one.cautions == ()
    assert one.number == 1
    assert by_name([one], "1") is by_name([one], one.id) is one
    assert by_name([one], "2") is None


def test_numbers_and_dates_are_left_open_only_where_they_vary() -> None:
    days = ("Senin", "Rabu", "Sabtu")
    texts = [
        text(n, f"Edisi {n} tahun 2024 terbit {days[n % 3]} pukul 07.00 di toko buku")
        for n in range(40)
    ]
    (one,) = learned(texts)
    assert one.pattern == (r"^Edisi \d+ tahun 2024 terbit [^\W\d_]+ pukul 07\.00 di toko buku$")
    assert (one.lines, one.hit_lines) == (40, 40)


@pytest.mark.parametrize(
    ("why", "texts"),
    [
        ("a quotation of follow-ups, in four days",
         [text(n, PROMO, day=FIRST + timedelta(days=n % 4)) for n in range(40)]
         + [text(100 + n) for n in range(100)]),
        ("most of it on one day",
         [text(n, PROMO, day=FIRST) for n in range(30)] + [text(n, PROMO) for n in range(40, 60)]),
        ("a habit of one in a hundred articles",
         [text(n, "Demikian disampaikan." if n % 100 == 0 else sentence(n)) for n in range(1500)]),
        ("too few", [text(n, PROMO) for n in range(9)]),
        ("taken out elsewhere",
         [text(n, PROMO) for n in range(30)] + [text(99, removed=(PROMO,))]),
        ("no word in it", [text(n, "* * *") for n in range(30)]),
    ],
)  # fmt: skip
def test_what_news_repeats_is_not_proposed(why: str, texts: list[Text]) -> None:
    assert learned(texts) == [], why


def test_a_rare_line_is_found_when_asked_for() -> None:
    texts = [text(n, "Naskah oleh Warta" if n % 100 == 0 else sentence(n)) for n in range(1500)]
    assert learned(texts) == []
    (one,) = learned(texts, Thresholds(share=0.005))
    assert one.articles == 15


def test_the_share_is_of_the_time_in_which_a_line_was_used() -> None:
    texts = [text(n, PROMO) if 500 <= n < 530 else text(n) for n in range(1000)]
    (one,) = learned(texts)
    assert (one.articles, one.of) == (30, 30)


def test_what_today_s_rules_take_out_is_not_proposed() -> None:
    texts = [text(n, PROMO) for n in range(30)]
    assert learned(texts, is_known=lambda line, _: line == PROMO) == []


def test_what_reads_like_reporting_comes_last_and_with_a_caution() -> None:
    quoted = "“Kami terus bekerja untuk warga,” kata gubernur."
    texts = [text(n, quoted, PROMO, "Latar") for n in range(30)]
    first, *others = learned(texts)
    assert (first.text, first.cautions) == (PROMO, ())
    cautions = {one.text: one.cautions for one in others}
    assert cautions == {quoted: ("reads like reporting",), "Latar": ("may be a subheading",)}


def test_lines_that_only_open_alike_are_shown_as_such() -> None:
    texts = [
        text(n, last=f"Tulisan ini dimuat juga dengan judul {sentence(n, 4)}") for n in range(40)
    ]
    (one,) = learned(texts)
    assert (one.form, one.text) == (Form.OPENING, "Tulisan ini dimuat juga dengan judul")
    assert one.pattern == r"^Tulisan ini dimuat juga dengan judul(?!\S)"
    assert one.cautions == ("only the beginning recurs",)
    assert len(one.tails) == 3
    assert (one.lines, one.hit_lines, one.last_line) == (40, 40, 1.0)


@pytest.mark.parametrize(
    "line",
    [
        "Jakarta, Warta Uji - {tail}",  # a dateline
        "Hal itu disampaikan kepala dinas saat {tail} {tail}",  # somewhere in the text
    ],
)
def test_openings_of_news_are_not_proposed(line: str) -> None:
    def tail(n: int) -> str:
        return line.format(tail=sentence(n, 9))

    texts = [
        Text(
            url=str(n),
            day=FIRST + timedelta(days=n),
            lines=(tail(n), sentence(n + 900)) if " - " in line else
            (sentence(n + 900), tail(n), sentence(n + 1800)),
        )
        for n in range(60)
    ]  # fmt: skip
    assert learned(texts) == []


def test_a_sentence_at_the_edge_of_paragraphs_is_cut_out_of_them() -> None:
    promo = "Unduh Warta sekarang."
    texts = [
        text(n, f"{sentence(n + 500)} {promo}" if n % 2 else f"{promo} {sentence(n + 500)}")
        for n in range(80)
    ]
    expected = [
        ("inline", r"\s+Unduh Warta sekarang\.$"),
        ("inline", r"^Unduh Warta sekarang\.\s+"),
    ]
    assert sorted(rules(learned(texts))) == sorted(expected)


def test_what_ends_the_last_paragraph_is_a_signoff() -> None:
    texts = [
        text(n, last=f"{sentence(n + 500)} (Tim Redaksi)" if n % 2 else
             f"{sentence(n + 500)} Terima kasih sudah membaca.")
        for n in range(80)
    ]  # fmt: skip
    proposals = learned(texts)
    assert sorted(rules(proposals)) == [
        ("signoff", r"\s*\(Tim Redaksi\)$"),
        ("signoff", r"\s+Terima kasih sudah membaca\.$"),
    ]
    assert [one.hit_articles for one in proposals] == [40, 40]


def test_parts_of_a_line_that_recurs_as_a_whole_are_not_proposed_again() -> None:
    whole = "Ikut grup Warta. Dapat kabar lebih cepat."
    assert [one.text for one in learned([text(n, whole) for n in range(40)])] == [whole]


def test_a_rule_that_hits_more_than_its_evidence_is_told() -> None:
    texts = [text(n, PROMO) for n in range(30)]
    (one,) = learned(texts)
    wider = hits_of([*texts, text(99, PROMO)], [one.rule])[0]
    assert (wider.lines, wider.articles) == (31, 31)
    signoff = Rule(pattern=re.compile(r"\s+habis$"), reach=40, is_signoff=True)
    inside = Text(url="", day=FIRST, lines=("x habis", "y"))
    at_end = Text(url="", day=FIRST, lines=("x", "y habis"))
    assert [hits_of([one], [signoff])[0].lines for one in (inside, at_end)] == [0, 1]
