"""A lease whose process died on this machine is free at once; any other waits for its expiry."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipelines.errors import HeldError
from pipelines.store.archive import open_archive
from pipelines.store.lease import take

_TAKE = """
import os, sys
from pipelines.store.archive import open_archive
from pipelines.store.lease import take
take(open_archive(sys.argv[1]), "warta", "first")
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_holds_nothing(tmp_path: object) -> None:
    archive = open_archive(f"{tmp_path}/arsip")
    with subprocess.Popen(
        [sys.executable, "-c", _TAKE, archive.uri],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "taken\n"
        with pytest.raises(HeldError, match="warta"):
            take(archive, "warta", "second")
        first.kill()
        os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)  # dead, and still a zombie
        assert take(archive, "warta", "second").holder.run_id == "second"
