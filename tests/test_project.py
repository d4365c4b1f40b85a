"""What must be true of the checkout as a whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import crawler
import pipelines

ROOT = Path(__file__).parents[1]
_LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-build.lock",
    "requirements-bench.lock",
)


def test_both_packages_are_this_projects() -> None:
    for package in (crawler, pipelines):
        assert Path(package.__file__ or "").resolve().parent.parent == ROOT


def test_the_version_is_stated_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == pipelines.__version__


def test_locks_pin_by_hash_and_name_no_address() -> None:
    for name in _LOCKS:
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|^--(?:index|extra|find)", text, re.MULTILINE)
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[\w.-]+==\S+", block), block
            assert "--hash=sha256:" in block, block


def test_pipelines_imports_no_scrapy() -> None:
    code = (
        "import sys, pkgutil, importlib, pipelines\n"
        "for one in pkgutil.walk_packages(pipelines.__path__, 'pipelines.'):\n"
        "    importlib.import_module(one.name)\n"
        "print([name for name in ('scrapy', 'twisted', 'crawler') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_scrapys_own_command_works_in_the_checkout() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["outlet"]


def test_scrapys_own_command_crawls(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "outlet", "-a", "slug=demo"],
        cwd=ROOT,
        env={**os.environ, "KLIPING_ARCHIVE": str(tmp_path / "archive")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "archive" / "latest").rglob("articles.parquet"))


def test_every_make_target_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = {line.split()[0] for line in shown.stdout.splitlines()}
    assert listed == set(phony[1].split())
