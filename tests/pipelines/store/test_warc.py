"""What goes into a WARC file comes out of it, and other tools read it too."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.errors import ArchiveError
from pipelines.records import Capture, Page
from pipelines.store.archive import MissingError, open_archive
from pipelines.store.segment import capture_of
from pipelines.store.warc import (
    NoPageError,
    SegmentFile,
    digest_of,
    pages_in,
    read_page,
    read_segment,
    whole_bytes,
)
from tests.pipelines.store.newsroom import NOON, page

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.warc import Record

_LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40)
_NAME = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":"))
_PAGES = st.builds(
    Page,
    url=st.just("https://contoh.id/a?b=c"),
    final_url=st.sampled_from(["https://contoh.id/a?b=c", "https://contoh.id/%C3%A9#x"]),
    status=st.integers(min_value=100, max_value=999),
    headers=st.lists(st.tuples(_NAME, _LINE), max_size=6).map(tuple),
    payload=st.binary(max_size=200),
    fetched_at=st.datetimes(
        min_value=datetime(1995, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001  as above
        timezones=st.just(UTC),
    ),
)


def written(folder: Path, *pages: Page) -> tuple[Path, list[Record]]:
    path = folder / "uji.warc.gz"
    file = SegmentFile(path, {"software": "uji", "segment": "s1"})
    records = [file.append(one, role="article") for one in pages]
    file.close()
    return path, records


def capture(record: Record) -> Capture:
    return capture_of(
        record.page,
        record_id=record.record_id,
        place=(record.offset, record.length),
        digest=record.digest,
        segment="20261122T050000123456Z-contoh-0011223344",
        outlet="contoh",
        run_id="r",
    )


def warcio_check(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_PAGES)
@example(
    Page(
        url="https://contoh.id/a",
        final_url="https://contoh.id/b",
        status=299,
        headers=(
            ("content-TYPE", "text/html"),
            ("Set-Cookie", "a=1"),
            ("set-cookie", "b=2 "),
            ("X-Empty", ""),
            ("X-Latin", "caf\xe9"),
            ("X-Beyond", "\u201ckutip\u201d"),
            ("X-Padded", "  dua "),
        ),
        payload=b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\x00\xff",
        fetched_at=NOON,
    )
)
def test_a_page_comes_back_as_it_went_in(tmp_path: Path, given_page: Page) -> None:
    path = tmp_path / "uji.warc.gz"
    path.unlink(missing_ok=True)
    _, (record,) = written(tmp_path, given_page)
    archive = open_archive(tmp_path)
    assert read_page(archive, "uji.warc.gz", record.offset, record.length) == given_page
    assert list(pages_in(path)) == [record]


def test_a_header_cannot_smuggle_in_another(tmp_path: Path) -> None:
    bad = replace(page(1), headers=(("X-A", "a\r\nX-B: b\r\n\r\n<html>"),))
    path, _ = written(tmp_path, bad)
    (found,) = pages_in(path)
    assert found.page.headers == (("X-A", "a  X-B: b    <html>"),)
    assert found.page.payload == bad.payload


def test_a_url_cannot_smuggle_in_a_field(tmp_path: Path) -> None:
    bad = replace(page(1), final_url="https://contoh.id/a\r\nKliping-Role: source")
    path, _ = written(tmp_path, bad)
    (found,) = pages_in(path)
    assert found.role == "article"
    assert found.page.final_url == "https://contoh.id/a%0D%0AKliping-Role:%20source"


def test_warcio_and_fastwarc_accept_every_record(tmp_path: Path) -> None:
    path = tmp_path / "uji.warc.gz"
    file = SegmentFile(path, {"software": "uji"})
    first = file.append(page(1), role="article")
    file.append(replace(page(2), status=299, headers=()), role="source")
    file.append(replace(page(1), payload=b"", status=304), role="article", refers_to=capture(first))
    file.append(page(1), role="article", refers_to=capture(first))
    file.append(replace(page(3), headers=(("Content-Length", "3"),)), role="article")
    file.append(replace(page(4), headers=(("Content-Encoding", "gzip"),)), role="article")
    file.append_parts(first.record_id, ["urn:uuid:x"])
    file.close()
    shown = warcio_check(path)
    assert shown.count("digest pass") == 6
    assert shown.count("not checked (revisit)") == 2
    with path.open("rb") as stream:
        kinds = [str(one.record_type) for one in ArchiveIterator(stream) if one.is_http_parsed]
    assert kinds == ["response", "response", "revisit", "revisit", "response", "response"]
    with path.open("rb") as stream:
        for one in ArchiveIterator(stream, parse_http=True):
            if str(one.record_type) == "response":
                assert one.verify_payload_digest()
    with path.open("rb") as stream:
        assert all(one.verify_block_digest() for one in ArchiveIterator(stream, parse_http=False))


def test_each_record_is_one_gzip_member_at_its_offset(tmp_path: Path) -> None:
    path, records = written(tmp_path, page(1), page(2))
    data = path.read_bytes()
    assert records[0].offset + records[0].length == records[1].offset
    assert records[1].offset + records[1].length == len(data)
    for one in records:
        member = gzip.decompress(data[one.offset : one.offset + one.length])
        assert member.startswith(b"WARC/1.1\r\n")
        assert member.count(b"WARC/1.1\r\n") == 1
        assert b"WARC-Date: 2026-11-22T05:00:00.123456Z\r\n" in member


def test_the_digest_is_of_the_payload_as_sent(tmp_path: Path) -> None:
    payload = gzip.compress(b"<html>halo</html>")
    _, (record,) = written(
        tmp_path, replace(page(1), headers=(("Content-Encoding", "gzip"),), payload=payload)
    )
    assert record.digest == digest_of(payload)


def test_a_revisit_keeps_headers_and_points_at_the_payload(tmp_path: Path) -> None:
    path = tmp_path / "uji.warc.gz"
    file = SegmentFile(path, {})
    first = file.append(page(1), role="article")
    again = file.append(page(1, minute=5), role="article", refers_to=capture(first))
    file.close()
    _, found = pages_in(path)
    assert found.is_revisit
    assert found.page == replace(page(1, minute=5), payload=b"")
    assert found.refers_to == first.record_id
    assert found.digest == first.digest
    assert again.length < first.length
    with path.open("rb") as stream:
        fields = [dict(one.headers.items()) for one in ArchiveIterator(stream)][-1]
    assert fields["WARC-Profile"].endswith("/revisit/identical-payload-digest")
    assert fields["WARC-Refers-To-Target-URI"] == page(1).final_url
    assert fields["WARC-Refers-To-Date"] == "2026-11-22T05:00:00.123456Z"


def test_wherever_a_file_is_torn_the_whole_records_before_it_are_read(tmp_path: Path) -> None:
    path, records = written(tmp_path, page(1), page(2))
    data = path.read_bytes()
    ends = [records[0].offset, *(one.offset + one.length for one in records)]
    torn = tmp_path / "torn.warc.gz"
    for cut in (*range(0, len(data), 7), *ends, len(data) - 1):
        torn.write_bytes(data[:cut])
        assert whole_bytes(torn) == max((end for end in ends if end <= cut), default=0)
        whole = [one for one in records if one.offset + one.length <= cut]
        with torn.open("r+b") as file:
            file.truncate(whole_bytes(torn))
        assert list(pages_in(torn)) == whole
        # Even without the cut nothing half comes out.
        torn.write_bytes(data[:cut])
        assert all(one.page in (page(1), page(2)) for one in pages_in(torn))


def test_garbage_behind_whole_records_is_cut_off(tmp_path: Path) -> None:
    path, _ = written(tmp_path, page(1))
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\0" * 4096)  # what a file system may leave after a power cut
    assert whole_bytes(path) == size


def test_a_full_disk_leaves_only_whole_records(tmp_path: Path) -> None:
    path = tmp_path / "uji.warc.gz"
    file = SegmentFile(path, {})
    first = file.append(page(1), role="article")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.size_bytes + 100, hard))
    try:
        with pytest.raises(OSError, match=r"part of a record|too large"):
            file.append(page(2), role="article")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.stat().st_size == file.size_bytes
    third = file.append(page(3), role="article")
    file.close()
    assert list(pages_in(path)) == [first, third]
    warcio_check(path)


def test_what_is_no_page_says_so(tmp_path: Path) -> None:
    path, (record,) = written(tmp_path, page(1))
    archive = open_archive(tmp_path)
    with pytest.raises(NoPageError, match=r"uji\.warc\.gz at 0: wanted a page"):
        read_page(archive, path.name, 0, record.offset)
    with pytest.raises(NoPageError):
        read_page(archive, path.name, record.offset, record.length - 20)
    with pytest.raises(NoPageError):
        read_page(archive, path.name, record.offset + 3, record.length)
    with pytest.raises(MissingError):
        read_page(archive, "none.warc.gz", 0, 10)


def test_damage_in_the_middle_is_an_error(tmp_path: Path) -> None:
    path, (first, _) = written(tmp_path, page(1), page(2))
    data = bytearray(path.read_bytes())
    data[first.offset + first.length // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(ArchiveError, match=r"uji\.warc\.gz: wanted a WARC file"):
        list(pages_in(path))


def foreign(kind: str, block: bytes) -> bytes:
    """Spell a record as an older crawler did."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <http://lain.id/x>\r\n"
        "WARC-Date: 2020-02-03T04:05:06Z\r\n"
        "WARC-Record-ID: <urn:uuid:00112233-4455-4677-8899-aabbccddeeff>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize("is_gzip", [True, False])
