"""Pages of other crawlers' WARC files in an archive: what is taken, once, and what it becomes."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.outlets import Outlet, parse_outlet
from pipelines.process import process
from pipelines.records import Outcome
from pipelines.store.commit import Run
from pipelines.store.config import registry_of
from pipelines.store.given import given
from pipelines.store.importing import Imported, Report, import_warcs
from pipelines.store.reextract import reextract
from pipelines.store.tables import rows
from pipelines.store.warc import digest_of
from tests.pipelines.store.newsroom import NOON, assert_sound, outlet, page, url_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pipelines.records import Page
    from pipelines.store.archive import Archive

MATCH = "[articles]\nmatch = '/berita/'\n"
LAST_YEAR = NOON.replace(year=2025, microsecond=0)


def record(
    of: Page,
    *,
    kind: str = "response",
    head: str = "HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\n",
    payload: bytes | None = None,
    **fields: str | None,
) -> bytes:
    """Write a page as another crawler would; *fields* replace its own, `None` drops one."""
    body = of.payload if payload is None else payload
    block = (head.format(status=of.status) + "\r\n").encode() + body if head else body
    known: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Target-URI": of.final_url,
        "WARC-Date": of.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    known |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in known.items() if value is not None)
    return gzip.compress(f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n", mtime=0)


def revisit(of: Page, at: datetime, **fields: str | None) -> bytes:
    """Write that a page came again at another time."""
    known: dict[str, Any] = {
        "WARC_Payload_Digest": digest_of(of.payload),
        "WARC_Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    }
    return record(replace(of, fetched_at=at), kind="revisit", payload=b"", **{**known, **fields})


def old(name: object, text: str = "Panen padi tahun lalu naik.", *, days: int = 0) -> Page:
    """Return a page that somebody fetched last year, to the second."""
    return page(name, text, fetched_at=LAST_YEAR + timedelta(days=days))


class Desk:
    """An archive, an outlet and a folder of WARC files."""

    def __init__(self, archive: Archive, folder: Path, rules: Outlet) -> None:
        self.archive = archive
        self.folder = folder
        self.rules = rules

    def imports(self, *records: bytes, name: str = "lain.warc.gz", **more: Any) -> Report:  # noqa: ANN401
        """Import one file that holds these records."""
        path = self.folder / name
        path.write_bytes(b"".join(records))
        return self.imports_files(str(path), **more)

    def imports_files(self, *names: str, **more: Any) -> Report:  # noqa: ANN401
        """Import files, folders or objects."""
        return import_warcs(
            self.archive,
            given(names),
            registry=registry_of([self.rules]),
            outlet_of=lambda _: self.rules,
            publish_after=False,
            **more,
        )

    def crawls(self, *pages: Page) -> None:
        """Archive pages as a crawl would."""
        with Run(self.archive, command="crawl", outlet_of=lambda _: self.rules) as run:
            for one in pages:
                capture = run.store(one, self.rules)
                run.settle(capture.capture_id, process(one, self.rules))
            run.commit(everything=True)

    def articles(self) -> list[dict[str, Any]]:
        """Return the archive's articles, which must be sound."""
        return assert_sound(self.archive, self.rules)

    def captures(self) -> list[dict[str, Any]]:
        """Return the archive's captures, oldest first."""
        found: list[dict[str, Any]] = rows(self.archive, "captures").to_pylist()
        return sorted(found, key=lambda row: row["fetched_at"])


@pytest.fixture
def desk(archive: Archive, tmp_path: Path) -> Desk:
    folder = tmp_path / "others"
    folder.mkdir()
    return Desk(archive, folder, outlet(MATCH))


@pytest.fixture
def shelf(tmp_path: Path) -> Desk:
    """Return the same with an archive in a folder only."""
    from pipelines.store.archive import open_archive  # noqa: PLC0415  few tests need it

    folder = tmp_path / "others"
    folder.mkdir()
    return Desk(open_archive(str(tmp_path / "archive")), folder, outlet(MATCH))


def of_outlet(report: Report) -> Imported:
    (one,) = report.outlets
    return one


def counted(report: Report) -> dict[str, int]:
    """Return the counts that are not nought."""
    one = of_outlet(report)
    names = ("records", "kept", "new", "changed", "unchanged", "rejected", "skipped")
    return {name: getattr(one, name) for name in names if getattr(one, name)}


