"""The demo site over HTTP, and what `process` makes of its articles."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin
from urllib.request import ProxyHandler, build_opener
from urllib.robotparser import RobotFileParser

import feedparser
import pytest
from lxml import etree, html

from crawler.demo import DemoSite, serve
from crawler.demo.markup import BLOCK_STYLES, READ_ALSO, TEXT_STYLES, blocks_in, read_also
from crawler.demo.posts import HIDDEN, SITE, Post, changed_at, posts_at
from pipelines.errors import UsageError
from pipelines.process import process
from pipelines.records import Article, Page, Rejected
from pipelines.store.config import load_registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
SEED = "menteri-luar-negeri-iran-bertemu-pemimpin-hamas-di-doha"
EDITED = "harga-beras-medium-di-pasar-induk-mulai-turun"
GONE = "pemadaman-listrik-bergilir-di-tiga-kecamatan-dibatalkan"
NEW = {
    "jalur-pendakian-gunung-dibuka-lagi-dengan-kuota-harian",
    "harga-cabai-rawit-naik-petani-pilih-panen-bertahap",
}


class Answer:
    """What the site answered, redirects not followed."""

    def __init__(
        self, site: DemoSite, target: str, method: str, headers: Mapping[str, str]
    ) -> None:
        connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request(method, target, headers={**headers, "Connection": "close"})
        response = connection.getresponse()
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        connection.close()

    def xml(self) -> etree._Element:
        return etree.fromstring(self.body, etree.XMLParser(resolve_entities=False))

    def locations(self) -> dict[str, str]:
        """Return loc -> lastmod."""
        return {one.findtext("{*}loc", ""): one.findtext("{*}lastmod", "") for one in self.xml()}


class Reader:
    """Asks a demo site as a crawler does, in absolute form."""

    def __init__(self, site: DemoSite, *, base: str = SITE) -> None:
        self.site = site
        self.base = base

    def get(self, url: str, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(self.site, urljoin(self.base, url), method, named)

    def followed(self, url: str) -> tuple[str, Answer]:
        """Return where redirects lead and what is there."""
        for _ in range(3):
            answer = self.get(url)
            if answer.status != 301:
                return url, answer
            url = urljoin(url, answer.headers["Location"])
        raise AssertionError(f"{url}: redirected more than twice")

    def articles(self) -> dict[str, Answer]:
        """Return every article that the sitemap leads to, by its final address."""
        listed = self.get("/post-sitemap.xml").locations()
        return dict(self.followed(url) for url in listed)


@pytest.fixture(scope="module")
def day_one() -> Iterator[Reader]:
    with serve() as site:
        yield Reader(site)


@pytest.fixture(scope="module")
def day_two() -> Iterator[Reader]:
    with serve(stage=2) as site:
        yield Reader(site)


@pytest.fixture(params=[1, 2])
def staged(request: pytest.FixtureRequest) -> tuple[int, Reader]:
    stage: int = request.param
    return stage, request.getfixturevalue(f"day_{('one', 'two')[stage - 1]}")


def strings(body: bytes, xpath: str) -> list[str]:
    found = html.fromstring(body).xpath(xpath)
    assert isinstance(found, list)
    return [str(one) for one in found]


def listed_at(stage: int) -> list[Post]:
    return [post for post in posts_at(stage) if not post.is_gone]


# The server.


def test_both_forms_of_a_request_target_give_the_same(day_one: Reader) -> None:
    opener = build_opener(ProxyHandler({"http": day_one.site.local_url}))
    with opener.open(f"{SITE}/feed/") as absolute:
        as_proxy = absolute.read()
    origin = HTTPConnection("127.0.0.1", day_one.site.port, timeout=10)
    origin.request("GET", "/feed/", headers={"Connection": "close"})
    assert as_proxy == origin.getresponse().read()
    origin.close()


def test_another_host_is_not_answered_for(day_one: Reader) -> None:
    assert day_one.get("http://contoh.id/feed/").status == 421


def test_an_unknown_address_is_not_found(day_one: Reader) -> None:
    for path in ("/nusantara/tidak-pernah-ada-berita-ini/", "/?p=99999", "/category/nihil/"):
        assert day_one.get(path).status == 404, path


def test_head_is_get_without_the_body(day_one: Reader) -> None:
    head, full = day_one.get("/feed/", "HEAD"), day_one.get("/feed/")
    assert head.body == b""
    for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type"):
        assert full.headers[name] == head.headers[name]


def test_requests_are_logged_in_order() -> None:
    with serve() as site:
        reader = Reader(site)
        tag = reader.get("/feed/").headers["ETag"]
        reader.get("/feed/", If_None_Match=tag)
        reader.get("/nihil")
        expected = [("/feed/", 200, False), ("/feed/", 304, True), ("/nihil", 404, False)]
        assert expected == [(one.path, one.status, one.is_conditional) for one in site.requests]


@pytest.mark.timeout(20)  # an idle connection would be waited for a minute
def test_a_connection_left_open_does_not_keep_the_server() -> None:
    with serve() as site:
        connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request("GET", "/feed/")
        assert connection.getresponse().read()
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", site.port, timeout=10).connect()


def test_there_are_two_stages() -> None:
    with pytest.raises(UsageError, match="wanted stage 1 or 2, found 3"), serve(stage=3):
        pass


def test_a_browser_stays_on_the_local_site() -> None:
    command = [sys.executable, "-m", "crawler.demo", "--stage", "2", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", running.stdout.readline())
            assert found
            reader = Reader(DemoSite(int(found[1])), base=found[0])
            path = strings(reader.get("/").body, "//main//h3/a/@href")[0]
            assert path == "/nusantara/jalur-pendakian-gunung-dibuka-lagi-dengan-kuota-harian/"
            assert reader.get(path).status == 200
            for moved in ("/?p=1195", path.removesuffix("/")):
                assert path == reader.get(moved).headers["Location"]
        finally:
            running.terminate()


# What it says.


def test_validators_save_a_second_transfer(staged: tuple[int, Reader]) -> None:
    _, reader = staged
    paths = [
        "/",
        "/page/2/",
        "/category/nusantara/",
        "/feed/",
        "/robots.txt",
        "/sitemap_index.xml",
        "/post-sitemap.xml",
        "/page-sitemap.xml",
        "/category-sitemap.xml",
        "/tentang-kami/",
        *(post.path for post in posts_at(1) if post.stays),
    ]
    for path in paths:
        first = reader.get(path)
        tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        assert (first.status, tag[0], bool(first.body)) == (200, '"', True), path
        for header in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
            again = reader.get(path, **header)
            assert (304, b"", tag) == (again.status, again.body, again.headers["ETag"]), path
        # A tag is stronger than a date (RFC 9110, section 13.2.2).
        other = reader.get(path, If_None_Match='"x"', If_Modified_Since=modified)
        assert other.status == 200, path
        earlier = reader.get(path, If_Modified_Since="Sun, 01 Jan 2023 00:00:00 GMT")
        assert (200, first.body) == (earlier.status, earlier.body), path


def test_every_link_of_the_site_leads_somewhere(staged: tuple[int, Reader]) -> None:
    _, reader = staged
    todo, seen, broken = ["/"], {f"{SITE}/"}, []
    while todo:
        url, answer = reader.followed(todo.pop())
        if answer.status != 200:
            broken.append(url)
        elif answer.headers["Content-Type"].startswith("text/html"):
            links = {urljoin(url, one) for one in strings(answer.body, "//@href | //img/@src")}
            fresh = {one for one in links if one.startswith(SITE)} - seen
            seen |= fresh
            todo += sorted(fresh)
    assert broken == []
    shown = {post.url for post in listed_at(staged[0]) if post.category != HIDDEN}
    assert shown <= seen


def test_listings_have_pages(day_one: Reader) -> None:
    first = day_one.get("/category/nusantara/")
    assert f'href="{SITE}/category/nusantara/page/2/"'.encode() in first.body
    found: list[str] = []
    for page in ("", "page/2/"):
        body = day_one.get(f"/category/nusantara/{page}").body
        found += strings(body, "//div[@class='jeg_posts jeg_load_more_flag']//h3/a/@href")
    expected = [post.url for post in listed_at(1) if post.category == "nusantara"]
    assert expected == found
    assert day_one.get("/category/nusantara/page/3/").status == 404
    assert day_one.get("/category/nusantara/page/1/").status == 301
    slashless = day_one.get("/category/nusantara")
    expected_place = (301, f"{SITE}/category/nusantara/")
    assert expected_place == (slashless.status, slashless.headers["Location"])


def test_a_number_redirects_to_its_post(staged: tuple[int, Reader]) -> None:
    stage, reader = staged
    for post in listed_at(stage):
        answer = reader.get(f"/?p={post.id}")
        assert (301, post.url) == (answer.status, answer.headers["Location"])


def test_the_feed_holds_the_last_ten(staged: tuple[int, Reader]) -> None:
    stage, reader = staged
    found = feedparser.parse(reader.get("/feed/").body)
    assert not found.bozo, found.get("bozo_exception")
    shown = [post for post in listed_at(stage) if post.category != HIDDEN][:10]
    assert [post.url for post in shown] == [one.link for one in found.entries]
    for post, entry in zip(shown, found.entries, strict=True):
        assert post.title == entry.title
        assert ", ".join(post.authors) == entry.author
        assert [post.category.capitalize(), *post.tags] == [one.term for one in entry.tags]
        assert post.published_at == parsedate_to_datetime(entry.published)
        assert f"{SITE}/?p={post.id}" == entry.id
        assert blocks_in(post.body)[-1].lines[0][:20] in entry.content[0].value
    assert changed_at(stage) == parsedate_to_datetime(found.feed.updated)


def test_the_sitemaps_list_everything(staged: tuple[int, Reader]) -> None:
    stage, reader = staged
    index = reader.get("/sitemap_index.xml").locations()
    names = [f"{SITE}/{kind}-sitemap.xml" for kind in ("post", "page", "category")]
    assert names == list(index)
    assert changed_at(stage) == datetime.fromisoformat(index[names[0]])
    lastmods = {reader.followed(url)[0]: moment
                for url, moment in reader.get(names[0]).locations().items()}  # fmt: skip
    expected = {post.url: post.modified_at for post in listed_at(stage)}
    assert expected == {url: datetime.fromisoformat(one) for url, one in lastmods.items()}
    pages = reader.get(names[1]).locations()
    assert {f"{SITE}/", f"{SITE}/tentang-kami/", f"{SITE}/pedoman-media-siber/"} == set(pages)
    categories = reader.get(names[2]).locations()
    assert len(categories) == len({post.category for post in listed_at(stage)} - {HIDDEN})
    assert all(reader.get(url).status == 200 for url in (*pages, *categories))


def test_one_listed_address_is_an_old_one(staged: tuple[int, Reader]) -> None:
    _, reader = staged
    listed = reader.get("/post-sitemap.xml").locations()
    moved = [url for url in listed if reader.get(url).status == 301]
    assert moved == [f"{SITE}/berita/pelajar-dan-petambak-tanam-mangrove-di-delta/"]


def test_robots_forbid_a_folder_that_the_sitemap_lists(day_one: Reader) -> None:
    text = day_one.get("/robots.txt").body.decode()
    assert "Crawl-delay: 0.1\n" in text
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    assert robots.site_maps() == [f"{SITE}/sitemap_index.xml"]
    listed = day_one.get("/post-sitemap.xml").locations()
    forbidden = [url for url in listed if not robots.can_fetch("Kliping/0.1", url)]
    assert forbidden == [f"{SITE}/{HIDDEN}/jadwal-piket-redaksi-untuk-pekan-mendatang/"]
    assert day_one.get(forbidden[0]).status == 200


def test_a_day_later_one_is_edited_one_gone_and_two_new(day_one: Reader, day_two: Reader) -> None:
    before, after = day_one.articles(), day_two.articles()
    slugs = {url.split("/")[-2]: url for url in (*before, *after)}
    assert {slugs[one] for one in NEW} == after.keys() - before.keys()
    assert {slugs[GONE]} == before.keys() - after.keys()
    assert day_two.get(slugs[GONE]).status == 410
    both = before.keys() & after.keys()
    changed = {url for url in both if before[url].body != after[url].body}
    assert {slugs[EDITED]} == changed
    for url in both - changed:
        for name in ("ETag", "Last-Modified"):
            assert before[url].headers[name] == after[url].headers[name]
    assert all(answer.status == 200 for answer in (*before.values(), *after.values()))
    assert GONE.encode() in day_one.get("/feed/").body
    assert GONE.encode() not in day_two.get("/feed/").body


def test_the_edit_changes_words_and_the_time_and_nothing_else(
    day_one: Reader, day_two: Reader
) -> None:
    path = f"/ekonomi/{EDITED}/"
    old, new = day_one.get(path), day_two.get(path)
    text = old.body.decode()
    text = text.replace("dua ratus rupiah menjadi Rp12.900", "tiga ratus rupiah menjadi Rp12.800")
    text = text.replace("2026-11-19T11:02:21+00:00", "2026-11-20T14:15:02+00:00")
    assert text == new.body.decode()
    assert old.headers["ETag"] != new.headers["ETag"]
    assert new.headers["Last-Modified"] == "Fri, 20 Nov 2026 14:15:02 GMT"


# The posts.


def test_there_are_about_thirty_of_many_lengths() -> None:
    posts = [post for post in listed_at(1) if post.category != HIDDEN]
    assert len(posts) == 30
    assert len({post.id for post in posts}) == len(posts)
    sizes = {len(blocks_in(post.body)) for post in posts}
    assert len(sizes) >= 6


def test_every_form_of_read_also_is_somewhere() -> None:
    used = {inner.split("|")[0] for post in posts_at(1) for inner in READ_ALSO.findall(post.body)}
    assert BLOCK_STYLES.keys() | TEXT_STYLES.keys() == used
    labels = {inner.split("|")[1] for post in posts_at(1) for inner in READ_ALSO.findall(post.body)}
    for label in ("Baca Juga :", "Baca Juga", "BACA JUGA :", "Baca:", "Simak juga:", "Lihat juga:"):
        assert label in labels
    assert any(label.startswith("Baca artikel ") for label in labels)


def test_the_seed_is_there_word_for_word() -> None:
    file = ROOT.parent / "shared" / "seed" / "purnawarta-2023-10-31.txt"
    if not file.is_file():
        pytest.skip(f"no {file}")
    (post,) = [post for post in posts_at(1) if post.slug == SEED]
    lines = []
    for block in blocks_in(post.body):
        if block.kind == "read_also":
            found = read_also(block.lines[0], {})
            lines.append(f"{found.label} {found.titles[0][0]}")
        else:
            lines.extend(block.lines)
    assert file.read_text(encoding="utf-8").strip().splitlines() == lines


# What `process` makes of them.

FORMS = {
    **dict.fromkeys(("own", "linked", "bold", "heading", "quote"), "own_paragraph"),
    "plain": "own_line",
    **dict.fromkeys(("paren", "inparen"), "parenthesised"),
    **dict.fromkeys(("inline", "inlink"), "inline"),
    "glued": "glued",
    "list": "list",
    **dict.fromkeys(("box", "aside", "table"), "box"),
}


class Expected:
    """What stands in a post's file, as `process` should give it."""

    def __init__(self, post: Post, posts: Mapping[str, Post]) -> None:
        self.body: list[str] = []
        self.related: list[tuple[str, str | None, str]] = []
        self.removed: list[str] = []
        self.posts = posts
        for block in blocks_in(post.body):
            if block.kind == "read_also":
                self.take(block.lines[0])
            elif block.kind in ("caption", "promo", "signoff"):
                self.removed.append(block.lines[0])
            elif block.kind == "editor":
                self.removed.append(f"Editor: {post.editor}")
            elif block.kind != "ads":
                self.body.extend(self.line(one) for one in block.lines)

    @classmethod
    def of(cls, post: Post, stage: int) -> Self:
        return cls(post, {one.slug: one for one in posts_at(stage)})

    def take(self, inner: str) -> None:
        found = read_also(inner, self.posts)
        self.related.extend((title, url, FORMS[found.style]) for title, url in found.titles)

    def line(self, text: str) -> str:
        for inner in READ_ALSO.findall(text):
            self.take(inner)
        text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", READ_ALSO.sub("", text))
        return " ".join(text.replace("|", " ").split())


