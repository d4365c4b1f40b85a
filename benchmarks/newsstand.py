"""An outlet of any size on loopback, for benchmarks: its pages are made while they are asked for.

A page weighs 70 to 150 kB, 21 kB in gzip: an article of some 760 words between menus, cards,
read-also links and scripts. Which words a page has follows from its number alone, so any two runs
see the same bytes. Addresses stand in a sitemap index and sitemaps of 1,000.

    python -m benchmarks.newsstand 10000
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from datetime import datetime, timedelta, timezone
from functools import cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PER_SITEMAP = 1000
_NEWEST = datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=7)))
_EVERY = timedelta(minutes=20)
_SCRIPT_KB = (15, 90)
"""Least and most of a page that is scripts and styles."""

OUTLET = """\
name = "Kios Uji"
domains = ["127.0.0.1"]
allow_private_network = true
[discover]
sitemaps = ["{url}/sitemap_index.xml"]
[articles]
match = '/berita/\\d+-[a-z-]+$'
[[layouts]]
body = [".isi-berita"]
title = ["h1.judul"]
published = ["jsonld:NewsArticle.datePublished"]
authors = [".penulis a"]
section = [".rubrik"]
tags = [".label a"]
remove = [".sisipan"]
[fetch]
delay_s = 0.0
concurrency = 8
"""
"""Its outlet file; `url` is where it listens."""

_WHO = (
    *("Petani garam", "Kepala dinas perikanan", "Ketua koperasi", "Pengurus masjid raya"),
    *("Guru sekolah dasar", "Sopir angkutan desa", "Peneliti kelautan", "Pedagang ikan asin"),
    *("Wali kota", "Petugas pemadam", "Bidan desa", "Pemilik bengkel", "Juru parkir pasar"),
)
_DID = (
    *("meminta", "memeriksa", "memperbaiki", "menunda", "membagikan", "menghitung ulang"),
    *("menyiapkan", "menolak", "mengusulkan", "memindahkan", "menjelaskan", "mencatat"),
)
_WHAT = (
    *("jadwal kapal penyeberangan", "bantuan pupuk organik", "saluran air di belakang pasar"),
    *("harga gabah kering", "rencana jalan lingkar", "tanggul yang retak", "daftar penerima bibit"),
    *("mesin penggiling padi", "lampu jalan bertenaga surya", "papan nama dermaga lama"),
    *("tarif retribusi baru", "gudang beras milik desa", "lomba perahu tahunan"),
)
_WHERE = (
    *("di Tegal", "di Bantaeng", "di pesisir Rembang", "di kaki Gunung Slamet", "di Ternate"),
    *("di pinggir Danau Toba", "di Pulau Rote", "di kampung nelayan Muara Angke", "di Sumbawa"),
)
_WHEN = (
    *("pada Senin pagi", "menjelang musim hujan", "setelah rapat dua hari", "pekan lalu"),
    *("sesudah salat Jumat", "sejak awal bulan", "begitu air laut surut", "sebelum panen raya"),
)
_WHY = (
    *("karena persediaan tinggal sedikit", "agar warga tidak perlu mengantre terlalu lama"),
    *("supaya biaya angkut bisa ditekan", "meskipun anggarannya belum disetujui"),
    *("sambil menunggu keputusan pemerintah provinsi", "walaupun sebagian warga masih ragu"),
    *("sebab jembatan lama sudah tidak kuat", "dengan harapan hasilnya lebih merata"),
)


def page(number: int) -> bytes:
    """Return the HTML of article *number*."""
    dice = random.Random(number)  # noqa: S311  the same page every time
    title = _title(number)
    moment = (_NEWEST - number * _EVERY).isoformat()
    about = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": moment,
        "author": {"@type": "Person", "name": "Rini Astuti"},
    }
    body = []
    for place in range(dice.randint(9, 15)):
        body.append(f"<p>{_sentence(dice)} {_sentence(dice)} {_sentence(dice)}</p>\n")
        if place % 4 == 3:  # noqa: PLR2004  after every fourth paragraph
            body.append(_read_also(dice))
    head = (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title} | Kios Uji'
        f'</title><meta property="article:published_time" content="{moment}">'
        f'<script type="application/ld+json">{json.dumps(about)}</script>'
    )
    article = (
        f'</head><body>{_cards("menu", 60)}<main><a class="rubrik">Daerah</a>'
        f'<h1 class="judul">{title}</h1><p class="penulis">Oleh <a>Rini Astuti</a></p>'
        f'<div class="isi-berita">{"".join(body)}<div class="sisipan">Iklan</div></div>'
        f'<div class="label"><a>{dice.choice(_WHAT)}</a><a>{dice.choice(_WHO)}</a></div></main>'
    )
    tail = f"{_cards('terkait', 90)}<footer>Hak cipta Kios Uji, halaman {number}</footer>"
    scripts = _scripts(dice.randrange(16), dice.randint(*_SCRIPT_KB))
    return f"{head}{article}{tail}{scripts}</body></html>".encode()


def sitemap(pages: int, part: int) -> bytes:
    """Return sitemap *part*, counted from 0, of an outlet of so many pages."""
    numbers = range(part * PER_SITEMAP, min(pages, (part + 1) * PER_SITEMAP))
    return _xml("urlset", "url", [(_path(one), _NEWEST - one * _EVERY) for one in numbers])


def sitemap_index(pages: int) -> bytes:
    """Return the index of all sitemaps."""
    parts = range(-(-pages // PER_SITEMAP))
    return _xml("sitemapindex", "sitemap", [(f"/peta-{part}.xml", _NEWEST) for part in parts])


def answer(path: str, pages: int) -> tuple[str, str, bytes]:
    """Return status, media type and body of an address."""
    if path == "/sitemap_index.xml":
        return "200 OK", "application/xml", sitemap_index(pages)
    if path.startswith("/peta-"):
        return "200 OK", "application/xml", sitemap(pages, int(path[6:-4]))
    if path.startswith("/berita/"):
        number = int(path[8:].partition("-")[0])
        return "200 OK", "text/html; charset=utf-8", page(number)
    return "404 Not Found", "text/plain", b"tidak ada"


class Connection(asyncio.Protocol):
    """As much of HTTP/1.1 as a crawler's GET needs, for little CPU.

    Args:
        respond: Path and host -> the whole answer; `None` for never.
    """

    def __init__(self, respond: Callable[[str, bytes], bytes | None]) -> None:
        self._respond = respond
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers go to."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  asyncio.Server's always are
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request, or leave it."""
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            first, *lines = request.split(b"\r\n")
            host = next(line[6:] for line in lines if line[:6].lower() == b"host: ")
            found = self._respond(first.split(b" ", 2)[1].decode(), host)
            if found is not None and self._transport is not None:
                self._transport.write(found)


