# ruff: noqa: E501 - addresses are as long as they are, and datelines end in a dash
from __future__ import annotations

import pickle
import re
from datetime import date

import pytest

from pipelines.errors import OutletError
from pipelines.outlets import (
    KEYS,
    DatedIndex,
    Fetch,
    Outlet,
    SinglePage,
    compiled,
    generic_outlet,
    parse_outlet,
    registered_domain,
    selector,
)
from pipelines.store.config import CONFIG_DIR, load_registry
from pipelines.urls import canonical_url, single_page_url

LEAST = 'name = "Contoh"\ndomains = ["contoh.id"]\n'
FULL = r"""
name = "Contoh"
domains = ["contoh.id", "127.0.0.1:8000"]
language = "id"
timezone = "Asia/Makassar"
enabled = false
why = "tutup"
verified = true
checked = 2026-11-01
confidence = "high"
notes = "catatan"
[discover]
feeds = ["https://contoh.id/rss"]
sitemaps = ["https://contoh.id/sitemap.xml"]
news_sitemaps = ["https://contoh.id/news.xml"]
wordpress = true
listings = ["https://contoh.id/page/{page}"]
dated_index = { url = "https://contoh.id/indeks?t={date}&p={page}", date_format = "%d-%m-%Y", first_page = 0, page_step = 20 }
[articles]
match = '/berita/\d+'
deny = '/foto/'
single_page = { pages = "?page={n}" }
content = "wordpress"
min_chars = 200
examples = ["https://contoh.id/berita/7"]
[[layouts]]
body = [".isi", "xpath://article"]
title = ["h1"]
published = ["jsonld:NewsArticle.datePublished", "meta:article:published_time"]
remove = [".iklan"]
until = 2024-06-01
[clean]
drop_lines = ['^Iklan$']
signoff = ['\([a-z]{3}\)$']
inline = ['\[gambar\]']
dateline = ['^(?P<place>\w+) - ']
[fetch]
delay_s = 2
concurrency = 1
user_agent = "Peramban"
requests_per_hour = 900
allow_private_network = true
[expect]
articles_per_day = 5
fields = { authors = 0.8 }
"""


def parsed(toml: str, **families: str) -> Outlet:
    return parse_outlet(toml, slug="contoh", where="contoh.toml", families=families)


def test_every_key_is_read() -> None:
    outlet = parsed(FULL)
    assert outlet.domains == ("contoh.id", "127.0.0.1:8000")
    assert (False, "tutup", True, date(2026, 11, 1)) == (
        outlet.enabled, outlet.why, outlet.verified, outlet.checked
    )  # fmt: skip
    assert outlet.allow_private_network
    assert outlet.discover.wordpress
    expected = DatedIndex(
        url="https://contoh.id/indeks?t={date}&p={page}",
        date_format="%d-%m-%Y",
        first_page=0,
        page_step=20,
    )
    assert expected == outlet.discover.dated_index
    assert SinglePage(pages="?page={n}") == outlet.articles.single_page
    assert (outlet.articles.content, outlet.articles.min_chars) == ("wordpress", 200)
    assert outlet.articles.examples == ("https://contoh.id/berita/7",)
    assert outlet.confidence == "high"
    assert [one.kind for one in outlet.layouts[0].body] == ["css", "xpath"]
    assert date(2024, 6, 1) == outlet.layouts[0].until
    assert outlet.layouts[0].fields["published"][1].query == "article:published_time"
    assert [one.pattern for one in outlet.clean.dateline] == [r"^(?P<place>\w+) - "]
    expected_fetch = Fetch(delay_s=2, concurrency=1, user_agent="Peramban", requests_per_hour=900)
    assert expected_fetch == outlet.fetch
    assert outlet.expect.fields == {"authors": 0.8}


def test_a_family_lies_under_the_outlet() -> None:
    family = """
        timezone = "Asia/Jayapura"
        [discover]
        wordpress = true
        [articles]
        deny = '/tag/'
        [[layouts]]
        body = [".induk"]
        [clean]
        drop_lines = ['^Induk$']
        signoff = ['\\(i\\)$']
    """
    toml = (
        LEAST
        + """
        family = "induk"
        [discover]
        feeds = ["https://contoh.id/feed"]
        [[layouts]]
        body = [".anak"]
        [clean]
        drop_lines = ['^Anak$']
    """
    )
    outlet = parsed(toml, induk=family)
    assert outlet.timezone == "Asia/Jayapura"
    assert outlet.discover.wordpress
    assert outlet.discover.feeds == ("https://contoh.id/feed",)
    assert not outlet.is_article("https://contoh.id/tag/x")
    assert [layout.body[0].text for layout in outlet.layouts] == [".anak", ".induk"]
    assert [one.pattern for one in outlet.clean.drop_lines] == ["^Anak$", "^Induk$"]
    assert [one.pattern for one in outlet.clean.signoff] == [r"\(i\)$"]


