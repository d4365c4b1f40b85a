"""`kliping outlets draft` against loopback sites of different make."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.cli import main
from crawler.demo.site import serve
from crawler.outlets import check_examples
from pipelines.store.config import load_registry
from tests.crawler.conftest import Kliping, Site
from tests.pipelines.test_draft import paragraphs, slug, title

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = 9
XML = "application/xml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Make a configuration folder with the repository's families and no outlet."""
    folder = tmp_path / "config"
    (folder / "outlets").mkdir(parents=True)
    families = Kliping.root() / "config" / "outlets" / "families"
    shutil.copytree(families, folder / "outlets" / "families")
    (folder / "kliping.toml").write_text("[politeness]\ndelay_s = 0.0\nconcurrency = 8\n")
    return folder


@pytest.fixture
def kliping(config: Path) -> Kliping:
    return Kliping(
        config, "", {"KLIPING_CONFIG": str(config), "KLIPING_ARCHIVE": "/nowhere/at/all"}
    )


def draft(kliping: Kliping, url: str, *more: str, code: int = 0) -> str:
    return kliping("outlets", "draft", url, "--allow-private-network", *more, code=code)


def theme(n: int, body: str, head: str = "") -> str:
    return (
        f"<html lang=id><head><title>{title(n)} - Suara Lembah</title>{head}</head><body><nav>"
        "<a href='/'>Beranda</a><a href='/tentang-kami/'>Tentang Kami</a></nav>"
        f"<h1>{title(n)}</h1>{body}</body></html>"
    )


def front(site: Site, paths: list[str], head: str = "", more: str = "") -> None:
    links = "".join(f"<h3><a href='{path}'>{title(n)}</a></h3>" for n, path in enumerate(paths))
    menu = "<nav><a href='/indeks'>Indeks</a><a href='/tentang-kami/'>Tentang Kami</a></nav>"
    site.put("/", f"<html><head>{head}</head><body>{menu}{links}{more}</body></html>")


def wordpress_like(site: Site) -> None:
    """Serve a feed, the REST API and a theme that no family knows; the API gives excerpts only."""
    paths = [f"/{slug(n)}/" for n in range(COUNT)]
    front(site, paths, '<meta name="generator" content="WordPress 6.4.2">')
    for n, path in enumerate(paths):
        dated = (
            f'<meta property="article:published_time" content="2026-11-{n + 1:02}T10:00:00+07:00">'
        )
        widget = f"<div class='terkait-inline'><a href='{paths[n - 1]}'>{title(n - 1)}</a></div>"
        site.put(path, theme(n, f"<div class='naskah-utama'>{widget}{paragraphs(n)}</div>", dated))
    items = "".join(
        f"<item><link>{site.url}{path}</link><title>{title(n)}</title>"
        f"<pubDate>{n + 1:02} Nov 2026 10:00:00 +0700</pubDate></item>"
        for n, path in enumerate(paths)
    )
    site.put("/feed/", f"<rss version='2.0'><channel>{items}</channel></rss>", media_type=XML)
    posts = [
        {
            "id": n,
            "link": site.url + path,
            "date_gmt": f"2026-11-{n + 1:02}T03:00:00",
            "title": {"rendered": title(n)},
            "content": {"rendered": "<p>Hanya cuplikan.</p>", "protected": False},
        }
        for n, path in enumerate(paths)
    ]
    site.put("/wp-json/wp/v2/posts?per_page=10", json.dumps(posts), media_type="application/json")


def numbered(site: Site) -> None:
    """Serve numeric ids and nothing but a listing in pages."""
    paths = [f"/read/{10_200 + n}/{slug(n)}" for n in range(COUNT)]
    front(site, paths[:4])
    for number, some in ((1, paths[:5]), (2, paths[5:])):
        links = "".join(
            f"<li><a href='{path}'>Judul berita yang cukup panjang</a>" for path in some
        )
        pages = "<a href='/indeks?page=2'>2</a>"
        site.put(f"/indeks?page={number}", f"<html><body>{links}{pages}</body></html>")
    site.answers["/indeks"] = site.answers["/indeks?page=1"]
    for n, path in enumerate(paths):
        line = f"<p class='tgl'>Senin, {n + 1} November 2026 | 10:{n + 10} WITA</p>"
        site.put(path, theme(n, f"{line}<div class='isi-berita'>{paragraphs(n)}</div>"))