def test_other_crawlers_files_are_read(tmp_path: Path, *, is_gzip: bool) -> None:
    body = b"<html>halo dunia</html>"
    chunked = b"5\r\n%b\r\n%x;x=y\r\n%b\r\n0\r\n\r\n" % (body[:5], len(body[5:]), body[5:])
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    members = [
        foreign("request", b"GET /x HTTP/1.1\r\n\r\n"),
        foreign("response", head + chunked),
        foreign("response", head + body),
        foreign("response", head.replace(b"\r", b"") + body),
    ]
    path = tmp_path / "lain.warc"
    path.write_bytes(b"".join(map(gzip.compress, members) if is_gzip else members))
    records = list(pages_in(path))
    expected = Page(
        url="http://lain.id/x",
        final_url="http://lain.id/x",
        status=200,
        headers=(("Content-Type", "text/html"),),
        payload=body,
        fetched_at=datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC),
    )
    assert [one.page for one in records] == [expected] * 3
    assert [one.role for one in records] == [None] * 3
    archive = open_archive(tmp_path)
    for one in records:
        assert read_page(archive, path.name, one.offset, one.length) == expected


def test_parts_and_origin_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "uji.warc.gz"
    file = SegmentFile(path, {"run": "r1", "outlet": "contoh\nrole: x"})
    head, part = file.append(page(1), role="article"), file.append(page("1?n=2"), role="part")
    file.append_parts(head.record_id, [part.record_id])
    file.append_parts(part.record_id, [])
    file.close()
    found = read_segment(path)
    assert found.info["run"] == "r1"
    assert found.info["outlet"] == "contoh role: x"
    assert found.records == (head, part)
    assert found.parts == {head.record_id: (part.record_id,), part.record_id: ()}
