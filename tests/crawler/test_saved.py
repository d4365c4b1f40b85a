"""`kliping extract` on files, gzipped ones, folders and standard input."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from crawler.saved import extracted
from pipelines.decode import ARTICLE_LIMIT
from pipelines.errors import UsageError
from pipelines.store.config import Registry
from tests.crawler.conftest import PARAGRAPHS, article_html

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawler.conftest import Kliping

URL = "https://contoh.id/berita/nelayan"
DECLARES_URL = f'<link rel="canonical" href="{URL}">'


def _read(*sources: Path | str) -> list[Any]:
    return list(extracted([str(one) for one in sources], registry=Registry({})))


def test_a_gzipped_page_reads_like_the_plain_one(tmp_path: Path) -> None:
    page = article_html(extra=DECLARES_URL).encode()
    plain, packed = tmp_path / "a.html", tmp_path / "a.html.gz"
    plain.write_bytes(page)
    packed.write_bytes(gzip.compress(page))
    first, second = _read(plain, packed)
    assert first["body"].endswith("\n".join(PARAGRAPHS))
    assert (second["body"], second["url"]) == (first["body"], URL)


@pytest.mark.parametrize("cut", [slice(0, 60), slice(0, 2)])
def test_a_gzip_file_that_breaks_off_is_rejected(tmp_path: Path, cut: slice) -> None:
    file = tmp_path / "a.html.gz"
    file.write_bytes(gzip.compress(article_html().encode())[cut])
    (found,) = _read(file)
    assert (found["rejected"], found["reason"]) == (True, "undecodable")


def test_a_gzip_file_with_broken_data_is_rejected(tmp_path: Path) -> None:
    file = tmp_path / "a.html.gz"
    data = bytearray(gzip.compress(article_html().encode()))
    data[10:40] = b"\xff" * 30
    file.write_bytes(data)
    (found,) = _read(file)
    assert (found["rejected"], found["reason"]) == (True, "undecodable")


def test_a_gzip_file_that_swells_is_rejected(tmp_path: Path) -> None:
    file = tmp_path / "a.html.gz"
    file.write_bytes(gzip.compress(b"<html>" + b" " * (2 * ARTICLE_LIMIT)))
    (found,) = _read(file)
    assert (found["rejected"], found["reason"]) == (True, "too_large")


def test_a_folder_without_html_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "catatan.txt").write_text("bukan berita")
    with pytest.raises(UsageError) as caught:
        _read(tmp_path)
    assert str(caught.value) == f"wanted HTML files in {tmp_path}, found none"


def test_the_command_ends_as_its_sources_deserve(kliping: Kliping, tmp_path: Path) -> None:
    broken = tmp_path / "rusak.html.gz"
    broken.write_bytes(gzip.compress(article_html().encode())[:-9])
    (line,) = kliping.lines("extract", str(broken))
    assert line["reason"] == "undecodable"
    missing = kliping.run("extract", str(tmp_path / "tidak-ada.html"))
    assert (missing.returncode, missing.stdout, missing.stderr.count("\n")) == (1, "", 1)
    assert "No such file or directory" in missing.stderr
    (tmp_path / "kosong").mkdir()
    empty = kliping.run("extract", str(tmp_path / "kosong"))
    assert (empty.returncode, empty.stdout, empty.stderr.count("\n")) == (2, "", 1)


def test_standard_input_may_be_gzipped(kliping: Kliping) -> None:
    data = gzip.compress(article_html().encode())
    done = kliping.run("extract", "-", "--url", URL, data=data)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["source"], found["url"]) == ("-", URL)
    assert found["body"].endswith("\n".join(PARAGRAPHS))