def dated(site: Site) -> None:
    """Serve dated paths, sitemaps that only robots.txt names, and articles in two pages."""
    paths = [f"/2026/{n + 1:02}/{n + 3:02}/{slug(n)}.html" for n in range(COUNT)]
    front(site, paths[:3])
    site.put("/robots.txt", f"User-agent: *\nCrawl-delay: 0.1\nSitemap: {site.url}/semua.xml\n")
    index = "".join(
        f"<sitemap><loc>{site.url}/{name}.xml</loc></sitemap>"
        for name in ("sitemap-tag", "peta", "sitemap-news")
    )
    site.put("/semua.xml", f"<sitemapindex>{index}</sitemapindex>", media_type=XML)
    news = (
        f"<url><loc>{site.url}{path}</loc><news:news><news:publication_date>2026-11-{n + 1:02}"
        f"</news:publication_date><news:title>{title(n)}</news:title></news:news></url>"
        for n, path in enumerate(paths[:4])
    )
    urlset = '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    site.put("/sitemap-news.xml", f"{urlset}{''.join(news)}</urlset>", media_type=XML)
    entries = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/", *paths))
    site.put("/peta.xml", f"<urlset>{entries}</urlset>", media_type=XML)
    for n, path in enumerate(paths):
        data = {
            "@type": "NewsArticle",
            "headline": title(n),
            "datePublished": f"2026-{n + 1:02}-{n + 3:02}T10:00:00+09:00",
            "author": {"@type": "Person", "name": "Rini Astuti"},
        }
        head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
        more = "<a href='?page=2'>2</a><a href='?page=all'>Semua</a>"
        rest = f"<p>Bagian kedua dari kabar ke-{n} hanya ada di halaman yang lengkap ini.</p>"
        site.put(path, theme(n, f"<div class='detail-isi'>{paragraphs(n)}</div>{more}", head))
        whole = f"<div class='detail-isi'>{paragraphs(n)}{rest}</div>"
        site.put(f"{path}?page=all", theme(n, whole, head))


def written(config: Path) -> tuple[str, dict[str, Any]]:
    """Return the one outlet file, which must hold together as `outlets check` wants it."""
    (path,) = (config / "outlets").glob("*.toml")
    registry = load_registry(config)
    outlet = registry.get(path.stem)
    check_examples(outlet, registry, str(path))
    assert (outlet.verified, outlet.allow_private_network) == (False, True)
    assert len(outlet.articles.examples) == 5
    return path.read_text(), tomllib.loads(path.read_text())


def test_a_wordpress_with_a_theme_of_its_own(kliping: Kliping, config: Path, site: Site) -> None:
    wordpress_like(site)
    out = draft(kliping, site.url)
    text, data = written(config)
    assert data["name"] == "Suara Lembah"
    assert (data["family"], data["timezone"]) == ("wordpress", "Asia/Jakarta")
    assert data["discover"] == {"feeds": [f"{site.url}/feed/"], "wordpress": True}
    assert "one has only" in text  # the API holds less than the pages
    assert data["layouts"] == [{"body": [".naskah-utama"], "remove": [".terkait-inline"]}]
    assert "# On 9 of 9 pages" in text
    outlet = load_registry(config).all()[0]
    assert not outlet.is_article(f"{site.url}/tentang-kami/")
    assert out.count("   first: ") == 5
    shown = [one for one in out.splitlines() if "http" not in one and str(config) not in one]
    assert max(map(len, shown)) <= 80
    assert f"kliping outlets check {outlet.slug}" in " ".join(out.split())
    again = kliping.run("outlets", "draft", site.url, "--allow-private-network")
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.count("\n") == 1
    assert f"{outlet.slug}.toml" in again.stderr
    assert (config / "outlets" / f"{outlet.slug}.toml").read_text() == text
    assert set(site.agents) == {"Kliping/0.1 (+loopback)"}


def test_numbers_and_nothing_but_a_listing(kliping: Kliping, config: Path, site: Site) -> None:
    numbered(site)
    (line,) = draft(kliping, f"{site.url}/", "--json", "--slug", "lembah").splitlines()
    found = json.loads(line)
    _, data = written(config)
    assert data["discover"] == {"listings": [f"{site.url}/indeks?page={{page}}"]}
    assert (data["layouts"][0]["body"], data["timezone"]) == ([".isi-berita"], "Asia/Makassar")
    outlet = load_registry(config).get("lembah")
    assert outlet.is_article(f"{site.url}/read/99/panen-raya-di-lereng")
    assert not any(outlet.is_article(site.url + path) for path in ("/", "/indeks", "/read/99"))
    assert found["path"] == str(config / "outlets" / "lembah.toml")
    assert found["toml"] == Path(found["path"]).read_text()
    assert [one["body"].count("\n") for one in found["articles"]] == [4] * 5
    assert any("authors" in one for one in found["lacking"])
    assert found["requests"] <= len(site.asked) <= found["requests"] + 1  # robots.txt, to obey it