def response(path: str, host: bytes, *, pages: int) -> bytes:
    """Return the whole answer of an outlet of so many pages."""
    status, media, body = answer(path, pages)
    if media == "application/xml":
        body = body.replace(b"<loc>/", b"<loc>http://" + host + b"/")
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


async def serve(pages: int) -> None:
    """Serve an outlet of so many pages, print its address, and stop when standard input ends."""
    loop = asyncio.get_running_loop()
    respond = partial(response, pages=pages)
    server = await loop.create_server(lambda: Connection(respond), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def _path(number: int) -> str:
    return f"/berita/{number}-" + "".join(
        one if one.isalpha() else "-" for one in _title(number).lower()
    )


@cache
def _title(number: int) -> str:
    dice = random.Random(-number - 1)  # noqa: S311  as in `page`
    return f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)} {dice.choice(_WHERE)}"


def _sentence(dice: random.Random) -> str:
    return (
        f"{dice.choice(_WHO)} {dice.choice(_WHERE)} {dice.choice(_DID)} {dice.choice(_WHAT)} "
        f"{dice.choice(_WHEN)}, {dice.choice(_WHY)} bagi {dice.randint(12, 980)} keluarga."
    )


def _read_also(dice: random.Random) -> str:
    number = dice.randrange(PER_SITEMAP)
    return f'<p>Baca juga: <a href="{_path(number)}">{_title(number)}</a></p>\n'


@cache
def _cards(kind: str, count: int) -> str:
    card = (
        '<li class="{kind}__kartu kartu--{n}" data-urut="{n}"><a href="{path}" rel="bookmark"><img '
        'src="/gambar/{n}-360x200.webp" width="360" height="200" loading="lazy" alt=""><span>'
        "{title}</span></a></li>"
    )
    return (
        f'<ul class="{kind}">'
        + "".join(
            card.format(kind=kind, n=one, path=_path(one), title=_title(one))
            for one in range(count)
        )
        + "</ul>"
    )


@cache
def _scripts(first: int, size_kb: int) -> str:
    """Return so much of minified script that no two blocks are the same."""
    blocks: list[str] = []
    size = 0
    while size < size_kb * 1000:
        blocks.append(_script(first + len(blocks)))
        size += len(blocks[-1])
    return "".join(blocks)


@cache
def _script(number: int) -> str:
    dice = random.Random(number)  # noqa: S311  as in `page`
    lines = (
        f"function {_name(dice)}({_name(dice)}){{return {_name(dice)}.{_name(dice)}("
        f"{dice.getrandbits(40):x},'{_name(dice)}')||window.{_name(dice)}}}"
        for _ in range(dice.randint(20, 60))
    )
    return f"<script>{';'.join(lines)}</script>"


def _name(dice: random.Random) -> str:
    return dice.choice(_names())


@cache
def _names() -> list[str]:
    dice = random.Random(0)  # noqa: S311  as in `page`
    return ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(300)]


def _xml(root: str, entry: str, listed: list[tuple[str, datetime]]) -> bytes:
    lines = "".join(
        f"<{entry}><loc>{path}</loc><lastmod>{moment.isoformat()}</lastmod></{entry}>\n"
        for path, moment in listed
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?>\n<{root} xmlns="{space}">\n{lines}</{root}>\n'.encode()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
