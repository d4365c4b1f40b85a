"""The schedules of ``kliping.toml`` as lines for a crontab."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_FIELD = re.compile(r"[\d*/,A-Za-z-]+")
_NICKNAMES = frozenset(
    ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "@reboot")
)
_FIELDS = 5
_KEPT = ("KLIPING_SPOOL", "AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")
"""What of the environment the lines need and may show; keys belong into AWS's own files."""


def crontab(
    schedules: Mapping[str, str],
    commands: Collection[str],
    *,
    archive: str,
    config_dir: Path,
    contact: str,
) -> list[str]:
    """Return the lines of a crontab, under ``--quiet``, so that cron mails faults alone.

    Args:
        schedules: Command with its arguments -> five fields of crontab(5) or a nickname.
        commands: What the command line knows.
        archive: URI; a folder is written as an absolute path, for cron starts elsewhere.
        config_dir: The configuration folder.
        contact: From the environment, empty if the settings have it.

    Raises:
        UsageError: A schedule names no command or is no cron expression.
    """
    program = Path(sys.prefix) / "bin" / "kliping"
    if "://" not in archive:
        archive = str(Path(archive).expanduser().absolute())
    start = shlex.join(
        [str(program), "--quiet", "--archive", archive, "--config", str(config_dir.absolute())]
    )
    lines = ["# kliping: good runs say nothing, bad ones are mailed to the owner of this crontab"]
    kept = {"KLIPING_CONTACT": contact, **{name: os.environ.get(name, "") for name in _KEPT}}
    lines += [f"{name}={value}" for name, value in kept.items() if value]
    for command, when in schedules.items():
        words = shlex.split(command)
        if not words or words[0] not in commands:
            hint = did_you_mean(command, commands)
            raise UsageError(f"kliping.toml: schedules: wanted a command, found {command!r}{hint}")
        _check(command, when)
        # A bare % would end the command (crontab(5)).
        lines.append(f"{when} {start} {shlex.join(words)}".replace("%", r"\%"))
    return lines


def _check(command: str, when: str) -> None:
    fields = when.split()
    if when in _NICKNAMES:
        return
    if len(fields) != _FIELDS or not all(_FIELD.fullmatch(one) for one in fields):
        raise UsageError(
            f"kliping.toml: schedules.{command}: wanted five fields of crontab(5), found {when!r}"
        )
