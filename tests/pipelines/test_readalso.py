"""What is read as a read-also, in the words of many outlets, and what merely begins like one."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from pipelines.blocks import lines_in, tidy
from pipelines.clean import clean
from pipelines.outlets import CleanRules
from pipelines.records import Related

TITLE = "Bupati Resmikan Pasar Baru di Tepi Sungai"

LABELLED = (
    "Baca juga: {t}", "Baca Juga : {t}", "BACA JUGA:{t}", "Baca Juga {t}", "Baca juga {t}",
    "Baca Juga>> {t}", "Baca Juga >>> {t}", "Baca juga » {t}", "Baca juga → {t}",
    "Baca juga - {t}", "Baca Juga – {t}", "Baca juga | {t}", "Baca Juga… {t}",
    "Baca juga... {t}", "Baca juga; {t}", "Baca juga： {t}", "Baca juga = {t}", "Baca Juga! {t}",
    "Baca Juga 👉 {t}", "(Baca juga: {t})", "[Baca juga: {t}]", "(Baca: {t})", "[Baca: {t}]",
    "(BACA JUGA: {t})", "(Baca juga: {t}).", "( Baca Juga : {t} )", "* Baca juga: {t}",
    "- Baca juga: {t}", "• Baca juga: {t}", "-> Baca juga: {t}", "=> Baca juga: {t}",
    "👉 Baca juga: {t}", "▶ Baca Juga: {t}", "**Baca Juga: {t}**", '"Baca Juga: {t}"',
    "“Baca juga: {t}”", "# Baca juga: {t}", "~ Baca juga: {t}", "📖 Baca juga: {t}",
    "Baca pula: {t}", "Baca Pula {t}", "Baca lagi: {t}", "Baca Lagi: {t}",
    "Baca selengkapnya: {t}", "Baca Selengkapnya: {t}", "Baca lainnya: {t}",
    "Baca artikel lainnya: {t}", "Baca berita lainnya: {t}", "Baca juga artikel lainnya: {t}",
    "Baca juga berita: {t}", "Baca juga berita terkait: {t}", "Baca juga artikel terkait {t}",
    "Baca Berita Terkait: {t}", "Baca sebelumnya: {t}", "Baca artikel selengkapnya: {t}",
    "Baca juga di sini: {t}", "Baca: {t}", "BACA: {t}", "Baca : {t}", "Baca berita: {t}",
    "Baca Artikel: {t}", "Baca >> {t}", "Lihat juga: {t}", "Lihat Juga {t}", "LIHAT JUGA: {t}",
    "Lihat pula: {t}", "Lihat: {t}", "LIHAT: {t}", "Lihat juga video: {t}",
    "Lihat Juga Video: {t}", "Simak juga: {t}", "Simak Juga: {t}", "Simak juga {t}",
    "Simak pula: {t}", "Simak: {t}", "SIMAK: {t}", "Simak berita lainnya: {t}",
    "Simak artikel lainnya: {t}", "Tonton juga: {t}", "Tonton: {t}", "TONTON: {t}",
    "Tonton Juga {t}", "Saksikan juga: {t}", "Dengarkan juga: {t}", "Cek juga: {t}",
    "Cek Juga: {t}", "Klik juga: {t}", "Ikuti juga: {t}", "Ketahui juga: {t}",
    "Pelajari juga: {t}", "Temukan juga: {t}", "Artikel Terkait: {t}", "Artikel terkait: {t}",
    "Berita Terkait: {t}", "BERITA TERKAIT: {t}", "Berita Lainnya: {t}", "Berita lain: {t}",
    "Artikel Lainnya: {t}", "Berita sebelumnya: {t}", "Video terkait: {t}",
    "Pilihan Editor: {t}", "PILIHAN EDITOR: {t}", "Pilihan redaksi: {t}",
    "Rekomendasi untuk Anda: {t}", "Selengkapnya: {t}", "Bacaan terkait: {t}",
    "Artikel menarik lainnya: {t}", "Berita Populer: {t}", "Jangan Lewatkan: {t}",
    "Jangan lewatkan: {t}", "Terkait: {t}", "Yuk baca juga: {t}", "Ayo baca juga {t}",
    "Silakan baca juga: {t}", "Baca jug: {t}", "Bacajuga: {t}", "Baca-juga: {t}",
    "Baca  Juga:{t}", "BacaJuga: {t}", "Baca jga: {t}", "Baca juag: {t}", "Baca jg: {t}",
    "Bca juga: {t}", "Baca juga; {t}", "baca juga: {t}", "Baca Juga :: {t}", "Baca Juga:- {t}",
    "Baca Juga :{t}", "Baca juga:\u00a0{t}", "Baca juga, {t}", "Baca juga. {t}", "- {t} 0",
    "Baca uga: {t}", "Baca Uga {t}", "BACA UGA: {t}", "Waca uga: {t}", "Wacanen uga: {t}",
    "Maca uga: {t}", "Deleng uga: {t}", "Tonton Uga: {t}", "Simak uga: {t}", "Pirsani ugi: {t}",
    "Waos ugi: {t}", "Mangga waos ugi: {t}", "Baca ogé: {t}", "Baca Oge {t}",
    "Aca ogé: {t}", "Aos ogé: {t}", "Maca ogé: {t}", "Tingali ogé: {t}", "Lalajo ogé: {t}",
    "Hayu baca ogé: {t}", "(Baca ogé: {t})", "👉 Waca uga: {t}", "Baca oge\u0301: {t}",
    "Baca uga warta: {t}",
)  # fmt: skip
"""A label and its title, {t}; a line of its own."""

TITLED = (
    "BACA JUGA : BUPATI RESMIKAN PASAR BARU DI TEPI SUNGAI",
    "Baca juga: 5 fakta jembatan yang ambruk di Jambi",
    "Baca juga: Apa itu inflasi? Ini penjelasannya", "Baca juga: Warga diimbau tetap di rumah",
    "Baca juga: “Kami Lelah,” Kata Perawat", "Baca juga: 'Rindu', Lagu Baru dari Grup Malam",
    "Baca Juga: Dr. Sari Ungkap Penyebabnya",
    "Baca juga: Harga Emas Rp 1,2 Juta/Gram, Naik Lagi!",
    "baca juga : bupati resmikan pasar baru di tepi sungai",
    "Baca juga: Menteri umum bantuan baharu kepada nelayan",
    "BACA: Banjir di Kelantan makin pulih", "BACA JUGA: Gempa kuat goncang utara Sumatera",
    "LIHAT: Sungai Melimpah Selepas Hujan Lebat", "TONTON: Detik Penduduk Diselamatkan Bomba",
    "Artikel berkaitan: Harga Minyak Kekal Minggu Ini",
    "Artikel Berkaitan: Harga Minyak Kekal Minggu Ini",
    "Berita berkaitan: Harga Minyak Kekal Minggu Ini", "Berita Berkaitan Harga Minyak Kekal",
    "Baca lagi: Harga Minyak Kekal Minggu Ini",
    "Baca seterusnya: Harga Minyak Kekal Minggu Ini",
    "Berita lain: Harga Minyak Kekal Minggu Ini",
    "Berita sebelum ini: Harga Minyak Kekal Minggu Ini",
    "Artikel lain: Harga Minyak Kekal Minggu Ini",
    "Video berkaitan: Harga Minyak Kekal Minggu Ini", "Jom baca: Harga minyak kekal minggu ini",
    "Jom tonton: Harga minyak kekal", "Jangan terlepas: Harga Minyak Kekal Minggu Ini",
    "Berkaitan: Harga Minyak Kekal Minggu Ini", "Bacaan lanjut: Harga Minyak Kekal Minggu Ini",
    "Baca uga: Rega beras mundhak maneh ing pasar Klewer",
    "Baca ogé: Harga béas naék deui di pasar Cianjur",
    "Read also: Minister Opens New Market by the River", "Also read: Minister Opens New Market",
    "See also: Minister Opens New Market", "Read more: Minister Opens New Market",
    "READ: Minister Opens New Riverside Market", "Related: Minister Opens New Riverside Market",
    "Related news: Minister Opens New Market", "Related article: Minister Opens New Market",
)  # fmt: skip
"""The same with titles of other shapes, in Malay and in English."""

ALONE = (
    "Baca uga:", "Waca uga", "Baca ogé:", "Baca Oge", "Aca ogé", "Deleng uga:", "Lalajo ogé",
    "Baca juga", "Baca Juga:", "BACA JUGA", "Baca Juga :", "Artikel Terkait",
    "Artikel Terkait:", "Berita Terkait", "BERITA TERKAIT", "Berita Lainnya", "Berita Lainnya:",
    "Baca Lainnya :", "Berita Populer", "Terpopuler", "Populer", "Trending", "Terkait",
    "Terkait:", "Berkaitan", "Artikel Berkaitan", "Artikel berkaitan:", "Berita Berkaitan",
    "Jangan Lewatkan", "Jangan lewatkan:", "Pilihan Editor", "PILIHAN EDITOR", "Video Pilihan",
    "Video Terkait", "Rekomendasi untuk Anda", "Anda Mungkin Suka", "Anda mungkin juga suka",
    "Mungkin Anda Suka", "You may also like", "Related Posts", "Related Articles",
    "Lihat Juga:", "Simak Juga:", "Baca Selengkapnya", "Baca selengkapnya »", "Selengkapnya",
    "Selengkapnya »", "Baca lagi", "Baca berita lainnya", "Berita Sebelumnya",
    "Artikel Selanjutnya", "Baca juga artikel terkait:", "Baca Artikel Lainnya",
    "Terkini Lainnya", "Topik Terkait", "Artikel & Berita Terkait",
    "Anda juga mungkin berminat", "Read more", "Read More...", "Selengkapnya baca di sini",
    "Baca selengkapnya di sini", "Baca selengkapnya di sini.",
    "Klik di sini untuk membaca artikel lainnya", "Info selengkapnya klik di sini",
    "Untuk berita selengkapnya klik di sini", "Berita selengkapnya, klik di sini",
    "Baca lanjutannya di sini", "Selengkapnya, klik di sini.",
    "Baca berita selengkapnya di tautan ini", "Baca seterusnya di sini",
    (
        "Baca juga artikel terkait PASAR TRADISIONAL atau tulisan menarik lainnya "
        "Rina Wulandari (kabar.id - Bisnis)"
    ),
)  # fmt: skip
"""Labels and prompts without a title, at the end of an article."""

INSIDE = (
    ('Harga naik. Baca juga: <a href="/b">{t}</a> Warga mengeluh.', "Harga naik. Warga mengeluh."),
    (
        'Harga naik. (Baca juga: <a href="/b">{t}</a>) Warga mengeluh.',
        "Harga naik. Warga mengeluh.",
    ),
    ('Harga naik. [Baca: <a href="/b">{t}</a>]', "Harga naik."),
    ('Harga naik (Baca: <a href="/b">{t}</a>).', "Harga naik."),
    ("Harga naik (Baca juga: {t}).", "Harga naik."),
    ("Harga naik.Baca juga: {t}", "Harga naik."),
    ("Harga naik. BACA JUGA: {t}", "Harga naik."),
    ("Harga naik BACA JUGA: {t}", "Harga naik"),
    ("Harga naik Baca Juga: {t}", "Harga naik"),
    (
        "Harga naik, kata Budi. Baca juga: {t}. Pemerintah segera turun tangan di pasar itu.",
        "Harga naik, kata Budi. Pemerintah segera turun tangan di pasar itu.",
    ),
    (
        "Harga naik. <strong>Baca juga: {t}</strong> Warga mengeluh keras soal itu.",
        "Harga naik. Warga mengeluh keras soal itu.",
    ),
    ('Harga naik. <strong>Baca juga:</strong> <a href="/b">{t}</a>', "Harga naik."),
    ('Harga naik. <em>Simak juga: <a href="/b">{t}</a></em>', "Harga naik."),
    ('Harga naik. Lihat juga: <a href="/b">{t}</a>', "Harga naik."),
    ('Harga naik. Tonton juga: <a href="/b">{t}</a>', "Harga naik."),
    ('Harga naik. Artikel berkaitan: <a href="/b">{t}</a>', "Harga naik."),
    ('Harga naik. Artikel Terkait: <a href="/b">{t}</a>', "Harga naik."),
    ('Harga naik. Pilihan Editor: <a href="/b">{t}</a>', "Harga naik."),
    ("Harga naik. Pilihan Editor: {t}", "Harga naik."),
    ('Harga naik. Baca lagi: <a href="/b">{t}</a>', "Harga naik."),
    ("Harga naik. Baca: {t}", "Harga naik."),
    ("Harga naik. → Baca juga: {t}", "Harga naik."),
    ('Harga naik. >> Baca juga: <a href="/b">{t}</a>', "Harga naik."),
    (
        '<a href="/b">Baca juga: {t}</a> Harga naik lagi di pasar itu.',
        "Harga naik lagi di pasar itu.",
    ),
    (
        'Baca juga: <a href="/b">{t}</a> Harga naik lagi di pasar itu sejak pagi.',
        "Harga naik lagi di pasar itu sejak pagi.",
    ),
    (
        'Baca juga: <a href="/b">{t}</a>. Harga naik lagi di pasar itu sejak pagi.',
        "Harga naik lagi di pasar itu sejak pagi.",
    ),
    (
        (
            'Harga naik. Baca juga: <a href="/b">{t}</a> dan <a href="/c">Harga Cabai '
            "Turun Tajam</a>"
        ),
        "Harga naik.",
    ),
    ("MEDIA9 Baca juga: {t}", None),
    ('Rega mundhak. Waca uga: <a href="/b">{t}</a> Warga sambat.', "Rega mundhak. Warga sambat."),
    ("Rega mundhak (Baca uga: {t}).", "Rega mundhak."),
    ("Harga naék. Baca ogé: {t}", "Harga naék."),
)
"""A paragraph that holds a read-also, and what it says without."""

SENTENCES = (
    "Baca puisi di depan umum membuatnya gugup.",
    "Baca juga berarti memahami apa yang tersirat.", "Simak penjelasan berikut ini.",
    "Simak penjelasannya berikut ini:", "Simak ulasan selengkapnya berikut ini.",
    "Berikut ulasan selengkapnya:", "Simak inilah selengkapnya.",
    "Lihat saja nanti hasilnya, kata pelatih itu.", "Lihat Jakarta dari atas monumen itu.",
    "Tonton film itu bersama keluarga, pesan sutradaranya.",
    "Selengkapnya, kata dia, akan diumumkan pekan depan.",
    "Terkait hal itu, polisi masih menyelidiki.", "Terkait: polisi masih menyelidiki kasus itu",
    "Berita terkait kenaikan harga itu dibantah.",
    "Artikel terkait vaksin itu ternyata keliru.", "Rekomendasi: kurangi gula dan garam",
    "Rekomendasi", "Klik tombol Daftar, lalu isi nama lengkap.", "Klik Menu Pengaturan",
    "Pilih menu Lainnya", "Baca Al-Fatihah", "Baca Surat Al-Ikhlas", "Baca: Ayat Kursi",
    "Baca doa iftitah", "Baca Doa Iftitah", "Membaca ayat kursi", "Lanjut membaca",
    "Lanjut membaca tasbih", "Baca juga Surat Keputusan Gubernur Nomor 9 Tahun 2021.",
    "Baca buku setiap hari membuat anak lebih tenang.",
    "Bacaan itu populer di kalangan remaja.", "“Baca juga undang-undangnya,” kata menteri.",
    'Ia berkata, "Lihat juga data tahun lalu."',
    "Dia meminta semua orang membaca juga catatan kaki.", "Kita harus baca juga konteksnya.",
    "Saya sudah baca juga bukunya, kata Rina.",
    "Jangan lewatkan sarapan, kata dokter gizi itu.",
    "Populer sejak 1990-an, lagu itu kembali diputar.", "Simak baik-baik pesan orang tua itu.",
    "Tonton dulu filmnya sebelum menilai.", "Cek juga tekanan ban sebelum berangkat.",
    "Cek fakta: unggahan itu keliru", "Ikuti petunjuk petugas di lapangan.",
    "Ikuti protokol kesehatan saat berada di luar rumah.",
    "Ikuti jejak ayahnya, ia menjadi petani.", "Iklan rokok itu dilarang sejak tahun lalu.",
    "Iklan itu menuai kritik warga.", "Sponsor utama klub itu mundur.",
    "Geser ke bawah tuas merah di samping pintu.",
    "Scroll layar ponsel terlalu lama melelahkan mata.",
    "Gulir ke bawah, lalu pilih menu Privasi.", "Video itu direkam warga dari atas jembatan.",
    "Saksikan pameran itu hingga akhir pekan.",
    "Simak video yang beredar, polisi membantah ada korban.",
    "Ia hanya di rumah sejak pandemi.",
    "Unduh aplikasi Mobile JKN di Play Store atau App Store.",
    "Unduh aplikasi itu, lalu masukkan nomor induk kependudukan.",
    "Kementerian membuat saluran WhatsApp untuk melayani warga.",
    "Saluran Telegram itu diblokir pemerintah pekan lalu.",
    "Google News diblokir di negara itu.",
    "Ia bergabung dengan grup WhatsApp warga sejak lama.",
    "Ikut bergabung dalam grup itu seorang guru.",
    "Kami ikuti saja aturan di Facebook, kata juru bicara itu.",
    "Follow up kasus itu berjalan lambat.", "Artikel ini membahas tiga cara menyimpan beras.",
    "Berita ini dimuat di koran setempat dan memicu protes warga.",
    "Film itu telah tayang di bioskop sejak pekan lalu.", "Tulisan ini pernah menang lomba.",
    "Penulis: saya tidak tahu harus mulai dari mana, jadi saya menunggu sampai pagi.",
    "Editor film itu menerima penghargaan.",
    "Reporter: Bagaimana tanggapan Bapak soal harga beras?",
    "Redaksi: Apa yang Anda rencanakan?", "Sumber air di desa itu kering.",
    "Sumber kami menyebut rapat itu batal.", "Laporan itu dibantah juru bicara.",
    "Laporan keuangan perusahaan itu telat.", "Laporan wartawan itu dibantah polisi.",
    "Oleh karena itu, harga naik.", "Oleh sebab itu Presiden Meminta Menteri.",
    "Antara Jakarta dan Bandung kini hanya 40 menit.", "Reuters melaporkan dua orang tewas.",
    "Foto itu diambil dari udara.", "Foto keluarga itu masih tergantung di dinding.",
    "Ia menunjukkan foto (istimewa) kepada hakim dan pengacaranya, lalu duduk.",
    "Ilustrasi itu dibuat oleh anak sekolah dasar dari kota kecil di utara.",
    "Gambar itu dilelang seharga Rp 2 miliar.", "Hak cipta lagu itu dimiliki oleh anaknya.",
    "Hak cipta menjadi pokok sengketa.",
    "Dilarang mengambil foto di area itu tanpa izin penjaga.",
    "Copyright adalah istilah hukum yang sering disalahpahami orang awam.",
    "Halaman rumah itu penuh bunga.", "Halaman sekolah menjadi tempat bermain.",
    "Selanjutnya, panitia memeriksa berkas.", "Sebelumnya, harga beras turun.",
    "2 dari 3 warga setuju.", "Topik itu ramai dibahas.", "Tagar itu ramai dibahas.",
    "Bagikan makanan kepada tetangga.", "Bagikan ke orang tua jika ada sisa.",
    "Facebook menutup ribuan akun palsu.", "Komentar itu dihapus.",
    "Komentar warganet beragam.", "Dibaca perlahan, surat itu menyentuh.",
    "Polling itu digelar dua hari.", "Daftar isi buku itu terdiri atas lima bab.",
    "Warga menunggu (sejak pagi).", "Mereka datang dari negeri jauh (Iran).",
    "Kecepatannya 120 kilometer per jam (km/jam).", "Harga: Rp 10.000",
    "Jumlah penduduk (jiwa)", "Pukul 09.00: upacara dimulai", "Senin, 6 November 2023",
    "Baca uga buku kuwi ing perpustakaan desa.", "Maca uga bisa gawe ati tentrem.",
    "Waca uga cathetan kang ana ing mburi buku, ujare guru.", "Aca oge datang ke pasar itu.",
    "Deleng uga kahanane sedulurmu, pesene simbah.", "Dheweke seneng nulis lan maca uga.",
    "Baca ogé bukuna di perpustakaan désa.", "Tingali ogé kumaha kaayaan sawahna.",
    "Lalajo ogé kudu aya watesna, ceuk dokter.", "Anjeunna maca ogé surat ti indungna.",
    "“Waca uga undang-undange,” ujare menteri.", "Acara itu digelar di balai desa.",
    "Mangga itu dipanen lebih awal.", "Warta itu dibantah polisi.",
)  # fmt: skip
"""Text that begins or sounds like a label, a prompt, a credit or a promotion, and is none."""


def cleaned(html: str) -> tuple[list[str], list[Related]]:
    """Clean a paragraph between two others; return what is left of it, and its links."""
    around = "Pasar itu ramai sejak pagi dan pedagang menunggu pembeli sampai sore tiba."
    root = fragment_fromstring(f"<div><p>{around}</p><p>{html}</p><p>Akhir kata.</p></div>")
    result = clean(lines_in(root), root, base="https://contoh.id/a/", rules=CleanRules())
    left = [tidy(line.text) for _, line in result.lines if line.node is root[1]]
    return left, [item for _, item in result.found if isinstance(item, Related)]


@pytest.mark.parametrize(
    "line",
    [
        "Baca selengkapnya di halaman berikutnya.",
        "Selengkapnya di halaman 2",
        "Lanjut ke halaman 2",
    ],
)
def test_a_link_to_the_next_page_is_no_read_also(line: str) -> None:
    assert cleaned(f'<a href="/a?page=2">{line}</a>') == ([], [])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize("form", LABELLED)
def test_a_labelled_line_is_its_title(form: str) -> None:
    left, related = cleaned(escaped(form.format(t=TITLE)))
    assert (left, [one.title for one in related]) == ([], [TITLE])


@pytest.mark.parametrize("form", LABELLED)
def test_a_labelled_link_is_its_title(form: str) -> None:
    before, _, after = form.partition("{t}")
    html = f'{escaped(before)}<a href="/b">{TITLE}</a>{escaped(after)}'
    left, related = cleaned(html)
    assert left == []
    assert [(one.title, one.url) for one in related] == [(TITLE, "https://contoh.id/b")]


@pytest.mark.parametrize("line", TITLED)
def test_titles_of_any_shape_are_taken(line: str) -> None:
    left, related = cleaned(escaped(line))
    assert (left, len(related)) == ([], 1)


@pytest.mark.parametrize("line", ALONE)
def test_labels_without_a_title_go(line: str) -> None:
    assert cleaned(escaped(line))[0] == []


@pytest.mark.parametrize(("html", "rest"), INSIDE)
def test_a_read_also_inside_a_paragraph_leaves_the_rest(html: str, rest: str | None) -> None:
    left, related = cleaned(html.format(t=TITLE))
    assert left == ([rest] if rest else [])
    assert related[0].title == TITLE


@pytest.mark.parametrize("line", SENTENCES)
def test_sentences_stay(line: str) -> None:
    assert cleaned(escaped(line)) == ([line], [])