def test_pages_of_registered_outlets_become_captures_and_articles(desk: Desk) -> None:
    foreign = replace(
        old("x"), url="https://lain.example/berita/x", final_url="https://lain.example/berita/x"
    )
    report = desk.imports(record(old("padi")), record(foreign), record(old("jagung", days=1)))
    assert counted(report) == {"records": 2, "kept": 2, "new": 2}
    assert report.faults == ()
    assert {(row["url"], row["fetched_at"]) for row in desk.articles()} == {
        (url_of("padi"), LAST_YEAR),
        (url_of("jagung"), LAST_YEAR + timedelta(days=1)),
    }
    assert {row["command"] for row in rows(desk.archive, "runs").to_pylist()} == {"import"}


def test_nothing_is_taken_twice(desk: Desk) -> None:
    desk.imports(record(old("padi")), record(old("padi")), record(old("jagung")))
    assert len(desk.captures()) == 2
    again = desk.imports(record(old("padi")), record(old("jagung")), name="sama.warc.gz")
    assert counted(again) == {"records": 2, "skipped": 2}
    assert of_outlet(again).reasons == {"known": 2}
    overlapping = desk.imports(record(old("jagung")), record(old("kedelai")))
    assert counted(overlapping) == {"records": 2, "kept": 1, "new": 1, "skipped": 1}
    assert len(desk.captures()) == len(desk.articles()) == 3


def test_a_page_older_than_the_archives_is_a_capture_and_no_revision(desk: Desk) -> None:
    desk.crawls(page("padi", "Panen padi naik lagi."))
    report = desk.imports(record(old("padi", "Panen padi turun.")))
    assert counted(report) == {"records": 1, "kept": 1, "unchanged": 1}
    (row,) = desk.articles()
    assert (row["revision"], row["fetched_at"]) == (1, NOON)
    first = desk.captures()[0]
    assert (first["fetched_at"], first["outcome"], first["reason"]) == (
        LAST_YEAR,
        "unchanged",
        "superseded",
    )
    assert first["article_id"] == row["article_id"]


def test_revisions_follow_the_time_of_fetching_within_a_file(shelf: Desk) -> None:
    newest, middle = old("padi", "Panen ketiga.", days=2), old("padi", "Panen kedua.", days=1)
    report = shelf.imports(record(newest), record(middle), record(old("padi", "Panen pertama.")))
    assert counted(report) == {"records": 3, "kept": 3, "new": 1, "changed": 2}
    revisions = sorted(shelf.articles(), key=lambda row: row["revision"])
    assert [row["fetched_at"].day for row in revisions] == [LAST_YEAR.day + n for n in range(3)]


def test_a_later_page_is_a_revision_of_what_was_crawled(shelf: Desk) -> None:
    shelf.crawls(old("padi", "Panen padi naik."))
    report = shelf.imports(record(page("padi", "Panen padi naik dua kali.")))
    assert counted(report) == {"records": 1, "kept": 1, "changed": 1}
    assert sorted(row["revision"] for row in shelf.articles()) == [1, 2]


def test_the_same_bytes_later_are_a_revisit_and_not_a_second_copy(desk: Desk) -> None:
    desk.imports(record(old("padi")))
    report = desk.imports(record(old("padi", days=3)))
    assert counted(report) == {"records": 1, "kept": 1, "unchanged": 1}
    first, again = desk.captures()
    assert (again["outcome"], again["article_id"]) == ("unchanged", first["article_id"])
    assert again["digest"] == first["digest"]
    assert again["warc_length"] < first["warc_length"]
    assert len(desk.articles()) == 1


def test_the_same_bytes_of_an_earlier_day_stand_for_themselves(shelf: Desk) -> None:
    shelf.imports(record(old("padi", days=3)))
    shelf.imports(record(old("padi")))
    earlier, later = shelf.captures()
    assert (earlier["outcome"], earlier["reason"]) == ("unchanged", "superseded")
    assert earlier["warc_length"] > 0.9 * later["warc_length"]  # a revisit has half as many


def test_what_was_rejected_is_rejected_again(shelf: Desk) -> None:
    gallery = b"<html><h1>Galeri</h1></html>"
    again = [record(old("padi", days=n), payload=gallery) for n in range(2)]
    assert counted(shelf.imports(*again)) == {"records": 2, "kept": 2, "rejected": 2}


