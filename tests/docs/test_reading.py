"""Every recipe of docs/reading.md runs as printed and prints what is printed.

On a folder, on the same folder after a compaction, and on S3. To write the outputs anew after a
change: ``python -m tests.docs.test_reading``.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.store.archive import open_archive
from pipelines.store.compact import compact
from pipelines.store.publish import publish
from tests.shelf import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Seaweed

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reading.md"
RECIPE = re.compile(
    r"^```(?P<kind>python|console)\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)
PLACE = 'archive = "archive"  # a folder, or "s3://bucket/prefix"\n'

# Runs recipes one after the other in one process, each with names of its own.
RUNNER = """
import contextlib, io, json, sys
outputs = []
for code in json.load(sys.stdin):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        exec(compile(code, "docs/reading.md", "exec"), {})
    outputs.append(stream.getvalue())
print(json.dumps(outputs))
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    section: str
    kind: str
    code: str
    output: str | None


@dataclass(frozen=True, slots=True)
class Place:
    uri: str
    environment: dict[str, str]


def recipes() -> list[Recipe]:
    found = []
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE):
        section = part.partition("\n")[0]
        found += [
            Recipe(section, one["kind"], one["code"], one["output"])
            for one in RECIPE.finditer(part)
        ]
    return found


SECTIONS = sorted({one.section for one in recipes() if one.output is not None})


def outputs_of(
    codes: list[str], environment: dict[str, str], folder: Path | None = None
) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        cwd=folder,
        input=json.dumps(codes),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def run(section: str, place: Place) -> list[str]:
    """Run a section's recipes and return what each printed."""
    chosen = [one for one in recipes() if one.section == section and one.output is not None]
    if chosen[0].kind == "console":
        return [command(one.code, place) for one in chosen]
    codes = [one.code.replace(PLACE, f"archive = {place.uri!r}\n") for one in chosen]
    assert all(place.uri in code for code in codes)
    before = []
    if section == "DuckDB" and place.uri.startswith("s3://"):
        before = [one.code for one in recipes() if one.section == "On S3"]
    return outputs_of([*before, *codes], place.environment)[len(before) :]


def command(code: str, place: Place) -> str:
    prompt, program, *arguments = shlex.split(code)
    assert (prompt, program) == ("$", "kliping")
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "--archive", place.uri, *arguments],
        cwd=ROOT,
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def environment(home: Path) -> dict[str, str]:
    """Return what a reader's shell holds."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", "TZ": "UTC"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home where DuckDB finds the extensions that it has downloaded before."""
    found = tmp_path_factory.mktemp("home")
    prepare(found)
    return found


def prepare(home: Path) -> None:
    code = (
        "import duckdb_extensions as e; e.import_extension('httpfs'); e.import_extension('delta')"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(home), check=True)


@pytest.fixture(scope="module", params=["folder", "compacted", "s3"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, home: Path
) -> Iterator[Place]:
    if request.param != "s3":
        uri = str(tmp_path_factory.mktemp("reading") / "archive")
        lay_out(uri, compacted=request.param == "compacted")
        yield Place(uri, environment(home))
        return
    server: Seaweed = request.getfixturevalue("seaweed")
    uri = f"s3://{server.bucket()}/kliping"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        patch.setenv("KLIPING_SPOOL", str(home / "spool"))
        lay_out(uri, compacted=False)
    variables = {**server.environment(), "AWS_ALLOW_HTTP": "true"}
    yield Place(uri, {**environment(home), **variables})


def lay_out(uri: str, *, compacted: bool) -> None:
    with closing(open_archive(uri)) as archive:
        fill(archive)
        publish(archive)
        if compacted:
            compact(archive)


@pytest.mark.parametrize("section", SECTIONS)
def test_recipes_print_what_is_printed(section: str, place: Place) -> None:
    printed = [one.output for one in recipes() if one.section == section and one.output is not None]
    assert run(section, place) == printed


def test_every_python_block_is_a_recipe_with_its_output() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```python\n") == len([one for one in recipes() if one.kind == "python"])
    without = [one for one in recipes() if one.output is None]
    assert [one.section for one in without] == ["On S3"]
    assert {"pandas", "Polars", "DuckDB", "pyarrow"} < set(SECTIONS)


def write_outputs() -> None:
    """Run the page's recipes on a fresh folder and write what they print below them."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        prepare(home)
        place = Place(f"{folder}/archive", environment(home))
        lay_out(place.uri, compacted=False)
        printed = iter([output for section in in_order() for output in run(section, place)])

    def renewed(found: re.Match[str]) -> str:
        if found["output"] is None:
            return found[0]
        return f"```{found['kind']}\n{found['code']}```\n\n```text\n{next(printed)}```\n"

    PAGE.write_text(RECIPE.sub(renewed, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def in_order() -> list[str]:
    return list(dict.fromkeys(one.section for one in recipes() if one.output is not None))


if __name__ == "__main__":
    write_outputs()
