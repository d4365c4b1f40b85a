"""`kliping outlets`, in the tests' own process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crawler.cli import main
from pipelines.store.config import CONFIG_DIR

if TYPE_CHECKING:
    from pathlib import Path

CONTOH = """
name = "Kabar Contoh"
domains = ["contoh.id"]
confidence = "low"
[articles]
match = '^https://contoh\\.id/berita/[^/?#]+/?$'
deny = '/video'
single_page = { path = "/semua" }
examples = ["https://contoh.id/berita/hujan-turun/"]
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    code = caught.value.code
    shown = capsys.readouterr()
    return code if isinstance(code, int) else 0, shown.out, shown.err


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "outlets").mkdir(parents=True)
    (folder / "outlets" / "contoh.toml").write_text(CONTOH, encoding="utf-8")
    return folder


def test_the_list_fits_80_columns_and_cuts_only_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, shown, _ = run(capsys, "--config", str(CONFIG_DIR), "outlets", "list")
    heading, *rows = shown.splitlines()
    assert (code, len(rows)) == (0, 141)
    assert heading.split() == ["slug", "name", "family", "enabled", "verified"]
    assert max(map(len, shown.splitlines())) <= 80
    found = {row.split()[0]: row.rstrip() for row in rows}
    assert {path.stem for path in (CONFIG_DIR / "outlets").glob("*.toml")} == set(found)
    assert found["bernama"].split() == ["bernama", "Bernama", "plain", "yes", "no,", "low"]
    assert found["jakartapost"].endswith("no       no, medium")
    assert found["demo"].endswith("yes")
    assert all(row.count("…") <= 1 and "…  " in row for row in rows if "…" in row)


def test_the_list_for_programs_says_how_sure_a_file_is(
    capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    _, shown, _ = run(capsys, "--config", str(config), "outlets", "list", "--json")
    expected = {
        "slug": "contoh",
        "name": "Kabar Contoh",
        "domains": ["contoh.id"],
        "family": None,
        "enabled": True,
        "verified": False,
        "confidence": "low",
    }
    assert [expected] == [json.loads(line) for line in shown.splitlines()]


def test_the_files_of_the_checkout_pass_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    code, shown, errors = run(capsys, "--config", str(CONFIG_DIR), "outlets", "check")
    assert (code, errors) == (0, "")
    assert len(shown.splitlines()) == 141


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("contoh.id/berita/hujan", "lain.id/berita/hujan", "an address below contoh.id; it"),
        ("contoh.id/berita/hujan", "contoh.id/foto/hujan", "an address that articles.match finds"),
        ("hujan-turun", "video-hujan", "an address that articles.deny does not find"),
        (r"[^/?#]+/?$", r"[^/?#]+/semua/?$", "an address that articles.match finds"),
    ],
)
def test_an_example_that_is_no_article_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], config: Path, old: str, new: str, wanted: str
) -> None:
    assert old in CONTOH
    text = CONTOH.replace(old, new)
    (config / "outlets" / "contoh.toml").write_text(text, encoding="utf-8")
    code, shown, errors = run(capsys, "--config", str(config), "outlets", "check")
    assert (code, shown) == (2, "")
    assert len(errors.splitlines()) == 1
    assert f"{config}/outlets/contoh.toml: articles.examples: wanted {wanted}" in errors
    assert "found 'https://" in errors


def test_a_configuration_without_outlets_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, _, errors = run(capsys, "--config", str(tmp_path), "outlets", "list")
    assert code == 2
    assert f"{tmp_path}/outlets: wanted a folder of outlet files, found none" in errors
