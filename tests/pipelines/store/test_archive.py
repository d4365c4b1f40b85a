"""Both kinds of archive keep the same promises."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from pipelines.errors import ArchiveError, ConflictError, UsageError
from pipelines.store.archive import MissingError, open_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.store.archive import Archive
    from tests.servers import Seaweed

MIB = 2**20


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    assert "rahasia" not in text
    return text


# The verbs, on a folder and on S3.


def test_what_is_put_is_read(archive: Archive) -> None:
    archive.put("warc/outlet=uji/a.bin", b"halo dunia")
    assert archive.read("warc/outlet=uji/a.bin") == b"halo dunia"
    assert archive.read_range("warc/outlet=uji/a.bin", 5, 3) == b"dun"


def test_a_range_ends_with_the_object(archive: Archive) -> None:
    archive.put("a", b"halo")
    assert archive.read_range("a", 2, 100) == b"lo"
    assert archive.read_range("a", 50, 10) == b""


def test_a_file_larger_than_one_part_arrives_whole(archive: Archive, tmp_path: Path) -> None:
    source = tmp_path / "big"
    source.write_bytes(os.urandom(MIB) * 33)
    archive.put("warc/big", source)
    assert archive.read("warc/big") == source.read_bytes()
    found = archive.stat("warc/big")
    assert found is not None
    assert found.size_bytes == 33 * MIB


def test_put_replaces_and_the_etag_tells(archive: Archive) -> None:
    archive.put("a", b"1")
    before = archive.stat("a")
    archive.put("a", b"2")
    after = archive.stat("a")
    assert archive.read("a") == b"2"
    assert before is not None
    assert after is not None
    assert before.etag != after.etag


def test_what_is_not_there_is_missing(archive: Archive) -> None:
    with pytest.raises(MissingError, match="warc/none"):
        archive.read("warc/none")
    with pytest.raises(MissingError, match="warc/none"):
        archive.read_range("warc/none", 0, 1)
    assert archive.stat("warc/none") is None
    assert archive.read_with_etag("warc/none") is None
    archive.delete("warc/none")
    assert list(archive.entries("")) == []


def test_a_deleted_object_is_gone(archive: Archive) -> None:
    archive.put("a", b"1")
    archive.delete("a")
    assert archive.stat("a") is None


def test_entries_list_one_prefix_in_key_order(archive: Archive) -> None:
    for key in ("pending/b", "pending/a/2", "pending/a/10", "pending/a.x", "pendingx/c", "z"):
        archive.put(key, key.encode())
    found = list(archive.entries("pending/"))
    assert [one.key for one in found] == ["pending/a.x", "pending/a/10", "pending/a/2", "pending/b"]
    assert [one.size_bytes for one in found] == [11, 12, 11, 9]
    assert [one.etag for one in found] == [
        stat.etag for one in found if (stat := archive.stat(one.key))
    ]
    assert [one.key for one in archive.entries("pending/a/1")] == ["pending/a/10"]


def test_has_looks_for_a_prefix(archive: Archive) -> None:
    archive.put("runs/x", b"1")
    assert archive.has("runs/")
    assert archive.has("run")
    assert not archive.has("runs/y")
    assert not archive.has("warc/")


def test_more_entries_than_one_page_of_s3(archive: Archive) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: archive.put(f"many/{n:04}", b"x"), range(1005)))
    assert [one.key for one in archive.entries("many/")] == [f"many/{n:04}" for n in range(1005)]


def test_the_lock_and_the_spool_are_not_listed(archive: Archive) -> None:
    etag = archive.create("a", b"1")
    archive.replace("a", b"2", etag)
    archive.spool.mkdir(parents=True, exist_ok=True)
    (archive.spool / "open.warc").write_bytes(b"x")
    assert [one.key for one in archive.entries("")] == ["a"]


def test_create_refuses_what_is_there(archive: Archive) -> None:
    archive.create("leases/uji.json", b"1")
    with pytest.raises(ConflictError, match=r"leases/uji\.json"):
        archive.create("leases/uji.json", b"2")
    assert archive.read("leases/uji.json") == b"1"


def test_replace_takes_only_the_version_read(archive: Archive) -> None:
    first = archive.create("a", b"1")
    second = archive.replace("a", b"2", first)
    with pytest.raises(ConflictError, match="/a: "):
        archive.replace("a", b"3", first)
    assert archive.read_with_etag("a") == (b"2", second)


def test_replace_of_nothing_is_a_conflict(archive: Archive) -> None:
    etag = archive.create("a", b"1")
    archive.delete("a")
    with pytest.raises(ArchiveError):
        archive.replace("a", b"2", etag)
    assert archive.stat("a") is None


@pytest.mark.parametrize("key", ["", "/etc/x", "../x", "a/../../x", "a//b", "a/./b", "a/", "a\0b"])
def test_a_key_cannot_leave_the_archive(archive: Archive, key: str) -> None:
    verbs: list[Callable[[], object]] = [
        lambda: archive.put(key, b"x"),
        lambda: archive.create(key, b"x"),
        lambda: archive.replace(key, b"x", "etag"),
        lambda: archive.read(key),
        lambda: archive.read_range(key, 0, 1),
        lambda: archive.stat(key),
        lambda: archive.delete(key),
    ]
    for verb in verbs:
        with pytest.raises(ArchiveError, match="wanted a key inside the archive"):
            verb()


def test_a_closed_archive_opens_again(archive: Archive) -> None:
    archive.put("a", b"1")
    archive.close()
    assert archive.read("a") == b"1"


# Races.


def at_once(count: int, verb: Callable[[int], object]) -> list[object]:
    """Call *verb* from *count* threads at the same moment; conflicts come back as values."""
    barrier = threading.Barrier(count)

    def call(n: int) -> object:
        barrier.wait()
        try:
            return verb(n)
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def test_of_racing_creators_one_wins(archive: Archive) -> None:
    archive.stat("warm up the client")
    for turn in range(3):
        key = f"leases/{turn}"
        found = at_once(8, lambda n, key=key: archive.create(key, b"%d" % n))  # type: ignore[misc]
        winners = [n for n, one in enumerate(found) if not isinstance(one, ConflictError)]
        assert len(winners) == 1
        assert archive.read(key) == b"%d" % winners[0]


def test_of_racing_replacers_one_wins(archive: Archive) -> None:
    etag = archive.create("a", b"0")
    for turn in range(3):
        # S3 names a version by its bytes: they must differ from those of the turn before.
        data = [b"%d of %d" % (n, turn) for n in range(8)]
        found = at_once(8, lambda n, etag=etag, data=data: archive.replace("a", data[n], etag))  # type: ignore[misc]
        winners = [n for n, one in enumerate(found) if not isinstance(one, ConflictError)]
        assert len(winners) == 1
        assert archive.read_with_etag("a") == (data[winners[0]], found[winners[0]])
        etag = str(found[winners[0]])


COUNTER = """
import sys
from pipelines.errors import ConflictError
from pipelines.store.archive import open_archive
archive = open_archive(sys.argv[1])
for _ in range(25):
    while True:
        data, etag = archive.read_with_etag("counter")
        try:
            archive.replace("counter", b"%d" % (int(data) + 1), etag)
            break
        except ConflictError:
            pass
