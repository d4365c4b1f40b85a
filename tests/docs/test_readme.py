"""The README's commands and recipes, run in order as printed, print what is printed.

On a folder, again after a compaction, and on S3. To write the outputs anew after a change:
``python -m tests.docs.test_readme``.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.test_reading import RECIPE, ROOT, environment, outputs_of, prepare

if TYPE_CHECKING:
    from tests.servers import Seaweed

PAGE = ROOT / "README.md"
_SECONDS = re.compile(r"\d+\.\d +$", re.MULTILINE)


def blocks() -> list[re.Match[str]]:
    """Return the README's blocks that show an output."""
    found = RECIPE.finditer(PAGE.read_text(encoding="utf-8"))
    return [one for one in found if one["output"] is not None]


def printed_by(
    folder: Path, archive: str, variables: dict[str, str], *, compacts: bool
) -> list[str]:
    """Run every block in order in *folder*, as a newcomer would, and return what each printed."""
    shown = []
    is_compacted = False
    for block in blocks():
        if block["kind"] == "console":
            shown.append(_command(block["code"], folder, archive, variables))
            continue
        if compacts and not is_compacted:
            _command("$ kliping --quiet compact", folder, archive, variables)
            is_compacted = True
        code = block["code"].replace("archive/latest", f"{archive}/latest")
        setup = _DUCKDB_ON_S3 if archive.startswith("s3://") and "duckdb" in code else ""
        code = code.replace("import duckdb\n", f"import duckdb\n{setup}")
        shown += outputs_of([code], variables, folder)
    return shown


_DUCKDB_ON_S3 = """
import os
endpoint = os.environ["AWS_ENDPOINT_URL"].partition("//")[2]
duckdb.sql("LOAD httpfs")
duckdb.sql(f"CREATE SECRET (TYPE s3, KEY_ID '{os.environ['AWS_ACCESS_KEY_ID']}', "
           f"SECRET '{os.environ['AWS_SECRET_ACCESS_KEY']}', ENDPOINT '{endpoint}', "
           "URL_STYLE 'path', USE_SSL false)")
"""


def _command(code: str, folder: Path, archive: str, variables: dict[str, str]) -> str:
    prompt, *words = shlex.split(code)
    assert prompt == "$"
    own = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        own[name] = value
    arguments = ["crawl", "demo"] if words == ["make", "crawl"] else words[1:]
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        cwd=folder,
        env={**variables, **own, "PYTHONPATH": str(ROOT), "KLIPING_ARCHIVE": archive},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.replace(archive, "./archive")


def _steady(text: str) -> str:
    return _SECONDS.sub("?", text)


@pytest.fixture(params=["folder", "compacted", "s3"])
def shown(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Return what the README's blocks print, run in a folder of their own."""
    home = tmp_path / "home"
    home.mkdir()
    prepare(home)
    variables = environment(home)
    archive = "./archive"
    if request.param == "s3":
        server: Seaweed = request.getfixturevalue("seaweed")
        variables |= {**server.environment(), "AWS_ALLOW_HTTP": "true"}
        archive = f"s3://{server.bucket()}/kliping"
    return printed_by(tmp_path, archive, variables, compacts=request.param == "compacted")


def test_the_readme_prints_what_it_shows(shown: list[str]) -> None:
    expected = [_steady(block["output"]) for block in blocks()]
    assert expected == [_steady(text) for text in shown]


def test_make_crawl_is_the_crawl_of_the_demo() -> None:
    done = subprocess.run(
        ["make", "-n", "crawl", "ARCHIVE=./archive"],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "kliping --archive ./archive crawl demo" in done.stdout


def write_outputs() -> None:
    """Run the README and write what it prints into it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        prepare(home)
        shown = iter(printed_by(Path(folder), "./archive", environment(home), compacts=False))

    def renewed(found: re.Match[str]) -> str:
        if found["output"] is None:
            return found[0]
        return f"```{found['kind']}\n{found['code']}```\n\n```text\n{next(shown)}```\n"

    PAGE.write_text(RECIPE.sub(renewed, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write_outputs()
