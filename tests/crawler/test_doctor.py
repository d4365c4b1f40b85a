"""What `kliping doctor` ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.doctor import Check, exit_code

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawler.conftest import Kliping


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([], 0), ([1], 1), ([3], 3), ([1, 3], 3), ([3, 2], 2), ([1, 3, 2], 2), ([1, 2], 2)],
)
def test_settings_count_before_the_archive_and_the_archive_before_the_rest(
    codes: list[int], expected: int
) -> None:
    bad = [Check(name="x", ok=False, detail="", exit_code=code) for code in codes]
    assert exit_code([Check(name="python", ok=True, detail="", exit_code=4), *bad]) == expected


def test_a_fault_of_the_settings_wins_over_one_of_the_archive(
    kliping: Kliping, tmp_path: Path
) -> None:
    (tmp_path / "archive").write_text("a file, not a folder")
    (kliping.config / "kliping.toml").write_text('contact = "redaksi@contoh.id"\n')
    assert kliping("doctor", code=3).count("FAIL") > 0
    (kliping.config / "kliping.toml").write_text("")
    kliping.env["KLIPING_CONTACT"] = ""
    said = kliping("doctor", code=2)
    assert "FAIL contact" in said
    assert "FAIL archive" in said