def test_a_family_lies_over_its_own_family() -> None:
    outlet = parsed(
        LEAST + "family = 'anak'\n[[layouts]]\nbody = ['.satu']",
        anak="family = 'induk'\ntimezone = 'Asia/Jayapura'\n[[layouts]]\nbody = ['.dua']",
        induk="timezone = 'Asia/Makassar'\nlanguage = 'ms'\n[[layouts]]\nbody = ['.tiga']",
    )
    assert (outlet.family, outlet.timezone, outlet.language) == ("anak", "Asia/Jayapura", "ms")
    assert [layout.body[0].text for layout in outlet.layouts] == [".satu", ".dua", ".tiga"]


def test_families_that_go_round_are_refused() -> None:
    with pytest.raises(OutletError, match=r"^contoh\.toml: family: .*found a in b in a$"):
        parsed(LEAST + "family = 'a'", a="family = 'b'", b="family = 'a'")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("domains = ['contoh.id']", "name: wanted a string, found nothing"),
        ("name = 'x'", "domains: wanted at least one host"),
        ("name = 'x'\ndomains = ['Contoh.id']", "domains: wanted hosts in lower case"),
        ("name = 'x'\ndomains = ['https://contoh.id']", "domains: wanted hosts in lower case"),
        (LEAST + "famly = 'x'", "famly: unknown key; did you mean 'family'?"),
        (LEAST + "family = 'wordpres'", "family: wanted a file in families/, found 'wordpres'"),
        (LEAST + "timezone = 'WIB'", "timezone: wanted an IANA zone"),
        (LEAST + "enabled = 'ya'", "enabled: wanted true or false, found 'ya'"),
        (LEAST + "checked = 'kemarin'", "checked: wanted a day such as 2026-11-01"),
        (LEAST + "[discover]\nfeeds = ['/feed']", "discover.feeds: wanted an address"),
        (LEAST + "[discover]\nfeeds = 'https://contoh.id'", "discover.feeds: wanted a list"),
        (LEAST + "[discover.dated_index]\nurl = 'https://contoh.id'\ndate_format = '%Y'",
         "discover.dated_index.url: wanted the slot {date}"),
        (LEAST + "language = 'indonesia'", "language: wanted an ISO 639-1 code such as 'id', 'ms'"),
        (LEAST + "language = 'xx'", "or 'jv', found 'xx'"),
        (LEAST + "confidence = 'sure'", "confidence: wanted 'high', 'medium' or 'low', found 'sure'"),
        (LEAST + "[discover]\nlistings = ['https://contoh.id/{pag}']",
         "discover.listings: wanted no slot but {page}, found 'https://contoh.id/{pag}'"),
        (LEAST + "[discover]\nsitemaps = ['https://contoh.id/{page}']",
         "discover.sitemaps: wanted no slot, found 'https://contoh.id/{page}'"),
        (LEAST + "[discover.dated_index]\nurl = 'https://contoh.id/{date}/{hal}'\ndate_format = '%Y'",
         "discover.dated_index.url: wanted no slot but {date} and {page}, found"),
        (LEAST + "[discover.dated_index]\nurl = 'https://contoh.id/{date}'\ndate_format = 'Y-m-d'",
         "discover.dated_index.date_format: wanted a date as strftime writes it"),
        (LEAST + "[discover.dated_index]\nurl = 'https://contoh.id/{date}'\ndate_format = '%Y'\npage_step = 0",
         "discover.dated_index.page_step: wanted a whole number of at least 1, found 0"),
        (LEAST + "[articles]\nexamples = ['/berita/1']", "articles.examples: wanted an address"),
        (LEAST + "[clean]\ndateline = ['^(\\w+) - ']",
         "clean.dateline: wanted a regex with (?P<place>…), found '^(\\\\w+) - '"),
        (LEAST + "[expect]\nfields = { author = 0.5 }",
         "expect.fields: wanted a column of an article, found 'author'; did you mean 'authors'?"),
        (LEAST + "[articles]\nmatch = '[a-z'", "articles.match: unterminated character set"),
        (LEAST + "[articles]\nsingle_page = { query = 'a', path = 'b' }", "wanted one of query"),
        (LEAST + "[articles]\nsingle_page = { pages = '?page=2' }", "wanted one slot {n}, {n-1}"),
        (LEAST + "[articles]\ncontent = 'api'", "articles.content: wanted 'page' or 'wordpress'"),
        (LEAST + "[articles]\nmin_chars = -1", "articles.min_chars: wanted a whole number"),
        (LEAST + "[[layouts]]\ntitle = ['h1']", "layouts[0].body: wanted at least one selector"),
        (LEAST + "[[layouts]]\nbody = ['div[']", "layouts[0].body: "),
        (LEAST + "[[layouts]]\nbody = ['xpath://div[']", "layouts[0].body: "),
        (LEAST + "[[layouts]]\nbody = ['meta:a']", "layouts[0].body: wanted CSS or xpath:"),
        (LEAST + "[[layouts]]\nbody = ['p']\nremove = ['url:a']", "layouts[0].remove: wanted CSS"),
        (LEAST + "[[layouts]]\nbody = ['p']\ntitle = ['meta:']", "nothing after 'meta':"),
        (LEAST + "[[layouts]]\nbody = ['p']\ntitles = ['h1']", "layouts[0].titles: unknown key"),
        (LEAST + "[clean]\ndrop_lines = ['x*']", "clean: wanted a regex that does not match nothing"),
        (LEAST + "[fetch]\ndelay_s = -1", "fetch.delay_s: wanted a number of at least 0"),
        (LEAST + "[fetch]\nconcurrency = true", "fetch.concurrency: wanted a whole number"),
        (LEAST + "[expect]\nfields = { authors = 2 }", "expect.fields.authors: wanted a share"),
        ("name = ", "wanted TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(toml: str, message: str) -> None:
    with pytest.raises(OutletError) as caught:
        parsed(toml, wordpress="")
    text = str(caught.value)
    assert text.startswith("contoh.toml: ")
    assert message in text
    assert "\n" not in text


def test_a_file_name_that_is_no_slug_is_refused() -> None:
    with pytest.raises(OutletError, match="file name: wanted a-z, 0-9 and '-', found 'Contoh'"):
        parse_outlet(LEAST, slug="Contoh", where="Contoh.toml")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://contoh.id/a", len("contoh.id")),
        ("https://WWW.Contoh.ID/a", len("contoh.id")),
        ("http://127.0.0.1:8000/a", len("127.0.0.1:8000")),
        ("http://x@127.0.0.1:8000/a", len("127.0.0.1:8000")),
        ("http://127.0.0.1:8001/a", 0),
        ("https://contoh.id@lain.id/a", 0),
        ("https://bukancontoh.id/a", 0),
        ("https://contoh.id.lain.id/a", 0),
        ("http://[", 0),
        ("", 0),
    ],
)
def test_an_outlet_owns_its_domains_and_what_lies_below(url: str, expected: int) -> None:
    assert expected == parsed(FULL).owns(url)