def test_dated_paths_and_only_a_sitemap(kliping: Kliping, config: Path, site: Site) -> None:
    dated(site)
    done = kliping.run("outlets", "draft", site.url, "--allow-private-network", "--print")
    assert done.returncode == 0
    assert list((config / "outlets").glob("*.toml")) == []
    data = tomllib.loads(done.stdout)
    assert data["discover"] == {
        "sitemaps": [f"{site.url}/semua.xml"],
        "news_sitemaps": [f"{site.url}/sitemap-news.xml"],
    }
    assert "/sitemap-tag.xml" not in site.asked
    assert data["articles"]["single_page"] == {"query": "page=all"}
    assert data["fetch"] == {"delay_s": 0.1}
    assert data["timezone"] == "Asia/Jayapura"
    assert data["expect"]["fields"]["authors"] == pytest.approx(0.9)
    assert "hanya ada di halaman yang lengkap ini." in " ".join(done.stderr.split())


def test_the_demo(kliping: Kliping, config: Path) -> None:
    with serve(local_links=True) as demo:
        draft(kliping, demo.local_url, "--slug", "kabar")
        asked = [one.path for one in demo.requests]
    _, data = written(config)
    assert (data["name"], data["family"]) == ("Kabar Kliping", "wordpress")
    assert data["discover"]["wordpress"] is False
    assert "layouts" not in data
    # robots.txt to obey it and to read it; the home page once more as the listing's first.
    assert {one for one in asked if asked.count(one) > 1} == {"/", "/robots.txt"}
    assert len(asked) <= 40


def robots(site: Site) -> None:
    front(site, ["/a"])
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n")


def picture(site: Site) -> None:
    site.put("/", b"\x89PNG", media_type="image/png")


def elsewhere(site: Site) -> None:
    site.put("/", "", 302, Location="http://169.254.169.254/latest/")


def shop(site: Site) -> None:
    front(site, [f"/read/{n}/barang-murah-sekali-hari-ini" for n in range(9_000, 9_004)])
    for n in range(9_000, 9_004):
        site.put(f"/read/{n}/barang-murah-sekali-hari-ini", "<html><body>Beli</body></html>")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (robots, "robots.txt forbids /"),
        (picture, "wanted an HTML page, found image/png"),
        (shop, "wanted articles, found 4 pages: 4 no_title"),
        (elsewhere, "169.254.169.254 is not a public address"),
    ],
)
def test_what_cannot_be_drafted_is_one_line(
    kliping: Kliping, config: Path, site: Site, make: Callable[[Site], object], said: str
) -> None:
    make(site)
    done = kliping.run("--quiet", "outlets", "draft", site.url, "--allow-private-network")
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert list((config / "outlets").glob("*.toml")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ftp://lembah.example"], "wanted the address of a home page"),
        (["https://["], "wanted the address of a home page"),
        (["https://a:b@lembah.example/"], "wanted the address of a home page"),
        (["https://lembah.example/\x1b[31m"], "wanted the address of a home page"),
        (["http://127.0.0.1:9/"], "--allow-private-network"),
        (["http://localhost/"], "--allow-private-network"),
        (["https://lembah.example/"], "kliping.toml: contact: wanted"),
        (["https://lembah.example/", "--allow-private-network"], "kliping.toml: contact: wanted"),
        (["https://lembah.example/", "--slug", "../x"], "--slug: wanted"),
        (["https://lama.example/"], "lama.toml: wanted no such file yet"),
        (["https://www.teluk.example/daerah"], "wanted a site without an outlet file, found"),
    ],
)
def test_wrong_usage_is_one_line_and_asks_nobody(
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.delenv("KLIPING_CONTACT", raising=False)
    for name in ("teluk", "lama"):
        toml = 'name = "X"\ndomains = ["teluk.example"]\n'.replace(
            "teluk", name.replace("lama", "x")
        )
        (config / "outlets" / f"{name}.toml").write_text(toml)
    with pytest.raises(SystemExit) as ended:
        main(["--config", str(config), "outlets", "draft", *arguments])
    shown = capsys.readouterr()
    assert (ended.value.code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert said in shown.err
    assert "\x1b" not in shown.err
