"""The command `import`, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.crawler.conftest import Kliping
from tests.pipelines.store.newsroom import page
from tests.pipelines.store.test_import import record

if TYPE_CHECKING:
    from pathlib import Path

TOML = """
name = "Kabar Contoh"
domains = ["contoh.id"]
[articles]
match = '/berita/'
[[layouts]]
body = [".isi"]
title = ["h1"]
published = ["meta:article:published_time"]
"""


@pytest.fixture
def command(tmp_path: Path) -> Kliping:
    """Return the command with two registered outlets and a fresh archive."""
    outlets = tmp_path / "config" / "outlets"
    outlets.mkdir(parents=True)
    (outlets / "contoh.toml").write_text(TOML)
    (outlets / "lain.toml").write_text(TOML.replace("contoh.id", "lain.id"))
    config, archive = str(tmp_path / "config"), str(tmp_path / "archive")
    return Kliping(
        tmp_path / "config", archive, {"KLIPING_CONFIG": config, "KLIPING_ARCHIVE": archive}
    )


@pytest.fixture
def others(tmp_path: Path) -> Path:
    """Return a folder of two WARC files, of which one is torn."""
    folder = tmp_path / "others"
    folder.mkdir()
    (folder / "a.warc.gz").write_bytes(record(page("padi")) + record(page("jagung"))[:-40])
    (folder / "b.warc.gz").write_bytes(record(page("kedelai")) + record(page("kopi"), head=""))
    return folder


def test_a_torn_file_is_named_and_the_rest_is_there(command: Kliping, others: Path) -> None:
    done = command.run("import", "--json", str(others))
    assert done.returncode == 1
    assert done.stdout == (
        '{"outlet": "contoh", "records": 4, "new": 2, "changed": 0, "unchanged": 0, '
        '"rejected": 0, "skipped": 2}\n'
    )
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"kliping: {others}/a.warc.gz: wanted the rest of a gzip member")
    assert command.rows("SELECT count(*) AS n FROM latest") == [{"n": 2}]
    assert list((others.parent / "archive" / "latest").rglob("articles.parquet"))


def test_only_the_named_outlet_is_taken_and_a_rehearsal_stores_nothing(
    command: Kliping, others: Path
) -> None:
    file = str(others / "b.warc.gz")
    assert "contoh" not in command("import", file, "--outlet", "lain")
    shown = command("import", file, "--dry-run", "--outlet", "contoh")
    assert "Rejected or skipped: no page 1\nNothing was stored" in shown
    assert not (others.parent / "archive" / "articles").exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("tidak-ada.warc.gz", "No such file or directory"),
        (".", ".warc, .warc.gz, .warc.zst files, found none"),
        ("https://contoh.id/x.warc.gz", "found https://"),
    ],
)
def test_what_is_not_there_is_wrong_usage(
    command: Kliping, tmp_path: Path, file: str, said: str
) -> None:
    name = file if "://" in file else str(tmp_path / "config" / file)
    done = command.run("import", name)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"kliping: {name}: wanted")
    assert said in line


def test_killed_in_the_middle_it_goes_on_and_takes_nothing_twice(
    command: Kliping, tmp_path: Path
) -> None:
    pages = 120
    file = tmp_path / "besar.warc.gz"
    file.write_bytes(b"".join(record(page(f"desa-{n}", f"Kabar {n}.")) for n in range(pages)))
    running = subprocess.Popen(
        [sys.executable, "-m", "crawler", "import", str(file)],
        cwd=command.root(),
        env={**os.environ, **command.env},
        stdout=subprocess.DEVNULL,
    )
    spool = tmp_path / "archive" / ".spool"
    while running.poll() is None:
        if sum(one.stat().st_size for one in spool.rglob("*.warc.gz")) > 20_000:
            break
        time.sleep(0.005)
    running.kill()
    assert running.wait() == -9
    (line,) = command.lines("import", "--json", str(file))
    assert line["records"] == pages
    assert line["skipped"] + line["new"] == pages
    assert line["skipped"] > 0
    assert command.rows(
        "SELECT count(*) AS n, count(DISTINCT url) AS urls FROM captures"
    ) == command.rows("SELECT count(*) AS n, count(DISTINCT url) AS urls FROM articles")
    assert command.rows("SELECT count(*) AS n FROM captures") == [{"n": pages}]