def test_a_text_that_came_back_is_a_revision_again(shelf: Desk) -> None:
    shelf.imports(
        record(old("padi", "Pertama.")),
        record(old("padi", "Kedua.", days=1)),
        record(old("padi", "Pertama.", days=2)),
        revisit(old("padi", "Kedua."), LAST_YEAR + timedelta(days=3)),
    )
    found = sorted(shelf.articles(), key=lambda row: row["revision"])
    assert [row["body"].split(".")[0] for row in found] == ["Pertama", "Kedua"] * 2


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="by digest"),
        pytest.param(
            {
                "WARC_Payload_Digest": None,
                "WARC_Refers_To_Target_URI": url_of("padi"),
                "WARC_Refers_To_Date": LAST_YEAR.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            id="by date",
        ),
        pytest.param({"WARC_Payload_Digest": None}, id="the one before"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_revisit_is_kept_where_its_origin_is_at_hand(
    shelf: Desk,
    fields: dict[str, str | None],
    at_once: bool,  # noqa: FBT001  a case
) -> None:
    own, again = record(old("padi")), revisit(old("padi"), LAST_YEAR + timedelta(days=1), **fields)
    if at_once:
        shelf.imports(own, again)
    else:
        shelf.imports(own)
        shelf.imports(again)
    assert counted(shelf.imports(own, again)) == {"records": 2, "skipped": 2}
    (row,) = shelf.articles()
    assert [one["outcome"] for one in shelf.captures()] == ["article", "unchanged"]
    assert {one["article_id"] for one in shelf.captures()} == {row["article_id"]}


def test_a_revisit_without_its_origin_is_skipped(shelf: Desk) -> None:
    report = shelf.imports(revisit(old("padi"), LAST_YEAR))
    assert (counted(report), of_outlet(report).reasons) == (
        {"records": 1, "skipped": 1},
        {"no origin": 1},
    )


def test_a_revisit_of_another_address_gets_the_bytes_of_that(shelf: Desk) -> None:
    other = replace(old("padi-2"), fetched_at=LAST_YEAR + timedelta(days=1))
    again = revisit(
        old("padi"), other.fetched_at, WARC_Target_URI=other.url,
        WARC_Refers_To_Target_URI=url_of("padi"),
    )  # fmt: skip
    report = shelf.imports(record(old("padi")), again)
    assert counted(report) == {"records": 2, "kept": 2, "new": 2}
    assert len({row["content_hash"] for row in shelf.articles()}) == 1


CHUNKED = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
UNFIT = [
    *((record(replace(old("padi"), status=one)), "status") for one in (206, 301, 404, 410, 500)),
    (record(old("padi"), head=""), "no page"),
    (record(old("padi"), head="HTTP/1.1 \u00b2\u00b2\u00b2 OK\r\n"), "status"),
    (record(old("padi"), Kliping_Role="source"), "no page"),
    (record(old("padi"), WARC_Date=None), "undated"),
    (record(old("padi"), WARC_Date="kemarin"), "undated"),
    (record(old("padi"), WARC_Date="0001-01-01T00:00:00+14:00"), "undated"),
    (record(old("padi"), WARC_Date="1989-12-31T00:00:00Z"), "misdated"),
    (record(old("padi"), WARC_Date="2126-01-01T00:00:00Z"), "misdated"),
    (record(old("padi"), WARC_Truncated="length"), "cut off"),
    (record(old("padi"), head=f"{HTML}Content-Length: 9999999\r\n"), "cut off"),
    (record(old("padi"), head="HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"), "type"),
    (record(old("padi"), WARC_Target_URI="https://contoh.id/tentang"), "address"),
    (record(old("padi"), WARC_Target_URI="https://contoh.id/[berita/"), "address"),
    (record(old("padi"), WARC_Target_URI=url_of("padi?page=2")), "part"),
    (record(old("padi"), Content_Length="9"), "damaged"),
    (record(old("padi"), payload=b"x" * 5000), "too large"),
]
"""What is no whole page of an article, and why."""


def test_what_is_no_whole_page_of_an_article_is_skipped(shelf: Desk) -> None:
    written = [one for one, _ in UNFIT]
    report = shelf.imports(*written, record(old("jagung")), largest_bytes=4_000)
    assert of_outlet(report).reasons == Counter(why for _, why in UNFIT)
    expected = {"records": len(UNFIT) + 1, "kept": 1, "new": 1, "skipped": len(UNFIT)}
    assert counted(report) == expected
    assert len(shelf.articles()) == 1


def odd(name: str, **more: Any) -> bytes:  # noqa: ANN401
    """Write a page as `record` does, but for what *more* says."""
    return record(old(name), **more)


WHOLE = old("pecah").payload
CHUNKS = b"1F;x=1\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (WHOLE[:31], len(WHOLE) - 31, WHOLE[31:])
SPELT = {
    "kurung": odd("kurung", WARC_Target_URI=f"<{url_of('kurung')}>"),
    "besar": odd("besar", WARC_Target_URI="HTTPS://Contoh.ID:443/berita/besar#atas"),
    "pecah": odd("pecah", head=CHUNKED, payload=CHUNKS),
    "utuh": odd("utuh", head=CHUNKED),
    "angka": odd("angka", WARC_Date="20251122050000"),
    "nano": odd("nano", WARC_Date="2025-11-22T05:00:00.000000000Z"),
}
"""What other tools write differently."""


def test_what_other_tools_write_differently_is_the_same_page(shelf: Desk) -> None:
    report = shelf.imports(*SPELT.values())
    assert counted(report) == dict.fromkeys(("records", "kept", "new"), len(SPELT))
    found = {(row["url"], row["fetched_at"], row["title"]) for row in shelf.articles()}
    assert found == {(url_of(one), LAST_YEAR, f"Kabar desa nomor {one}") for one in SPELT}
    digests = {digest_of(old(one).payload) for one in SPELT}
    assert digests == {row["digest"] for row in shelf.captures()}


def test_hosts_in_any_script_find_their_outlet(shelf: Desk) -> None:
    toml = (
        'name = "É"\ndomains = ["xn--contoh-gva.id"]\n[[layouts]]\nbody = [".isi"]\ntitle = ["h1"]'
    )
    shelf.rules = parse_outlet(toml, slug="contoh", where="contoh.toml")
    written = record(old("padi"), WARC_Target_URI="https://contohé.id/berita/padi-menguning-é")
    assert counted(shelf.imports(written)) == {"records": 1, "kept": 1, "new": 1}
    (row,) = shelf.articles()
    assert row["url"] == "https://xn--contoh-gva.id/berita/padi-menguning-%C3%A9"


def test_a_page_that_forbids_archiving_is_rejected_and_not_kept(shelf: Desk) -> None:
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: noarchive\r\n"
    report = shelf.imports(record(old("padi"), head=head))
    assert counted(report) == {"records": 1, "rejected": 1}
    assert of_outlet(report).reasons == {"noarchive": 1}
    assert shelf.captures() == []


def test_pages_that_are_no_article_are_kept_for_better_rules(shelf: Desk) -> None:
    report = shelf.imports(record(old("padi"), payload=b"<html><h1>Galeri</h1></html>"))
    assert counted(report) == {"records": 1, "kept": 1, "rejected": 1}
    assert [row["outcome"] for row in shelf.captures()] == ["rejected"]


def test_a_first_part_of_several_is_no_article(shelf: Desk) -> None:
    more = page("padi", aside='<a href="?page=2">Selanjutnya</a>', fetched_at=LAST_YEAR)
    for single in ('{ pages = "?page={n}" }', '{ query = "page=all" }'):
        shelf.rules = outlet(f"{MATCH}single_page = {single}\n")
        report = shelf.imports(record(more))
        assert of_outlet(report).reasons == {"part": 1}
    whole = replace(more, final_url=url_of("padi?page=all"))
    assert counted(shelf.imports(record(whole))) == {"records": 1, "kept": 1, "new": 1}


def test_a_damaged_file_is_named_and_the_others_go_on(shelf: Desk) -> None:
    torn = record(old("padi")) + record(old("jagung"))[:-40]
    (shelf.folder / "a.warc.gz").write_bytes(torn)
    (shelf.folder / "b.warc").write_bytes(b"")
    (shelf.folder / "c.warc.gz").write_bytes(record(old("kedelai")))
    report = shelf.imports_files(str(shelf.folder))
    assert len(shelf.articles()) == 2
    first, second = report.faults
    assert first.startswith(f"{shelf.folder}/a.warc.gz: wanted the rest of a gzip member")
    assert first.endswith("read 1 whole records, kept 1 pages")
    assert second.startswith(f"{shelf.folder}/b.warc: wanted WARC records, found none")


def test_objects_of_a_bucket_are_read(shelf: Desk, bucket: str) -> None:
    from pipelines.store.archive import open_archive  # noqa: PLC0415  as in `shelf`

    place = open_archive(f"s3://{bucket}")
    place.put("news/2025/11.warc.gz", record(old("padi")))
    place.put("news/2025/12.warc.gz", record(old("jagung")))
    place.put("news/2025/12.txt", b"x")
    place.close()
    for name in ("news/2025/11.warc.gz", "news", "news/2025/", "news/2025/12"):
        shelf.imports_files(f"s3://{bucket}/{name}")
    assert len(shelf.captures()) == len(shelf.articles()) == 2


def test_a_rehearsal_counts_and_stores_nothing(shelf: Desk) -> None:
    shelf.crawls(page("padi"))
    records = [
        record(old("padi", "Lama.")),
        record(old("jagung", "Satu.")),
        record(old("jagung", "Dua.", days=1)),
        record(old("jagung", "Dua.", days=2)),
        record(old("galeri"), payload=b"<html></html>"),
    ]
    rehearsed = shelf.imports(*records, dry_run=True)
    assert len(shelf.captures()) == 1
    assert rehearsed == shelf.imports(*records)
    counts = {"new": 1, "changed": 1, "unchanged": 2, "rejected": 1}
    assert counted(rehearsed) == {"records": 5, "kept": 5, **counts}


def test_imported_captures_can_be_read_again_by_newer_rules(desk: Desk) -> None:
    desk.crawls(page("padi"))
    desk.imports(record(old("padi", "Lama.")), record(old("jagung")), record(old("jagung", days=1)))
    desk.rules = outlet(MATCH + "[clean]\ndrop_lines = ['Rapat berikutnya']\n")
    (done,) = reextract(desk.archive, [], outlet_of=lambda _: desk.rules, publish_after=False)
    assert (done.captures, done.extracted) == (2, 2)
    newest = [row for row in desk.articles() if row["extraction"] == 2]
    assert {(row["url"], row["revision"], row["fetched_at"]) for row in newest} == {
        (url_of("padi"), 1, NOON),
        (url_of("jagung"), 1, LAST_YEAR),
    }
    assert all("Rapat" not in row["body"] for row in newest)


def test_what_a_dead_import_left_is_committed_and_not_taken_again(desk: Desk) -> None:
    with Run(desk.archive, command="import", outlet_of=lambda _: desk.rules, by_clock=True) as run:
        run.store(old("padi"), desk.rules)  # and here it died
        capture = run.store(old("jagung"), desk.rules)
        run.settle(capture.capture_id, process(old("jagung"), desk.rules))
    report = desk.imports(record(old("padi")), record(old("jagung")), record(old("kedelai")))
    assert counted(report) == {"records": 3, "kept": 1, "new": 1, "skipped": 2}
    assert len(desk.captures()) == len(desk.articles()) == 3


def test_what_a_run_died_over_before_it_was_read_is_taken_again(shelf: Desk) -> None:
    shelf.rules = outlet(f'{MATCH}single_page = {{ pages = "?hal={{n}}" }}\n')
    with Run(shelf.archive, command="import", outlet_of=lambda _: shelf.rules) as run:
        run.store(old("padi"), shelf.rules)
    report = shelf.imports(record(old("padi")))
    assert counted(report) == {"records": 1, "kept": 1, "new": 1}
    assert [row["outcome"] for row in shelf.captures()].count(Outcome.ERROR) == 1


def test_klipings_own_files_are_the_same_captures(shelf: Desk) -> None:
    shelf.crawls(page("padi"), page("jagung"))
    segments = sorted(shelf.folder.parent.glob("archive/warc/**/*.warc.gz"))
    report = shelf.imports_files(*map(str, segments))
    assert of_outlet(report).reasons == {"known": 2}
    elsewhere = Desk(_archive_in(shelf.folder / "neu"), shelf.folder, shelf.rules)
    elsewhere.imports_files(*map(str, segments))
    assert {(row["url"], row["fetched_at"], row["content_hash"]) for row in shelf.articles()} == {
        (row["url"], row["fetched_at"], row["content_hash"]) for row in elsewhere.articles()
    }


def _archive_in(folder: Path) -> Archive:
    from pipelines.store.archive import open_archive  # noqa: PLC0415  as in `shelf`

    return open_archive(str(folder))


def test_a_rehearsal_in_several_commits_knows_what_is_older(
    shelf: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.store.taking.COMMITTED", 1)
    shelf.crawls(page("padi", "Hari ini."))
    more = [record(old("padi", f"Hari {n}.", days=n)) for n in range(3)]
    rehearsed = shelf.imports(*more, record(page("jagung")), dry_run=True)
    assert counted(rehearsed) == {"records": 4, "kept": 4, "new": 1, "unchanged": 3}


def test_commits_in_between_lose_and_double_nothing(
    shelf: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.store.taking.COMMITTED", 1)
    days = [record(old("padi", f"Hari {n}.", days=n)) for n in range(3)]
    report = shelf.imports(*days, *days, revisit(old("padi", "Hari 0."), LAST_YEAR + timedelta(5)))
    assert counted(report) == {"records": 7, "kept": 4, "new": 1, "changed": 3, "skipped": 3}
    assert sorted(row["revision"] for row in shelf.articles()) == [1, 2, 3, 4]