"""


def test_processes_that_replace_lose_no_update(archive: Archive) -> None:
    archive.create("counter", b"0")
    running = [subprocess.Popen([sys.executable, "-c", COUNTER, archive.uri]) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    assert archive.read("counter") == b"75"


def test_an_old_version_with_the_same_bytes_is_told_from_the_new(tmp_path: Path) -> None:
    # Inode, size and the kernel's coarse clock alone would repeat within a few milliseconds.
    archive = open_archive(tmp_path / "archive")
    archive.put("a", b"x")
    etags = set()
    for _ in range(300):
        archive.put("a", b"x")
        found = archive.stat("a")
        assert found is not None
        etags.add(found.etag)
    assert len(etags) == 300


# An interrupted put.

PUTTER = """
import sys
from pipelines.store.archive import open_archive
archive = open_archive(sys.argv[1])
archive.put("ready", b"yes")
n = 0
while True:
    n += 1
    archive.put("big", bytes([n % 251]) * 20_000_000)
"""


def test_a_put_killed_midway_leaves_the_old_or_the_new(archive: Archive) -> None:
    for turn in range(3):
        putter = subprocess.Popen([sys.executable, "-c", PUTTER, archive.uri])
        deadline = time.monotonic() + 30
        while archive.stat("big") is None or archive.stat("ready") is None:
            assert time.monotonic() < deadline
        time.sleep(0.05 + turn / 10)
        putter.send_signal(signal.SIGKILL)
        putter.wait()
        data = archive.read("big")
        assert len(data) == 20_000_000
        assert data.count(data[:1]) == 20_000_000
        assert {one.key for one in archive.entries("")} == {"big", "ready"}
        archive.delete("ready")


def test_a_put_of_a_missing_file_changes_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.put("a", b"1")
    with pytest.raises(ArchiveError) as caught:
        archive.put("a", tmp_path / "none")
    one_line(caught.value)
    assert archive.read("a") == b"1"


# Folders.


def test_a_file_in_place_of_the_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    archive = open_archive(tmp_path / "file")
    for verb in (
        archive.check,
        lambda: archive.put("a", b"x"),
        lambda: archive.create("a", b"x"),
        lambda: archive.read("a"),
        lambda: archive.stat("a"),
        lambda: archive.delete("a"),
    ):
        with pytest.raises(ArchiveError, match="file") as caught:
            verb()
        one_line(caught.value)


def test_a_folder_that_cannot_be_written_is_one_line() -> None:
    # /proc refuses new entries to root as well.
    archive = open_archive("/proc/self/kliping")
    with pytest.raises(ArchiveError, match="wanted a writable folder") as caught:
        archive.put("a", b"x")
    one_line(caught.value)


def test_a_folder_not_made_yet_is_fine(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a" / "b")
    archive.check()
    assert list(archive.entries("")) == []
    archive.put("x", b"1")
    assert archive.read("x") == b"1"


def test_files_get_the_mode_of_the_umask(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.put("a", b"1")
    (tmp_path / "b").write_bytes(b"1")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


# Addresses.


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://host/x",
        "s3://",
        "s3:///x",
        "s3://b/x?y=1",
        "s3://b/x#y",
        "s3://b/a/../c",
        "gs://b",
    ],
)
def test_an_address_of_no_archive_is_a_usage_error(uri: str) -> None:
    with pytest.raises(UsageError, match="--archive: wanted"):
        open_archive(uri)


def test_keys_in_an_address_are_refused_and_not_repeated() -> None:
    for uri in ("s3://AKIA123:rahasia@bucket/x", "https://user:rahasia@host/x"):
        with pytest.raises(UsageError) as caught:
            open_archive(uri)
        one_line(caught.value)


def test_a_folder_may_be_named_as_a_file_address(tmp_path: Path) -> None:
    open_archive(tmp_path / "dua kata").put("a", b"1")
    assert open_archive(f"file://{tmp_path}/dua kata").read("a") == b"1"


@pytest.mark.parametrize("letter", ["%", "[", "]", "\\", "^", "|", "\t"])
def test_letters_that_tables_refuse_are_refused_at_once(tmp_path: Path, letter: str) -> None:
    for uri in (f"{tmp_path}/a{letter}41", f"s3://bucket/a{letter}41"):
        with pytest.raises(UsageError, match="--archive: wanted a path without"):
            open_archive(uri)


def test_the_spool_lies_where_it_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KLIPING_SPOOL", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert open_archive(tmp_path / "a").spool == tmp_path / "a" / ".spool"
    one, other = open_archive("s3://b/x").spool, open_archive("s3://b/y").spool
    assert one.parent == other.parent == tmp_path / "state" / "kliping"
    assert one != other
    monkeypatch.setenv("KLIPING_SPOOL", str(tmp_path / "elsewhere"))
    assert open_archive("s3://b/x").spool == tmp_path / "elsewhere"


# Faults of S3.


@pytest.fixture
def s3(bucket: str) -> Iterator[Archive]:
    with closing(open_archive(f"s3://{bucket}/kliping")) as opened:
        yield opened


def test_a_wrong_secret_is_one_line(s3: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rahasia-salah")
    for verb in (s3.check, lambda: s3.read("a"), lambda: s3.put("a", b"x"), lambda: s3.stat("a")):
        with pytest.raises(ArchiveError, match="403") as caught:
            verb()
        one_line(caught.value)


def test_a_wrong_secret_stops_a_large_upload(
    s3: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rahasia-salah")
    (tmp_path / "big").write_bytes(bytes(17 * MIB))
    with pytest.raises(ArchiveError, match="403") as caught:
        s3.put("a", tmp_path / "big")
    one_line(caught.value)


def test_a_missing_bucket_is_one_line(s3_env: Seaweed) -> None:
    assert s3_env.endpoint
    with closing(open_archive("s3://tidak-ada-di-sini/x")) as archive:
        for verb in (archive.check, lambda: archive.put("a", b"x")):
            with pytest.raises(ArchiveError, match=r"s3://tidak-ada-di-sini/x.*NoSuchBucket"):
                verb()


def test_no_credentials_is_one_line(s3: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ArchiveError, match="wanted AWS credentials") as caught:
        s3.check()
    one_line(caught.value)


def test_an_endpoint_without_a_scheme_is_one_line(
    s3: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "127.0.0.1:8333")
    with pytest.raises(ArchiveError, match="endpoint") as caught:
        s3.check()
    one_line(caught.value)


@pytest.fixture
def deaf() -> Iterator[int]:
    """Listen on a port whose queue is full: connecting to it takes for ever."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def test_an_unreachable_endpoint_is_known_within_20_seconds(
    s3: Archive, monkeypatch: pytest.MonkeyPatch, deaf: int
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://user:rahasia@127.0.0.1:{deaf}")
    started = time.monotonic()
    with pytest.raises(ArchiveError, match=f"127.0.0.1:{deaf}") as caught:
        s3.check()
    one_line(caught.value)
    assert time.monotonic() - started < 20


