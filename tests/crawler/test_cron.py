"""The crontab that `kliping cron` prints."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
import typer

import crawler.cli  # noqa: F401  it registers the commands
from crawler.app import app
from crawler.cron import crontab
from pipelines.errors import UsageError
from pipelines.store.config import load_settings
from tests.crawler.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS = typer.main.get_group(app).commands


def lines(schedules: Mapping[str, str]) -> list[str]:
    found = crontab(
        schedules, COMMANDS, archive="s3://arsip/berita", config_dir=ROOT / "config", contact=""
    )
    return [line for line in found if not line.startswith(("#", "AWS_", "KLIPING_"))]


def test_the_schedules_as_shipped_are_commands_with_options_that_exist() -> None:
    schedules = load_settings(ROOT / "config").schedules
    printed = [line.partition(f" --config {ROOT}/config ")[2] for line in lines(schedules)]
    assert printed == ["crawl --due", "recheck", "compact", "publish"]
    for words in map(shlex.split, printed):
        COMMANDS[words[0]].make_context(words[0], words[1:])


def test_a_line_starts_the_command_quietly_at_its_time() -> None:
    (line,) = lines({"crawl warta --due": "*/2 6-22 * * *"})
    assert line.startswith("*/2 6-22 * * * ")
    assert "kliping --quiet --archive s3://arsip/berita --config " in line
    assert line.endswith(" crawl warta --due")


@pytest.mark.parametrize(
    ("schedules", "found"),
    [
        ({"crwal --due": "@daily"}, "wanted a command, found 'crwal --due'"),
        ({"crawl --due": "*/2 * * *"}, "wanted five fields"),
    ],
)
def test_what_cron_could_not_start_is_named(schedules: dict[str, str], found: str) -> None:
    with pytest.raises(UsageError, match=r"^kliping\.toml: schedules") as error:
        lines(schedules)
    assert found in str(error.value)
