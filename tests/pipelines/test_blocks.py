"""Where lines begin and end, what is seen of them, and what a cut leaves in line and tree."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from pipelines.blocks import cut, lines_in


def texts(html: str) -> list[str]:
    return [line.text for line in lines_in(fragment_fromstring(f"<div>{html}</div>"))]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>Satu <b>dua</b> tiga</p>", ["Satu dua tiga"]),
        ("<p>Satu<br>dua</p>", ["Satu", "dua"]),
        ("Satu<div>dua</div>tiga", ["Satu", "dua", "tiga"]),
        ("<ul><li>Satu</li><li>dua</li></ul>", ["Satu", "dua"]),
        ("<table><tr><td>Satu</td><td>2</td></tr></table>", ["Satu 2"]),
        ("<p>Satu\n\t dua\u00a0tiga</p>", ["Satu dua tiga"]),
        ("<p>Sa\u00adtu\u200b dua</p>", ["Satu dua"]),
        ("<p>Satu <button>Bagikan</button> dua</p>", ["Satu", "Bagikan", "dua"]),
    ],
)
def test_lines_are_what_a_reader_sees_between_breaks(html: str, lines: list[str]) -> None:
    assert texts(html) == lines


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>dua</script>",
        "<style>dua</style>",
        "<noscript>dua</noscript>",
        "<b hidden>dua</b>",
        "<span style='color:red; display : NONE'>dua</span>",
        "<span style='visibility:hidden'><b>dua</b></span>",
        "<!-- dua -->",
    ],
)
def test_what_no_reader_sees_is_in_no_line(hidden: str) -> None:
    assert texts(f"<p>Satu {hidden} tiga</p>") == ["Satu tiga"]


@pytest.mark.parametrize(
    ("html", "part", "left"),
    [
        ("<p>Satu <b>dua</b> tiga</p>", "dua", "Satu tiga"),
        ("<p>Satu.<b>dua</b>tiga</p>", "dua", "Satu. tiga"),
        ("<p>Satu (dua).</p>", "(dua)", "Satu."),
        ("<p><b>Satu</b> dua</p>", "Satu", "dua"),
        ("<p>Satu <b>dua</b></p>", "dua", "Satu"),
        ("<p>Satu <a href='/b'>du<i>a ti</i>ga</a> empat</p>", "a tiga", "Satu du empat"),
    ],
)
def test_a_cut_leaves_line_and_tree_the_same(html: str, part: str, left: str) -> None:
    root = fragment_fromstring(html)
    line = lines_in(root)[0]
    start = line.text.index(part)
    cut(line, start, start + len(part))
    assert line.text == left
    assert " ".join(str(root.text_content()).split()) == left
    assert [one.text for one in lines_in(root)] == [left]


def test_links_and_marks_move_with_a_cut() -> None:
    line = lines_in(fragment_fromstring("<p>Satu dua <a href='/b'>tiga</a> <b>empat</b></p>"))[0]
    cut(line, 0, len("Satu dua "))
    assert [line.text[one.start : one.end] for one in line.links] == ["tiga"]
    assert [line.text[one.start : one.end] for one in line.marks] == ["tiga", "empat"]
    cut(line, 0, len("tiga "))
    assert line.links == []
    assert line.linked() == 0.0