def test_a_refused_connection_is_one_line(s3: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        with pytest.raises(ArchiveError, match=f"127.0.0.1:{port}") as caught:
            s3.read("a")
    one_line(caught.value)


def test_changed_keys_are_found_by_refresh(s3: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "yang-lama")
    with pytest.raises(ArchiveError):
        s3.check()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "kliping-tests")
    s3.refresh()
    s3.check()
    assert s3.storage_options()["AWS_ACCESS_KEY_ID"] == "kliping-tests"


def test_a_rewritten_credentials_file_is_found_by_refresh(
    s3: Archive, s3_env: Seaweed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    text = "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n"
    file.write_text(text.format(s3_env.access_key, "rahasia-salah"))
    with pytest.raises(ArchiveError):
        s3.check()
    file.write_text(text.format(s3_env.access_key, s3_env.secret_key))
    s3.refresh()
    s3.check()
    assert s3.storage_options()["AWS_SECRET_ACCESS_KEY"] == s3_env.secret_key


class LosesAnswers:
    """A proxy that passes requests on, but hangs up on the first answer to a PUT."""

    def __init__(self, upstream: str) -> None:
        host, port = upstream.removeprefix("http://").split(":")
        self._upstream = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.lost = 0
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                inside, _ = self._listener.accept()
            except OSError:
                return
            with inside, socket.create_connection(self._upstream) as outside:
                self._one(inside, outside)

    def _one(self, inside: socket.socket, outside: socket.socket) -> None:
        """Carry one request and its answer, then close."""
        outside.settimeout(0.5)
        request = b""
        while data := inside.recv(65536):
            request += data
            outside.sendall(data)
            answer = b""
            try:
                while more := outside.recv(65536):
                    answer += more
            except TimeoutError:
                pass
            if answer.startswith(b"HTTP/1.1 100"):
                inside.sendall(answer)
                continue
            if answer and request.startswith(b"PUT") and not self.lost:
                self.lost += 1
                return
            if answer:
                inside.sendall(answer)
                return


def test_a_write_whose_answer_was_lost_is_no_conflict(
    s3: Archive, s3_env: Seaweed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(LosesAnswers(s3_env.endpoint)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        etag = s3.create("leases/uji.json", b"saya")
        assert proxy.lost == 1
        with pytest.raises(ConflictError):
            s3.create("leases/uji.json", b"orang lain")
        s3.close()
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_env.endpoint)
    assert s3.read_with_etag("leases/uji.json") == (b"saya", etag)