def cases() -> list[tuple[int, str]]:
    second = [(2, slug) for slug in sorted((*NEW, EDITED))]
    return [(1, post.slug) for post in listed_at(1) if post.category != HIDDEN] + second


@pytest.fixture(scope="module")
def extracted(day_one: Reader, day_two: Reader) -> Mapping[tuple[int, str], Article | Rejected]:
    outlet = load_registry().get("demo")
    found = {}
    for stage, slug in cases():
        (post,) = [one for one in posts_at(stage) if one.slug == slug]
        assert outlet.is_article(post.url)
        answer = (day_one, day_two)[stage - 1].get(post.path)
        page = Page(
            url=post.url,
            final_url=post.url,
            status=answer.status,
            headers=tuple(answer.headers.items()),
            payload=answer.body,
            fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
        found[stage, slug] = process(page, outlet)
    return found


@pytest.mark.parametrize(("stage", "slug"), cases())
def test_an_article_is_what_its_file_says(
    stage: int, slug: str, extracted: Mapping[tuple[int, str], Article | Rejected]
) -> None:
    (post,) = [one for one in posts_at(stage) if one.slug == slug]
    article = extracted[stage, slug]
    assert isinstance(article, Article), article
    expected = Expected.of(post, stage)
    assert expected.body == article.body.split("\n")
    assert expected.related == [(one.title, one.url, one.form) for one in article.related]
    removed = [one.text for one in article.removed]
    assert [text for text in expected.removed if text not in removed] == []
    assert (post.url, post.title) == (article.url, article.title)
    assert (post.subtitle or None) == article.subtitle
    # "Redaksi" is nobody's name.
    assert tuple(name for name in post.authors if name != "Redaksi") == article.authors
    assert tuple(filter(None, [post.editor])) == article.editors
    edited = post.modified_at - post.published_at > timedelta(minutes=1)
    assert post.published_at == article.published_at
    assert article.modified_at == (post.modified_at if edited else None)
    assert post.published_at.date() == article.published_on
    assert article.published_precision == "second"
    assert (post.category.capitalize(), post.tags) == (article.section, article.tags)
    assert post.dateline == article.dateline
    assert article.language == "id"
    assert article.image_url == f"{SITE}/wp-content/uploads/{post.published_at:%Y/%m}/{slug}.png"


def test_nothing_that_is_no_article_passes_for_one() -> None:
    outlet = load_registry().get("demo")
    paths = (
        *("/", "/page/2/", "/category/nusantara/", "/category/nusantara/page/2/", "/feed/"),
        *("/tag/harga-pangan/", "/author/rini-astuti/", "/tentang-kami/", "/?p=1189"),
    )
    assert [path for path in paths if outlet.is_article(SITE + path)] == []


def test_the_demo_is_crawled_by_name_only() -> None:
    outlet = load_registry().get("demo")
    assert (outlet.enabled, outlet.verified, outlet.allow_private_network) == (False, True, True)
    assert (outlet.fetch.delay_s, outlet.fetch.concurrency) == (0.0, 4)
