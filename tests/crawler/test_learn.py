"""`kliping outlets learn` over an archive in a folder, in this process."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tomllib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crawler.cli import main
from pipelines.process import process
from pipelines.records import Article
from pipelines.store.archive import open_archive
from pipelines.store.commit import Run
from pipelines.store.config import load_registry
from pipelines.store.reextract import reextract
from tests.pipelines.store.newsroom import page
from tests.shelf import append, article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Learn = Callable[..., tuple[int, str, str]]

SLOGAN = "Kabar Contoh ditulis setiap pagi dari meja kecil di tepi kali."
HABIT = "Demikian disampaikan."
OUTLET = """name = "Kabar Contoh"  # nama
domains = ["contoh.id"]
[[layouts]]
body = [".isi"]
title = ["h1"]
"""
START = datetime(2026, 1, 5, 3, tzinfo=UTC)


def words(n: int) -> str:
    """Write what no other text has, nor its opening."""
    digest = hashlib.sha256(str(n).encode()).hexdigest()
    return " ".join(f"w{digest[at : at + 3]}x" for at in range(0, 30, 3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config" / "outlets").mkdir(parents=True)
    (tmp_path / "config" / "kliping.toml").write_text("")
    (tmp_path / "config" / "outlets" / "contoh.toml").write_text(OUTLET)
    return tmp_path


@pytest.fixture
def learn(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Learn:
    """Return the command: exit code, standard output, standard error."""

    def run(*arguments: str, answers: str | None = None) -> tuple[int, str, str]:
        stdin = io.StringIO(answers or "")
        stdin.isatty = lambda: answers is not None  # type: ignore[method-assign]
        monkeypatch.setattr(sys, "stdin", stdin)
        places = ["--archive", str(folder / "archive"), "--config", str(folder / "config")]
        with pytest.raises(SystemExit) as ended:
            main([*places, "outlets", "learn", *arguments])
        said = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code, said.out, said.err

    return run


def rows(count: int, *, outlet: str = "contoh") -> list[dict[str, Any]]:
    """Return articles of as many days, every other one with the slogan in it."""
    return [
        article(
            f"kabar-{n}",
            outlet=outlet,
            at=START + timedelta(days=n),
            body="\n".join(
                [
                    f"{words(n)} pagi ini.",
                    *([SLOGAN] if n % 2 else []),
                    *([HABIT] if n == 1 else []),
                    f"{words(n + 900)} sampai besok.",
                ]
            ),
        )
        for n in range(count)
    ]


def fill(folder: Path, some: list[dict[str, Any]]) -> None:
    with closing(open_archive(str(folder / "archive"))) as archive:
        append(archive, "articles", some)


def test_proposals_are_shown_with_evidence_and_nothing_is_written(
    folder: Path, learn: Learn
) -> None:
    some = rows(60)
    stale = [{**one, "body": f"{HABIT}\n{one['body']}"} for one in some]
    newer = [{**one, "revision": 2, "commit_id": 2} for one in some]
    fill(folder, [*stale, *newer, *rows(60, outlet="lain")])
    code, out, _ = learn("contoh")
    assert code == 0
    assert SLOGAN in out
    assert HABIT not in out  # in no article's present revision often enough
    assert "in 30 of 59 articles (50.8%) on 30 days from 2026-01-06 to 2026-03-05" in out
    assert "takes 30 lines of 30 articles" in out
    assert "https://contoh.example/berita/kabar-1\n" in out
    assert "1 proposals" not in out.splitlines()[-1]
    assert "--write --accept" in out.splitlines()[-1]
    assert (folder / "config" / "outlets" / "contoh.toml").read_text() == OUTLET
    code, out, err = learn("contoh", "--json")
    (one,) = map(json.loads, out.splitlines())
    assert (code, one["text"], one["articles"], one["of"], one["written"]) == (
        *(0, SLOGAN, 30, 59, False),
    )
    assert "nothing was written" in err
    assert learn("contoh", "--min-share", "0.6")[1] == (
        "contoh: nothing recurs in 60 articles of 60 days that is not taken out already\n"
    )


def test_accepted_rules_are_written_and_not_proposed_again(folder: Path, learn: Learn) -> None:
    fill(folder, rows(60))
    code, _, err = learn("contoh", "--write", answers="n\n")
    assert code == 0
    assert "Write rule 1" in err
    file = folder / "config" / "outlets" / "contoh.toml"
    assert file.read_text() == OUTLET
    code, out, _ = learn("contoh", "--write", answers="y\n")
    assert out.endswith(f"1 rule written to {file}; kliping reextract contoh applies them\n")
    assert file.read_text().startswith(OUTLET)
    assert tomllib.loads(file.read_text())["clean"] == {
        "drop_lines": [r"^Kabar Contoh ditulis setiap pagi dari meja kecil di tepi kali\.$"]
    }
    assert "nothing recurs" in learn("contoh")[1]
    file.write_text(OUTLET)
    (one,) = (json.loads(line) for line in learn("contoh", "--json")[1].splitlines())
    for names in (one["id"], "1", "--all"):
        file.write_text(OUTLET)
        arguments = ["--all"] if names == "--all" else ["--accept", names]
        assert learn("--quiet", "contoh", "--write", *arguments)[0] == 2  # an option of kliping
        assert learn("contoh", "--write", *arguments)[0] == 0
        assert "di tepi kali" in file.read_text()


def test_what_was_written_applies_to_archived_pages(folder: Path, learn: Learn) -> None:
    registry = load_registry(folder / "config")
    by = registry.get("contoh")
    with closing(open_archive(str(folder / "archive"))) as archive:
        with Run(archive, command="crawl", outlet_of=registry.get) as run:
            for n in range(12):
                one = page(n, f"{words(n)}.", aside=f"<p>{SLOGAN}</p>")
                date = f"2026-11-{n + 1:02}T09:30".encode()
                one = type(one)(
                    **{name: getattr(one, name) for name in one.__slots__ if name != "payload"},
                    payload=one.payload.replace(b"2026-11-20T09:30", date),
                )
                made = process(one, by)
                assert isinstance(made, Article)
                assert SLOGAN in made.body
                run.settle(run.store(one, by).capture_id, made)
            run.commit(everything=True)
        assert learn("contoh", "--write", "--all")[0] == 0
        registry = load_registry(folder / "config")
        (done,) = reextract(archive, ["contoh"], outlet_of=registry.get, publish_after=False)
        assert (done.captures, done.extracted) == (12, 12)
    code, out, _ = learn("contoh")
    assert (code, SLOGAN in out) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["cntoh"], 2, "did you mean 'contoh'?"),
        (["contoh"], 0, "wanted at least 10 articles of 7 days to learn from, found 3 articles"),
        (["lain"], 2, "lain: wanted an outlet with a file"),
        (["contoh", "--all"], 2, "--all: wanted --write beside it"),
        (["contoh", "--accept", "1"], 2, "--accept: wanted --write beside it"),
        (["contoh", "--write"], 2, "wanted a terminal to ask on"),
        (["contoh", "--write", "--all", "--accept", "1"], 2, "wanted one of them"),
        (["contoh", "--write", "--accept", "7"], 2, "--accept: wanted nothing"),
        (["contoh", "--min-share", "2"], 2, "--min-share"),
    ],
)
def test_what_is_asked_wrongly_or_too_early_is_one_line(
    folder: Path, learn: Learn, arguments: list[str], code: int, said: str
) -> None:
    fill(folder, rows(3))
    ended, out, err = learn(*arguments)
    assert ended == code
    assert len((out + err).splitlines()) == 1
    assert said in out + err


def test_an_archive_that_is_not_there_is_one_line(learn: Learn) -> None:
    code, out, err = learn("contoh")
    assert (code, out) == (3, "")
    assert len(err.splitlines()) == 1
