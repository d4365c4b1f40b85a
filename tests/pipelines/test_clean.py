"""What is taken for a read-also and what merely sounds like one."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from pipelines.blocks import lines_in, tidy
from pipelines.clean import clean, cut_signoff
from pipelines.outlets import CleanRules
from pipelines.records import Related, Removed

FALSE_FRIENDS = [
    "Jangan hanya membaca judulnya, tapi baca juga isi beritanya sampai selesai.",
    "Kalau kalian lihat juga angka beberapa tahun terakhir, hasilnya selalu meleset.",
    "Membaca juga perlu dibiasakan sejak kecil, kata kepala sekolah itu.",
    "Terlihat juga dua pos jaga yang baru dibangun di depan pintu masuk.",
    "Baca juga petunjuk di kemasan sebelum memakai obat ini.",
    "Simak cara mengganti akun WhatsApp di ponsel berikut ini agar tidak salah langkah.",
    "Baca buku itu dua kali, kata guru kepada murid-muridnya.",
    "Berita terkait penangkapan itu dibantah juru bicara polisi.",
    "Kecepatan mobil itu mencapai 120 kilometer per jam (km/jam) di jalan tol.",
    "Ia meminta warga jangan lewatkan kesempatan memilih pada hari Minggu.",
    "Populer di kalangan muda, minuman itu kini dijual di mana-mana.",
    "Lihat <b>juga</b> bagian kedua laporan kami tentang hutan yang terbakar.",
    'Menteri berkata, "Baca juga <a href="/uu">undang-undangnya</a> sebelum berkomentar."',
    "Sumber air di desa itu kering sejak bulan lalu.",
    "Editor film itu menerima penghargaan di Berlin.",
    "Pemimpin gerakan itu (baca: Karim Zaidan) tiba di ibu kota kemarin.",
    "Mereka hanya mengejar kuasa (baca: bagi-bagi jabatan) setelah pemilihan.",
    "(Baca: jabatan) itulah yang mereka kejar sejak awal.",
    "(Baca: Karim Zaidan)",
    "(Baca: Karim Zaidan).",
    "Kata dia, “Lihat juga: data harga turun 0,2 persen.”",
    'Kata dia, "Lihat juga: data harga turun 0,2 persen."',
    "“Lihat juga: data harga turun 0,2 persen.”",
    "Ia menulis, “Angkanya jelas. Baca juga: Laporan Tahunan Dinas Pasar.” Lalu ia pergi.",
    "Angka itu lebih rendah. Lihat juga: data harga yang turun 0,2 persen.",
    "Baca: buku catatan adalah teman berpikir, bukan pajangan meja.",
    "Aturan itu berlaku. Baca juga Surat Keputusan Gubernur Nomor 9 Tahun 2021.",
    "Baca artikel itu sampai selesai sebelum menulis komentar",
    "Baca artikel Harga Beras Naik Lagi di Pasar Induk.",
]


def cleaned(html: str) -> tuple[list[str], list[Related], list[Removed]]:
    root = fragment_fromstring(f"<div>{html}</div>")
    result = clean(lines_in(root), root, base="https://contoh.id/a/", rules=CleanRules())
    items = [item for _, item in result.found]
    return (
        [tidy(line.text) for _, line in result.lines],
        [one for one in items if isinstance(one, Related)],
        [one for one in items if isinstance(one, Removed)],
    )


def test_a_quotation_closed_before_a_label_does_not_keep_it() -> None:
    for quotation in ("“Harga turun,”", '"Harga turun,"'):
        html = f'<p>{quotation} katanya. Baca juga: "Panen Raya" Dimulai Pekan Ini</p>'
        lines, related, _ = cleaned(html)
        assert lines == [f"{quotation} katanya."]
        assert [one.title for one in related] == ['"Panen Raya" Dimulai Pekan Ini']


@pytest.mark.parametrize("html", FALSE_FRIENDS)
def test_running_text_stays(html: str) -> None:
    root = fragment_fromstring(f"<p>{html}</p>")
    assert cleaned(f"<p>{html}</p>") == ([tidy(str(root.text_content()))], [], [])


@pytest.mark.parametrize(
    ("html", "form"),
    [
        ('<p>Baca juga: <a href="/b">Harga Beras Naik</a></p>', "own_paragraph"),
        ("<p>Baca juga: Harga Beras Naik</p>", "own_line"),
        ("<p>(Baca juga: Harga Beras Naik)</p>", "parenthesised"),
        ('<p>Satu. Baca juga: <a href="/b">Harga Beras Naik</a> Dua.</p>', "inline"),
        ("<p>Satu kalimat.Baca Juga : Harga Beras Naik</p>", "glued"),
        ("<h3>Baca Juga</h3><p><a href='/b'>Harga Beras Naik</a></p><p>Satu.</p>", "list"),
        ("<aside>Baca Juga<h4><a href='/b'>Harga Beras Naik</a></h4></aside>", "box"),
    ],
)
def test_each_form_has_its_name(html: str, form: str) -> None:
    _, related, _ = cleaned(html)
    assert [(one.title, one.form) for one in related] == [("Harga Beras Naik", form)]


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ('<p>Baca artikel <a href="/b">Gubernur Ungkap Harga Beras</a></p>', "Baca artikel"),
        ('<p><a href="/b">Baca artikel Gubernur Ungkap Harga Beras</a></p>', "Baca artikel"),
        ('<p>Baca artikel Kabar: <a href="/b">Gubernur Ungkap Harga Beras</a></p>',
         "Baca artikel Kabar:"),
        ('<p>Baca artikel Kabar <a href="/b">Gubernur Ungkap Harga Beras</a></p>',
         "Baca artikel Kabar"),
        ('<p>Baca <a href="/b">juga: Gubernur Ungkap Harga Beras</a></p>', "Baca juga:"),
        ("<p>Baca artikel Gubernur Ungkap Harga Beras</p>", "Baca artikel"),
        ("<p>(Baca: Gubernur Ungkap Harga Beras)</p>", "(Baca:"),
        ('<p>[Baca juga] <a href="/b">Gubernur Ungkap Harga Beras</a></p>', "[Baca juga"),
    ],
)  # fmt: skip
def test_a_title_is_whole(html: str, label: str) -> None:
    lines, related, removed = cleaned(html)
    assert (lines, [one.title for one in related]) == ([], ["Gubernur Ungkap Harga Beras"])
    assert removed == [Removed(kind="read_also_label", text=label)]


def test_a_link_after_a_label_in_a_paragraph_is_its_title() -> None:
    html = '<p>Satu. Baca juga <a href="/b">artikel lainnya: Harga Beras Naik</a> Dua.</p>'
    lines, related, _ = cleaned(html)
    assert (lines, [one.title for one in related]) == (
        ["Satu. Dua."],
        ["artikel lainnya: Harga Beras Naik"],
    )


def test_brackets_at_the_start_of_a_paragraph_leave_its_text() -> None:
    lines, related, _ = cleaned("<p>(Baca juga: Harga Beras) Pasar itu ramai lagi.</p>")
    assert (lines, [one.title for one in related]) == (["Pasar itu ramai lagi."], ["Harga Beras"])


def test_brackets_around_a_link_or_baca_juga_are_a_read_also() -> None:
    for inside in ('(baca: <a href="/b">Harga Beras</a>)', "(baca juga: Harga Beras)"):
        lines, related, _ = cleaned(f"<p>Pasar itu {inside} ramai lagi.</p>")
        assert lines == ["Pasar itu ramai lagi."]
        assert [one.title for one in related] == ["Harga Beras"]


@pytest.mark.parametrize(
    "html",
    [
        '<figure><img src="/g.jpg"><figcaption>Baca Juga : {link}</figcaption></figure>',
        '<div class="wp-block-button"><a href="/b">Baca Juga : Harga Beras Naik</a></div>',
        '<div class="wp-block-buttons"><div class="wp-block-button">Baca Juga : {link}</div></div>',
    ],
)
def test_read_also_in_a_caption_or_a_button_is_related(html: str) -> None:
    link = '<a href="/b">Harga Beras Naik</a>'
    lines, related, removed = cleaned(f"<p>Satu.</p>{html.format(link=link)}")
    assert lines == ["Satu."]
    assert [(one.title, one.url) for one in related] == [
        ("Harga Beras Naik", "https://contoh.id/b")
    ]
    assert removed == [Removed(kind="read_also_label", text="Baca Juga :")]


def test_other_captions_and_buttons_are_removed() -> None:
    html = (
        "<p>Satu.</p><figure><figcaption>Warga antre. Foto: <a href='/s'>Sari</a></figcaption>"
        "</figure><div class='wp-block-button'><a href='/u'>Unduh berkas</a></div>"
    )
    assert [(one.kind, one.text) for one in cleaned(html)[2]] == [
        ("caption", "Warga antre. Foto: Sari"),
        ("widget", "Unduh berkas"),
    ]


def test_several_links_of_one_label_are_several() -> None:
    html = (
        "<p>Teks tetap di sini.</p><p><b>Baca Juga:</b></p><ul><li><a href='/1'>Judul Satu</a></li>"
        "<li><a href='/2'>Judul Dua</a></li><li><a href='/1'>Judul Satu</a></li></ul><p>Akhir.</p>"
    )
    lines, related, removed = cleaned(html)
    assert lines == ["Teks tetap di sini.", "Akhir."]
    assert [(one.title, one.url) for one in related] == [
        ("Judul Satu", "https://contoh.id/1"),
        ("Judul Dua", "https://contoh.id/2"),
    ]
    assert [(one.kind, one.text) for one in removed] == [
        ("read_also_label", "Baca Juga:"),
        ("read_also_duplicate", "Judul Satu"),
    ]


def test_quotes_and_brackets_of_a_title_stay() -> None:
    _, related, _ = cleaned('<p>Baca juga: <a href="/b">"Ngambek", Kapten Pergi (Bagian 2)</a></p>')
    assert [one.title for one in related] == ['"Ngambek", Kapten Pergi (Bagian 2)']


def test_links_that_are_no_address_have_no_url() -> None:
    _, related, _ = cleaned('<p>Baca juga: <a href="javascript:void(0)">Judul Satu Dua</a></p>')
    assert [one.url for one in related] == [None]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("ADVERTISEMENT", "advertisement"),
        ("SCROLL TO CONTINUE WITH CONTENT", "advertisement"),
        ("[Gambas:Video Kabar]", "embed"),
        ('Simak Video "Banjir di Kota"', "video_promo"),
        ("Ikuti saluran WhatsApp kami untuk berita terbaru.", "channel_promo"),
        ("Editor: Sari Dewi", "credit"),
        ("Copyright © Kabar 2021", "copyright"),
        ("2 dari 3 halaman", "navigation"),
        ("(abc/def)", "signoff"),
    ],
)
def test_other_boilerplate_has_its_kind(line: str, kind: str) -> None:
    assert cleaned(f"<p>Satu.</p><p>{line}</p>")[2] == [Removed(kind=kind, text=line)]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Selesai sudah. (abc/def)", "Selesai sudah."),
        ("Selesai sudah.(abc)", "Selesai sudah."),
        ("Selesai sudah. (T/R5/B04)", "Selesai sudah."),
        ("Selesai sudah (dia)", "Selesai sudah (dia)"),
        ("Kata orang (dan juga saya).", "Kata orang (dan juga saya)."),
    ],
)
def test_signoff_is_cut_from_the_end(text: str, rest: str) -> None:
    assert cut_signoff(text, CleanRules())[0] == rest
