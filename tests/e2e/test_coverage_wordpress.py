"""Every post of a real WordPress, once, soon, at little cost; edits and deletions noticed.

Requests are counted by the web server's own log.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import kliping_of
from tests.e2e.wordpress.posts import AUTHORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.crawler.conftest import Kliping
    from tests.e2e.wordpress.site import WordPress

_REQUEST = re.compile(r'"GET (\S+) HTTP')
_POST = re.compile(r"/\d{4}/\d{2}/\d{2}/")
_MARK = "<p>Redaksi menambahkan keterangan baru pada sore hari.</p>"


class Log:
    """What the site was asked for by Kliping since the last look."""

    def __init__(self, wordpress: WordPress) -> None:
        self.path = wordpress.folder / "nginx.log"
        self.seen = len(self._lines())

    def _lines(self) -> list[str]:
        return [line for line in self.path.read_text().splitlines() if "Kliping" in line]

    def take(self) -> list[str]:
        """Return the paths asked for, in order."""
        lines = self._lines()
        new, self.seen = lines[self.seen :], len(lines)
        return [found[1] for line in new if (found := _REQUEST.search(line))]


def is_post(path: str) -> bool:
    return _POST.match(path) is not None


@pytest.fixture
def log(wordpress: WordPress) -> Log:
    return Log(wordpress)


@pytest.fixture
def kliping_for(tmp_path: Path, wordpress: WordPress) -> Callable[..., Kliping]:
    """Return a maker of the command, with the WordPress as its one outlet."""

    def make(content: str = "page", **discover: bool | list[str]) -> Kliping:
        text = wordpress.outlet(**discover)
        text = text.replace("[articles]\n", f'[articles]\ncontent = "{content}"\n')
        return kliping_of(tmp_path, text, str(tmp_path / "archive"))

    return make


@pytest.fixture
def changes(wordpress: WordPress) -> Iterator[Changes]:
    """Edit, create and delete posts; afterwards the site is as it was."""
    made = Changes(wordpress)
    yield made
    made.undo()


class Changes:
    """What a test does to the site."""

    def __init__(self, wordpress: WordPress) -> None:
        self.wordpress = wordpress
        self._edited: dict[int, str] = {}
        self._made: list[dict[str, Any]] = []

    def create(self, count: int) -> None:
        for number in range(count):
            title = f"Warta Sela Nomor {number} dari Lereng Utara"
            body = "".join(
                f"<p>Paragraf {part} tentang panen ke-{number} di desa itu, ditulis utuh.</p>"
                for part in range(6)
            )
            self._made.append(self.wordpress.create_post(title, body))

    def edit(self, posts: list[dict[str, Any]]) -> None:
        for post in posts:
            content = post["content"]["rendered"]
            self._edited[post["id"]] = content
            self.wordpress.edit_post(post["id"], content=content + _MARK)

    def delete(self) -> None:
        while self._made:
            self.wordpress.delete_post(self._made.pop()["id"])

    def undo(self) -> None:
        self.delete()
        for number, content in self._edited.items():
            self.wordpress.edit_post(number, content=content)


def rows_of(kliping: Kliping) -> dict[str, int]:
    (found,) = kliping.rows(
        "SELECT count(*) AS rows, count(DISTINCT article_id) AS articles, "
        "count(*) FILTER (revision = 2) AS second, max(revision) AS newest FROM articles"
    )
    return found


def gone_in(kliping: Kliping) -> int:
    (found,) = kliping.rows("SELECT count(*) AS n FROM latest WHERE gone_at IS NOT NULL")
    return int(found["n"])


def test_feed_sitemap_and_listing_give_every_post_once(
    kliping_for: Callable[..., Kliping], wordpress: WordPress, log: Log, changes: Changes
) -> None:
    kliping = kliping_for(
        wordpress=False,
        feeds=[f"{wordpress.url}/feed/"],
        sitemaps=[f"{wordpress.url}/wp-sitemap.xml"],
        listings=[f"{wordpress.url}/page/{{page}}/"],
    )
    changes.create(5)
    count = wordpress.count + 5
    (first,) = kliping.lines("crawl", "wp", "--json")
    assert (first["new"], first["errors"]) == (count, 0)
    assert rows_of(kliping) == {"rows": count, "articles": count, "second": 0, "newest": 1}
    asked = log.take()
    posts = [path for path in asked if is_post(path)]
    assert len(posts) <= 1.03 * count
    assert len(asked) - len(posts) <= 10
    kliping("crawl", "wp", "--json")
    assert len(log.take()) <= 5
    changes.edit(wordpress.posts()[10:30])
    changes.delete()
    # No lastmod: the sitemap tells of what is gone, only a second look of what was edited.
    (again,) = kliping.lines("crawl", "wp", "--json")
    assert (again["new"], gone_in(kliping)) == (0, 5)
    kliping("recheck", "wp")
    assert rows_of(kliping) == {
        "rows": count + 20,
        "articles": count,
        "second": 20,
        "newest": 2,
    }


def test_the_api_alone_gives_every_post_once(
    kliping_for: Callable[..., Kliping], wordpress: WordPress, log: Log, changes: Changes
) -> None:
    kliping = kliping_for(wordpress=True)
    changes.create(5)
    count = wordpress.count + 5
    (first,) = kliping.lines("crawl", "wp", "--json")
    assert (first["new"], first["errors"]) == (count, 0)
    asked = log.take()
    assert len([path for path in asked if is_post(path)]) <= 1.03 * count
    assert len(asked) - count <= 6
    kliping("crawl", "wp", "--json")
    assert len(log.take()) <= 5
    changes.edit(wordpress.posts()[10:30])
    changes.delete()
    (again,) = kliping.lines("crawl", "wp", "--json")
    assert (again["new"], again["changed"], gone_in(kliping)) == (0, 20, 5)
    assert rows_of(kliping) == {
        "rows": count + 20,
        "articles": count,
        "second": 20,
        "newest": 2,
    }


def test_whole_posts_come_a_hundred_at_a_time(
    kliping_for: Callable[..., Kliping], wordpress: WordPress, log: Log, changes: Changes
) -> None:
    kliping = kliping_for("wordpress", wordpress=True)
    changes.create(5)
    count = wordpress.count + 5
    (first,) = kliping.lines("crawl", "wp", "--json")
    assert (first["new"], first["errors"]) == (count, 0)
    assert len(log.take()) <= 0.02 * count
    names = {name: name for name in AUTHORS}  # the owner's, `redaksi`, is nobody's
    expected = {
        post["link"]: (names.get(post["_embedded"]["author"][0]["name"]), post["date_gmt"])
        for post in wordpress.posts()
    }
    found = kliping.rows("SELECT url, authors[1] AS author, published_at AS at FROM latest")
    assert {row["url"]: (row["author"], row["at"][:19]) for row in found} == expected
    posts = wordpress.posts()
    changes.edit([*posts[10:29], posts[200]])  # one is beyond the newest hundred
    changes.delete()
    (again,) = kliping.lines("crawl", "wp", "--json")
    assert (again["new"], again["changed"], gone_in(kliping)) == (0, 20, 5)
    assert len(log.take()) <= 4 + 5
    kliping("crawl", "wp", "--json")
    assert len(log.take()) <= 5
    assert kliping.lines("reextract", "wp", "--json")[0]["extracted"] == 0


def test_a_backfill_killed_five_times_repeats_next_to_nothing(
    kliping_for: Callable[..., Kliping], wordpress: WordPress, log: Log
) -> None:
    kliping = kliping_for(wordpress=True)
    draw = random.Random(5)  # noqa: S311  no secret
    asked: list[str] = []
    command = [sys.executable, "-m", "crawler", "backfill", "wp", "--since", "2015-01-01"]
    for _ in range(5):
        wanted = draw.randint(25, 45)
        process = subprocess.Popen(
            command,
            cwd=kliping.root(),
            env={**os.environ, **kliping.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        got: list[str] = []
        ends = time.monotonic() + 90
        while len(got) < wanted and process.poll() is None and time.monotonic() < ends:
            time.sleep(0.02)
            got += log.take()
        process.kill()
        process.wait()
        asked += got + log.take()
    (last,) = kliping.lines("backfill", "wp", "--since", "2015-01-01", "--json")
    asked += log.take()
    assert last["errors"] == 0
    repeated = sum(number - 1 for number in Counter(asked).values())
    assert repeated <= 0.05 * len(asked), repeated
    assert rows_of(kliping)["rows"] == wordpress.count
    expected = sorted(post["link"] for post in wordpress.posts())
    assert sorted(row["url"] for row in kliping.rows("SELECT url FROM latest")) == expected


def test_an_address_that_wordpress_guesses_about_stores_no_wrong_row(
    kliping_for: Callable[..., Kliping], wordpress: WordPress
) -> None:
    kliping = kliping_for(wordpress=True)
    kept = wordpress.posts()[0]
    # Begins like another's: WordPress leads its readers there once it is deleted.
    slug = kept["slug"][: len(kept["slug"]) // 2]
    body = "".join(f"<p>Paragraf ke-{n} dari tulisan yang segera dihapus.</p>" for n in range(6))
    made = wordpress.create_post("Tulisan yang Segera Dihapus", body, slug=slug, date=kept["date"])
    try:
        kliping("recrawl", kept["link"], made["link"])
    finally:
        wordpress.delete_post(made["id"])
    (gone,) = kliping.lines("recrawl", made["link"], "--json")
    assert (gone["status"], gone["reason"]) == ("gone", "moved")
    assert gone_in(kliping) == 1
    unknown = kept["link"].rstrip("/")[:-4] + "/"
    kliping.run("recrawl", unknown)
    assert rows_of(kliping) == {"rows": 2, "articles": 2, "second": 0, "newest": 1}


def test_a_limit_holds_for_whole_posts(
    kliping_for: Callable[..., Kliping], wordpress: WordPress, log: Log
) -> None:
    kliping = kliping_for("wordpress", wordpress=True)
    (first,) = kliping.lines("crawl", "wp", "--limit", "3", "--json")
    (second,) = kliping.lines("crawl", "wp", "--limit", "4", "--json")
    assert (first["new"], second["new"]) == (3, 4)
    newest = [post["link"] for post in wordpress.posts()[:7]]
    assert sorted(row["url"] for row in kliping.rows("SELECT url FROM latest")) == sorted(newest)
    assert len(log.take()) <= 10