def test_the_digest_tells_the_rules_apart_and_nothing_else() -> None:
    digest = parsed(LEAST).rules_digest
    assert digest == parsed(LEAST + "notes = 'x'\n[fetch]\ndelay_s = 9").rules_digest
    rules = LEAST + "[articles]\nmatch = 'berita'"
    told = "confidence = 'low'\n" + rules + "\nexamples = ['https://contoh.id/berita']"
    assert parsed(rules).rules_digest == parsed(told).rules_digest
    assert digest != parsed(LEAST + "timezone = 'Asia/Makassar'").rules_digest


def test_an_outlet_travels_to_a_worker() -> None:
    outlet = parsed(FULL)
    assert outlet.layouts == pickle.loads(pickle.dumps(outlet)).layouts  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://berita.contoh.co.id/1", "contoh.co.id"),
        ("https://contoh.id", "contoh.id"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_an_address_without_an_outlet_gets_one_by_its_domain(url: str, expected: str) -> None:
    outlet = generic_outlet(url)
    assert (expected,) == outlet.domains
    assert outlet.owns(url)
    assert expected == registered_domain(expected)


def test_a_selector_names_its_kind() -> None:
    assert (selector("a[href*='x:y']").kind, selector("meta:og:title").kind) == ("css", "meta")
    assert compiled(selector("h1::text")).path.endswith("/text()")


# Addresses of articles besides the files' own examples; those of 2015 and 2016 belong to old layouts.
ARTICLES = [
    ("antaranews", "https://www.antaranews.com/berita/5129056/pemkab-bandung-barat-tetapkan-klb-usai-ratusan-siswa-keracunan-mbg"),
    ("antaranews", "https://jabar.antaranews.com/berita/472419/pj-gubernur-berharap-jabar-bebas-rabies-pada-2024"),
    ("detik", "https://news.detik.com/berita/d-8588049/bobby-nasution-jadi-gubernur-sumut-pertama-yang-berkantor-di-kepulauan-nias"),
    ("detik", "https://news.detik.com/berita/d-6497997/berakhirnya-sebuah-era-kilas-balik-wafatnya-ratu-elizabeth-ii"),
    ("detik", "http://inet.detik.com/read/2015/11/05/100026/3062623/323/harga-beras-naik"),
    ("kapanlagi", "http://www.kapanlagi.com/showbiz/film/indonesia/film-baru-tayang-82f43b.html"),
    ("kompas", "https://money.kompas.com/read/2022/09/13/113522626/simak-2-cara-cek-penerima-bansos-blt-bbm-2022-secara-online"),
    ("kompas", "https://pemilu.kompas.com/rumahpilkada/read/2022/03/01/16034801/kpu-tidak-ada-perkara-salah-hitung-suara-dalam-permohonan-sengketa-pilkada"),
    ("kompas", "http://bola.kompas.com/read/2016/02/23/16374618/harga.beras.naik"),
    ("liputan6", "http://tekno.liputan6.com/read/2436773/harga-beras-naik"),
    ("liputan6", "http://photo.liputan6.com/musik/konser-di-jakarta-2437247"),
    ("mediaindonesia", "https://mediaindonesia.com/internasional/625387/erdogan-turki-cap-israel-penjahat-perang"),
    ("okezone", "https://economy.okezone.com/read/2022/09/22/320/2672715/cara-mudah-cek-penerima-blt-subsidi-gaji-lewat-hp-ikuti-langkah-ini-bsu-rp600-000-masuk-rekening"),
    ("okezone", "http://lifestyle.okezone.com/read/2015/11/05/481/1244264/harga-beras-naik"),
    ("purnawarta", "https://purnawarta.com/dunia/timur-tengah/menlu-iran-bertemu-pemimpin-hamas-di-doha/"),
    ("republika", "https://www.republika.co.id/berita/ri3bd7463/10-rahasia-hidup-sehat-ratu-elizabeth-ii"),
    ("republika", "https://khazanah.republika.co.id/berita/ompfk3394/menakar-hukum-larangan-menshalati-jenazah-orang-munafik"),
    ("republika", "http://nasional.republika.co.id/berita/nasional/hukum/15/11/05/nxc181330-harga-beras-naik"),
    ("tempo", "https://www.tempo.co/ekonomi/trump-umumkan-tarif-impor-baru-ke-60-negara-2277913"),
    ("tribunnews", "https://www.tribunnews.com/superskor/7858909/pssi-nya-argentina-minta-suporter-berdamai-dengan-kekalahan-tolak-narasi-ulang-lawan-spanyol"),
    ("tribunnews", "https://www.tribunnews.com/nasional/2022/12/21/kuasa-hukum-bharada-e-sebut-banyak-rekaman-cctv-yang-hilang-dan-tercecer-ini-kata-saksi-ahli"),
]  # fmt: skip
NO_ARTICLES = [
    ("antaranews", "https://www.antaranews.com/foto/5129056/banjir"),
    ("detik", "https://20.detik.com/berita/d-123/video-banjir"),
    ("detik", "https://news.detik.com/indeks"),
    ("kapanlagi", "https://www.kapanlagi.com/foto/berita-foto/x-82f43b.html"),
    ("kompas", "https://www.kompas.com/tag/banjir"),
    ("liputan6", "https://www.liputan6.com/photo/read/123/banjir"),
    ("mediaindonesia", "https://mediaindonesia.com/video/123/banjir"),
    ("okezone", "https://www.okezone.com/tag/banjir"),
    ("purnawarta", "https://purnawarta.com/category/dunia-internasional/"),
    ("purnawarta", "https://purnawarta.com/author/redaksi-purnawarta/"),
    ("republika", "https://static.republika.co.id/berita/ri3bd7463/x"),
    ("tempo", "https://www.tempo.co/tag/banjir-jakarta-12345"),
    ("tribunnews", "https://www.tribunnews.com/video/123456/banjir"),
]


@pytest.mark.parametrize(("slug", "url"), ARTICLES)
def test_articles_are_told_by_their_address(slug: str, url: str) -> None:
    registry = load_registry()
    outlet = registry.for_url(url)
    assert slug == outlet.slug
    assert outlet.is_article(url)
    assert url == canonical_url(url, outlet=outlet)
    assert url == canonical_url(single_page_url(url, outlet), outlet=outlet)


@pytest.mark.parametrize(("slug", "url"), NO_ARTICLES)
def test_other_pages_are_told_by_their_address(slug: str, url: str) -> None:
    outlet = load_registry().for_url(url)
    assert slug == outlet.slug
    assert not outlet.is_article(url)


@pytest.mark.parametrize(
    ("slug", "lead", "place"),
    [
        ("purnawarta", "Doha, Purna Warta – Menteri luar negeri tiba.", "Doha"),
        ("purnawarta", "Purna Warta – Menteri luar negeri tiba.", None),
        ("kompas", "DEPOK, KOMPAS.com - Hujan turun.", "DEPOK"),
        ("kompas", "Jakarta, KompasOtomotif – Mobil itu dijual.", "Jakarta"),
        ("detik", "Jakarta Pusat - Hujan turun.", "Jakarta Pusat"),
        ("detik", "Hujan turun di Jakarta - kata warga.", None),
        ("antaranews", "Jakarta (ANTARA) - Hujan turun.", "Jakarta"),
        ("antaranews", "Mataram, NTB (ANTARA News) - Hujan turun.", "Mataram"),
        ("republika", "REPUBLIKA.CO.ID, MEDAN -- Hujan turun.", "MEDAN"),
        ("liputan6", "Liputan6.com, Jakarta - Hujan turun.", "Jakarta"),
        ("okezone", "JAKARTA – Hujan turun.", "JAKARTA"),
        ("okezone", "Hujan turun – deras.", None),
        ("tempo", "TEMPO.CO, Jakarta - Hujan turun.", "Jakarta"),
        ("tribunnews", "TRIBUNNEWS.COM, JAKARTA - Hujan turun.", "JAKARTA"),
        ("tribunnews", "SURABAYA, TRIBUNJATIM.COM - Hujan turun.", "SURABAYA"),
    ],
)
def test_datelines_are_read(slug: str, lead: str, place: str | None) -> None:
    rules = load_registry().get(slug).clean.dateline
    found = (match["place"] for rule in rules if (match := rule.match(lead)))
    assert place == next(found, None)


@pytest.mark.parametrize(
    ("slug", "end"),
    [
        ("detik", " (aff/yna)"),
        ("okezone", " (fbn)"),
        ("kapanlagi", " (kpl/pur/tch)"),
        ("liputan6", " (Cas/Isk)"),
        ("mediaindonesia", " (Ant/Z-3)"),
        ("tribunnews", " (*)"),
    ],
)
def test_signoffs_are_found_at_the_end_only(slug: str, end: str) -> None:
    rules = load_registry().get(slug).clean.signoff
    assert any(rule.search("Hujan turun." + end) for rule in rules)
    assert not any(rule.search(f"Hujan{end} turun di Jakarta (Barat).") for rule in rules)


def test_every_key_is_documented() -> None:
    page = (CONFIG_DIR.parent / "docs/outlets.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", page, flags=re.MULTILINE))
    known = {f"{table}.{key}" if table else key for table, keys in KEYS.items() for key in keys}
    assert known == documented


def test_the_outlet_in_the_documentation_is_read() -> None:
    page = (CONFIG_DIR.parent / "docs/outlets.md").read_text(encoding="utf-8")
    block = re.search(r"^ *```toml\n(.*?)^ *```", page, flags=re.MULTILINE | re.DOTALL)
    assert block is not None
    family = (CONFIG_DIR / "outlets/families/wordpress.toml").read_text(encoding="utf-8")
    outlet = parsed(block[1], wordpress=family)
    assert outlet.layouts
    assert outlet.is_article("https://contoh.id/2026/11/judul/")
    assert not outlet.is_article("https://contoh.id/tag/judul/")
