from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING

import pytest

from pipelines.errors import OutletError, UsageError
from pipelines.learn import Form
from pipelines.proposals import Proposal
from pipelines.store.rules import with_rules, write_rules

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.proposals import Key

TODAY = date(2026, 11, 22)
HEAD = 'name = "Contoh"  # nama\ndomains = ["contoh.id"]\n'


def proposal(
    pattern: str, key: Key = "drop_lines", form: Form = Form.LINE, *, hit: int = 30
) -> Proposal:
    return Proposal(
        number=1,
        id="0a1b2c",
        key=key,
        pattern=pattern,
        form=form,
        text="Ikuti kami",
        articles=1234,
        of=4936,
        lines=30,
        days=310,
        first_day=date(2023, 5, 1),
        last_day=date(2026, 2, 3),
        first_line=0.0,
        last_line=1.0,
        examples=(),
        tails=(),
        cautions=(),
        hit_lines=hit,
        hit_articles=hit,
    )


WHY = "2026-11-22: in 1,234 of 4,936 articles (25%) on 310 days of 2023-2026"


def test_comments_and_form_stay_and_each_rule_says_why() -> None:
    text = HEAD + (
        "[clean]\n# dari redaksi\ndrop_lines = [\n  '^Lama$', # sejak 2020\n]\n\n"
        "[fetch]  # sopan\ndelay_s = 2.0\n"
    )
    made = with_rules(text, [proposal(r"^Ikuti kami \d+$")], today=TODAY, where="x.toml")
    expected = text.replace("2020\n", f"2020\n  # {WHY}\n  '^Ikuti kami \\d+$',\n")
    assert made == expected


def test_a_file_without_rules_gets_its_table() -> None:
    text = HEAD + '[[layouts]]\nbody = [".isi"]\n'
    rules = [
        proposal(r"\s*\(Tim\)$", "signoff", Form.BRACKETS),
        proposal("^Jum'at$"),
        proposal("^'''$"),
    ]
    made = with_rules(text, rules, today=TODAY, where="x.toml")
    assert made.startswith(text)
    assert f"  # {WHY.replace(': in', ': brackets, in')}\n  '\\s*\\(Tim\\)$',\n" in made
    found = tomllib.loads(made)
    assert found["clean"] == {"signoff": [r"\s*\(Tim\)$"], "drop_lines": ["^Jum'at$", "^'''$"]}
    assert found["layouts"] == [{"body": [".isi"]}]


@pytest.mark.parametrize(
    "clean",
    [
        '[clean]\ndrop_lines = ["a", "b"] # dua\n',
        '[clean]\ndrop_lines = [\n  "a",\n  "b"]\n',
        '[clean]\ndrop_lines = [\n  "a", "b",\n  # habis\n]\n',
        'clean = { drop_lines = ["a", "b"], inline = [] }\n',
        'clean.drop_lines = ["a", "b"]\n',
        '[clean]\ndrop_lines = ["a",\r\n"b"]\r\n',
    ],
)
def test_however_a_list_is_written_it_grows_by_the_rule(clean: str) -> None:
    text = HEAD + clean
    made = with_rules(text, [proposal("^x$")], today=TODAY, where="x.toml")
    assert tomllib.loads(made)["clean"]["drop_lines"] == ["a", "b", "^x$"]
    assert made.count("# ") == text.count("# ") + 1
    assert "\n" not in made.replace("\r\n", "") or "\r" not in text


@pytest.mark.parametrize(
    "text", ["name = ", HEAD + "clean = 3\n", HEAD + "[clean]\ndrop_lines = 3\n"]
)
def test_what_cannot_take_rules_is_named(text: str) -> None:
    with pytest.raises(OutletError, match=r"x\.toml: wanted TOML with a table clean"):
        with_rules(text, [proposal("^x$")], today=TODAY, where="x.toml")


def config_with(folder: Path, text: str) -> Path:
    (folder / "outlets" / "families").mkdir(parents=True)
    (folder / "outlets" / "families" / "wp.toml").write_text('[[layouts]]\nbody = [".isi"]\n')
    file = folder / "outlets" / "contoh.toml"
    file.write_text(text)
    file.chmod(0o640)
    return file


def test_the_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    file = config_with(tmp_path, HEAD + 'family = "wp"\n')
    assert file == write_rules(tmp_path, "contoh", [proposal("^x$")], today=TODAY)
    assert tomllib.loads(file.read_text())["clean"] == {"drop_lines": ["^x$"]}
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in file.parent.iterdir() if one.is_file()] == ["contoh.toml"]


@pytest.mark.parametrize(
    ("rule", "error", "said"),
    [
        (proposal("^x$", hit=31), UsageError, "rule 1: wanted at most 30 lines, found 31"),
        (proposal("^($"), OutletError, "clean.drop_lines"),
        (proposal("x*"), OutletError, "does not match nothing"),
    ],
)
def test_a_rule_that_is_wrong_leaves_the_file_alone(
    tmp_path: Path, rule: Proposal, error: type[Exception], said: str
) -> None:
    file = config_with(tmp_path, HEAD)
    with pytest.raises(error) as raised:
        write_rules(tmp_path, "contoh", [proposal("^baik$"), rule], today=TODAY)
    assert said in str(raised.value)
    assert file.read_text() == HEAD
