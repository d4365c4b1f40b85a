"""Which lines are boilerplate as a whole, in the words of many outlets."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from pipelines.blocks import lines_in, tidy
from pipelines.clean import KINDS, clean
from pipelines.linekind import line_kind
from pipelines.outlets import CleanRules
from pipelines.records import Removed
from tests.visible import words

LINES = {
    "advertisement": (
        "ADVERTISEMENT", "Advertisement", "- Advertisement -", "Iklan", "IKLAN", "[Iklan]",
        "ADVERTORIAL", "Pariwara", "ads", "SCROLL TO CONTINUE WITH CONTENT",
        "Scroll to resume content", "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
        "Gulir ke bawah untuk melanjutkan membaca", "Scroll untuk membaca artikel",
        "Geser ke bawah untuk lanjut membaca", "Scroll ke bawah untuk melanjutkan",
        "Skrol untuk meneruskan bacaan", "Lanjutkan membaca artikel di bawah",
        "Lanjutkan membaca", "Lanjutkan membaca →", "Continue reading below",
        "Artikel berlanjut di bawah iklan ini", "Lanjut baca setelah iklan",
        "Konten di bawah ini disajikan oleh pengiklan.",
        "Untuk pemasangan iklan hubungi redaksi di iklan@kabarkita.id",
    ),
    "embed": (
        "[Gambas:Video Kabar]", "[Gambas:Instagram]", "[Gambas:Youtube]", "[Gambas: Twitter]",
        "[Video: Banjir di Kota]", "[Embed Video]", "[youtube https://youtu.be/abc]",
        "View this post on Instagram", "Lihat postingan ini di Instagram",
        "A post shared by Sari Dewi (@saridewi)",
        "Sebuah kiriman dibagikan oleh Sari (@saridewi)",
        "https://www.youtube.com/watch?v=abc123", "Video: https://youtu.be/abc123",
    ),
    "video_promo": (
        'Simak Video "Banjir Rendam Ratusan Rumah"', "Simak Video 'Banjir Rendam Ratusan Rumah':",
        'Tonton video "Banjir Rendam Rumah" di sini:', "Saksikan Video 'Banjir Rendam Rumah':",
        "Saksikan video selengkapnya berikut ini.", "Simak selengkapnya dalam video berikut!",
        "Simak video berikut ini:", "Lihat video di bawah ini.",
        "Tonton video selengkapnya di sini", "Saksikan Live KabarPagi:",
        "Saksikan siaran langsung final bulu tangkis di Vidio.",
        (
            'Jangan lewatkan ulasannya dalam program "Kabar Malam" pukul 21.00 WIB, hanya '
            'di Kota TV'
        ),
        'Saksikan "Kabar Malam" setiap Senin pukul 22.00 WIB hanya di MetroTV',
    ),
    "channel_promo": (
        "Ikuti saluran WhatsApp kami untuk berita terbaru.",
        "Ikuti Saluran WhatsApp Kabar Kita untuk mendapatkan berita terkini setiap hari.",
        (
            'Dapatkan update berita pilihan dan breaking news setiap hari dari '
            'KabarKita.id. Mari bergabung di Grup Telegram "Kabar Kita Update", caranya '
            'klik link https://t.me/kabarkita, kemudian join.'
        ),
        "Cek berita dan artikel lainnya di Google News",
        "Ikuti berita terkini dari Kabar Kita di Google News, klik di sini.",
        "Baca berita lainnya di Google News dan WhatsApp Channel",
        "Yuk, gabung di channel WhatsApp Kabar Kita!  Klik di sini.",
        "Jangan lupa ikuti WhatsApp Channel KabarKita untuk update terbaru",
        "Ikuti kami di Instagram, Facebook dan Twitter", "Ikuti kami di Google News",
        "Follow kami di Instagram @kabarkita", "Follow us on Twitter @kabarkita",
        "Follow akun Instagram @kabarkita untuk berita terkini",
        "Like dan follow fanpage Facebook kami",
        "Jangan lupa like, share, dan subscribe channel YouTube kami",
        "Unduh aplikasi Kabar Kita di Play Store untuk berita terbaru",
        "Download aplikasi berita kami sekarang",
        "Dapatkan berita terbaru setiap pagi dengan berlangganan newsletter kami",
        "Daftar newsletter kami", "Berlangganan newsletter Kabar Kita",
        "Aktifkan notifikasi untuk mendapatkan berita terbaru",
        "Sertai saluran Telegram kami untuk berita terkini",
        "Ikuti saluran WhatsApp dan Telegram rasmi Berita Kami untuk berita terkini",
        "Muat turun aplikasi Berita Kami sekarang",
        (
            "Simak kabar pilihan redaksi langsung di ponsel Anda. Pilih saluran Anda: "
            "WhatsApp Channel."
        ),
        "Baca berita tanpa iklan. Gabung KabarKita+",
        "Punya informasi menarik? Kirim ke WhatsApp redaksi 0812000000",
    ),
    "syndication": (
        "Artikel ini telah tayang di KabarKita.id dengan judul Bupati Resmikan Pasar Baru",
        (
            'Artikel ini telah tayang di KabarKita.id dengan judul "Bupati Resmikan Pasar '
            'Baru", Klik untuk baca: https://kabarkita.id/read/12'
        ),
        "Berita ini sudah tayang di KabarKita.com dengan judul: Bupati Resmikan Pasar",
        "Artikel ini pertama kali tayang di KabarKita.com",
        "Artikel ini sebelumnya telah tayang di laman Kabar Kita.",
        "Tulisan ini telah dipublikasikan di KabarKita.id", "Artikel asli: kabarkita.id",
        "This article was originally published on KabarKita",
    ),
    "credit": (
        "Editor: Sari Dewi", "Editor : Sari Dewi", "EDITOR: SARI DEWI", "Penulis: Sari Dewi",
        "Reporter: Sari Dewi", "Pewarta: Sari Dewi Editor: Budi Karta",
        "Pewarta: Sari Dewi\nEditor: Budi Karta\nCopyright © ANTARA 2023",
        "Penulis: Sari Dewi | Editor: Budi Karta", "Reporter: Sari Dewi, Editor: Budi Karta",
        "(Editor: Sari Dewi)", "Sumber: Reuters", "Sumber: berbagai sumber",
        "Sumber: https://kabar.id/artikel-lain", "Sumber : Kabar Kita", "Rep: Sari Dewi",
        "Red: Sari Dewi", "Penulis/Editor: Sari Dewi", "Kontributor: Sari Dewi",
        "Redaktur : Sari Dewi", "Penyunting: Sari Dewi", "Wartawan: Sari Dewi",
        "Fotografer: Sari Dewi",
        "Artikel ini ditulis oleh Sari Dewi, peserta magang di Kabar Kita.", "(ANTARA)",
        "(Reuters/AFP)", "Kantor Berita Nusa (NUSA)", "Nusa News Agency (NUSA)",
    ),
    "byline": (
        "Oleh: Sari Dewi", "Oleh : Budi Karta Wijaya", "Laporan wartawan Kabar Kita, Sari Dewi",
        "Laporan Wartawan KabarKita.com, Sari Dewi Lestari",
    ),
    "caption": (
        "Foto: Antara/Sari Dewi", "(Foto: Sari Dewi/Kabar Kita)", "Foto: dok. Humas Pemkot",
        "Ilustrasi banjir (Foto: Antara)",
        "Warga mengantre beras di Pasar Induk (Foto: Sari Dewi)",
        "Keterangan foto: Warga mengantre beras.", "FOTO: Sari Dewi/kabar.id",
        "Ilustrasi. (Shutterstock)", "Ilustrasi pasar. Foto: Shutterstock", "Gambar: Bernama",
        "Foto/ANTARA", "Kredit foto: Sari Dewi", "Menteri Sari Dewi (dok. Kemenperin)",
        "Menteri Sari Dewi. (Foto: Istimewa)", "Photo: Sari Dewi",
        "Warga melintas di jembatan (ANTARA/Sari Dewi)", "ANTARA/Sari Dewi",
        "Sumber foto: Instagram @saridewi",
    ),
    "copyright": (
        "Copyright © Kabar Kita 2021", "COPYRIGHT © ANTARA 2023", "© 2023 Kabar Kita",
        "Copyright 2023 Kabar Kita. All rights reserved.", "Hak cipta © 2023 Kabar Kita",
        "Hak Cipta Dilindungi Undang-Undang", "Hakcipta terpelihara",
        (
            "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan "
            "otomatis untuk AI di situs web ini tanpa izin tertulis dari redaksi."
        ),
        "Dilarang mengutip isi berita ini tanpa izin redaksi.", "All Rights Reserved",
    ),
    "navigation": (
        "2 dari 3 halaman", "Halaman 1 dari 3", "Halaman selanjutnya", "Halaman Selanjutnya »",
        "Halaman: 1 2 3 4", "Halaman selanjutnya: Apa kata pengamat?",
        "Halaman Berikutnya: Daftar harga terbaru", "Lanjut ke halaman 2",
        "Baca halaman selanjutnya", "Klik halaman selanjutnya untuk membaca lanjutan berita",
        "Selanjutnya", "Sebelumnya", "Next", "Page 1 of 3", "Lihat Semua", "Load more",
        "Kembali ke atas", "1 2 3 Selanjutnya", "Bersambung ke halaman 2",
        "Next article Bupati Resmikan Pasar", "Halaman selanjutnya, …", "Halaman berikutnya ...",
        "Halaman selanjutnya, apa kata pengamat…", "Halaman Selanjutnya, Kronologi Kejadian",
        "Halaman Selanjutnya, Apa Kata Pengamat?", "Baca selengkapnya di halaman berikutnya.",
        "Baca selengkapnya di halaman selanjutnya >>>", "Bersambung ke halaman berikutnya",
        "Bersambung ke halaman berikutnya.", "(Bersambung ke halaman berikutnya)",
        "Lanjut ke halaman 2.", "Lanjut ke halaman berikutnya untuk membaca kisah lengkapnya",
        "Selengkapnya di halaman 2", "Selanjutnya di halaman berikutnya...",
        "Baca lanjutannya di halaman 2", "Baca halaman berikutnya: Kata Pengamat",
    ),
    "tags": (
        "Tags: pasar, beras, bupati", "Tag: #pasar #beras", "#pasar #beras #bupati", "TAGS",
        "Topik: Pasar, Beras", "Kata kunci: pasar, beras", "Tag terkait: pasar",
    ),
    "widget": (
        "Bagikan:", "Bagikan artikel ini", "Share this", "Share",
        "Facebook Twitter WhatsApp Telegram", "Salin tautan", "Copy link", "URL berhasil disalin",
        "Dibaca 120 kali", "1.200 views", "Views: 120", "Waktu baca: 3 menit", "3 menit baca",
        "5 min read", "Tinggalkan komentar", "Tulis komentar Anda", "12 Komentar", "Komentar",
        "Dengarkan artikel ini", "Apakah artikel ini bermanfaat?", "Apa reaksi Anda?",
        "Polling: Siapa calon bupati pilihanmu?", "Daftar Isi", "Leave a comment", "Kongsi",
    ),
    "signoff": (
        "(abc/def)", "(abc)", "(*)", "***", "(T/R5/B04)", "[abc/def]", "(OL-4)", "(Ant/Abc)",
        "[]", "(*/abc)", "(Red)", "(ABC)",
    ),
}  # fmt: skip

INSIDE = (
    ("Harga naik. [Gambas:Video Kabar]", "Harga naik."),
    (
        "Harga naik. ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT Warga mengeluh.",
        "Harga naik. Warga mengeluh.",
    ),
    (
        (
            'Harga naik. Artikel ini telah tayang di Kabar.id dengan judul "Bupati '
            'Resmikan Pasar Baru di Tepi Sungai"'
        ),
        "Harga naik.",
    ),
    ('"Harga naik," katanya. Editor: Sari Dewi', '"Harga naik," katanya.'),
    ("Harga naik. Pewarta: Sari Dewi Editor: Budi Karta Copyright © ANTARA 2023", "Harga naik."),
)
"""A paragraph with boilerplate in it, and what it says without."""


PAGES = (
    "Halaman rumah itu penuh bunga.", "Halaman itu luas",
    "Halaman selanjutnya dari buku itu kosong, kata peneliti.",
    "Halaman selanjutnya, kata peneliti, kosong.", "Halaman selanjutnya, Budi menulis namanya.",
    'Halaman berikutnya, "Surat untuk Ibu", ditulis tangan.',
    "Baca halaman 2 buku itu, kata guru.", "Lihat halaman berikutnya pada buku itu, pesan guru.",
    "Bersambung ke halaman berikutnya, kisah itu memikat pembaca.",
    "Lanjut ke halaman 2 skripsinya, ia menulis ucapan terima kasih.",
    "Selengkapnya di halaman rumah itu ada dua sumur.",
    "Bersambung ke halaman sekolah, pagar itu roboh.",
)  # fmt: skip
"""Sentences about pages and yards."""


@pytest.mark.parametrize(
    ("kind", "line"), [(kind, line) for kind, lines in LINES.items() for line in lines]
)
def test_a_line_has_its_kind(kind: str, line: str) -> None:
    assert line_kind(" ".join(line.split())) == kind
    assert kind in KINDS


@pytest.mark.parametrize(("text", "rest"), INSIDE)
def test_boilerplate_inside_a_paragraph_leaves_the_rest(text: str, rest: str) -> None:
    root = fragment_fromstring("<div><p></p></div>")
    root[0].text = text
    result = clean(lines_in(root), root, base="https://contoh.id/", rules=CleanRules())
    assert [tidy(line.text) for _, line in result.lines] == [rest]
    removed = [item.text for _, item in result.found if isinstance(item, Removed)]
    assert words([rest, *removed]) == words([text])


@pytest.mark.parametrize("line", PAGES)
def test_sentences_about_pages_stay(line: str) -> None:
    assert line_kind(line) is None


@pytest.mark.parametrize("line", ["Oleh Sari Dewi", "Senin, 6 November 2023 | 10:20 WIB"])
def test_bylines_and_times_go_only_before_the_text(line: str) -> None:
    assert line_kind(line, head=True) == "byline"
    assert line_kind(line) is None


@pytest.mark.parametrize("line", ["Oleh karena itu, harga naik.", "Senin, 6 November 2023"])
def test_sentences_and_days_before_the_text_stay(line: str) -> None:
    assert line_kind(line, head=True) is None
