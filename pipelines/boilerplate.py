"""What stands in a body and is no article, read-also links apart. Tables only; `linekind` judges.

Rows are tried in order. Each has words or signs of which a line must hold one, in small letters: a
cheap test before the pattern, which must match the whole line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_NAMES = rf"{_NAME}(?:,?\s+(?:(?:dan|bin|binti|dari|of|de|van|al)\s+)?{_NAME}){{0,7}}"
_AGENCY = (
    r"(?:ANTARA(?:\s+(?:News|FOTO))?|Antara(?:\s+(?:News|Foto))?|LKBN\s+Antara|Reuters|REUTERS|AFP|AP|"
    r"Associated\s+Press|Xinhua|Anadolu(?:\s+Agency)?|AA|Bernama|BERNAMA|DPA|dpa|EPA|VOA|BBC|CNN|"
    r"Sputnik|Kyodo|Yonhap|TASS|MINA|Al\s?Jazeera|Getty\s+Images|Shutterstock|Republika|Tempo|"
    r"[A-Z]?[\w-]+\.(?:com|co\.id|id|net|my|tv))"
)
_ROLE = (
    r"(?:editor(?:\s+bahasa)?|penyunting|penulis|reporter|pewarta(?:\s+foto)?|redaktur|redaksi|"
    r"sumber(?:\s+(?:berita|artikel|tulisan))?|source|kontributor|fotografer|juru\s?foto|penerjemah|"
    r"uploader|laporan|rep|red|jurnalis|wartawan|koresponden|naskah|kamerawan|videografer|"
    r"ilustrator|desain(?:er)?|infografi[ks]|pengarang|disunting(?:\s+oleh)?|ditulis(?:\s+oleh)?|"
    r"dilaporkan(?:\s+oleh)?|author|writer)"
)
_ROLES = rf"{_ROLE}(?:\s*[/&]\s*{_ROLE})?"
_CREDITED = r"(?:https?://\S{3,200}|[^:：?!\n]{2,100}?)"
_NETWORK = (
    r"(?:facebook|fb|twitter|whats?app|telegram|line|linkedin|pinterest|e-?mail|instagram|threads|"
    r"tiktok|messenger|copy\s+(?:link|url)|salin\s+(?:tautan|link|url)|share|bagikan|print|cetak|"
    r"tweet|kongsi)"
)
_CHANNEL = (
    r"(?:whats?app\s+channel|(?:channel|saluran|kanal|grup|group|komunitas)\s+(?:resmi\s+)?(?:whats?app|"
    r"wa\b|telegram|youtube)|whatsapp\.com/channel|google\s+(?:news|berita)|telegram\s+channel|t\.me/)"
)
_ASKS = (
    r"(?:simak|dapatkan|ikuti|follow|like|gabung|bergabung|cek|baca(?!\s+(?:juga|pula|lagi)\b)|klik|"
    r"temukan|pantau|sertai|langgan(?:i|an)?|berlangganan|subscribe|join|nikmati|kunjungi|layari|"
    r"update|ketahui|terima)"
)
_TURN = (
    r"(?:klik|lanjut(?:kan)?|baca|buka|bersambung|simak|lihat|berlanjut|selengkapnya|selanjutnya|"
    r"kelanjutannya|lanjutannya)"
)
_READ_ON = r"(?:(?:membaca|baca|selengkapnya|lengkapnya|selanjutnya|(?:ke)?lanjutan(?:nya)?),?\s+)*"
_AFTER_PAGE = (
    r"(?:\W*|\s*[:»>–-]\s*.{2,100}|,?\s+(?:untuk|guna|agar|supaya)\s+"
    r"(?:mem?baca|melanjutkan|melihat|mengetahui|tahu|menyimak|baca|lanjut)\b.{0,80})"
)
"""What a line that turns the page may end in: words on the page are a sentence's."""
_BEFORE_ASKING = (
    r"[*\s•-]*(?:(?:yuk|mari|ayo|jom|sila(?:kan)?|jangan\s+(?:lupa|ketinggalan)|untuk|ingin|mau|agar|"
    r"supaya)\b[^.]{0,80}?[,?!]?\s+)?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of line."""

    kind: str
    words: frozenset[str]
    longest: int
    pattern: re.Pattern[str]


def _row(kind: str, words: str, longest: int, pattern: str, *, exact: bool = False) -> Row:
    """Make a row; *words* parted by spaces, letters of any case unless *exact*."""
    compiled = re.compile(rf"\s*(?:{pattern})\s*", 0 if exact else re.IGNORECASE)
    return Row(kind, frozenset(words.split()), longest, compiled)


ROWS: tuple[Row, ...] = (
    _row(
        "advertisement",
        (
            "ad ads adv advertisement advertisements iklan advertorial sponsored promoted"
            " bersponsor pariwara"
        ),
        120,
        (
            r"[-–—=\s\[(]*(?:ad[sv]?\.?|advertisements?|iklan|advertorial|sponsored(?:\s+content)?|"
            r"promoted|konten\s+bersponsor|pariwara)(?:\s+(?:scroll|gulir)\b.{0,60})?[-–—=\s\])]*"
        ),
    ),
    _row(
        "advertisement",
        "scroll gulir geser skrol tatal",
        160,
        (
            r"[-–—\W]*(?:scroll|gulir|geser|skrol|tatal)(?:\s+(?:layar|ke\s+bawah|down))*\s+"
            r"(?:to|untuk|for|bagi)\s+"
            r"(?:resume|continue|read|more|melanjutkan|lanjut|meneruskan|membaca|baca)\b.{0,80}"
        ),
    ),
    _row(
        "advertisement",
        "lanjut lanjutkan continue iklan disajikan",
        200,
        (
            r"lanjut(?:kan)?\s+(?:membaca|baca)\s+(?:konten|artikel|berita|di\s+bawah).{0,60}|"
            r"lanjutkan\s+membaca\W*(?:[→»>…“\"].{0,150})?|continue\s+reading\b.{0,80}|"
            r"(?:artikel|berita|konten|kandungan|baca|lanjut\w*)\b.{0,60}\b(?:setelah|selepas|"
            r"di\s?bawah)\s+iklan\b.{0,30}|"
            r"konten\s+(?:di\s+bawah\s+)?ini\s+disajikan\s+oleh\b.{0,120}"
        ),
    ),
    _row(
        "advertisement",
        "iklan kerja kerjasama",
        250,
        (
            r"(?:untuk\s+)?(?:pemasangan\s+iklan|(?:info(?:rmasi)?\s+)?(?:iklan|kerja\s?sama))\b"
            r"[^.]{0,80}\b(?:hubungi|kontak|email|e-mail|wa|whatsapp)\b.{0,120}"
        ),
    ),
    _row(
        "embed",
        "[",
        260,
        (
            r"(?:\[\s*(?:gambas|embed|video|youtube|instagram|twitter|tweet|tiktok|facebook|foto|"
            r"gambar|image|infografis|galeri|gallery|playlist|widget|polling|audio|podcast)"
            r"(?:\s*[:|=\s][^\]]{0,200})?\]\s*)+"
        ),
    ),
    _row(
        "embed",
        "post postingan kiriman siaran hantaran",
        260,
        (
            r"(?:view|lihat)\s+(?:this\s+post|(?:postingan|kiriman|hantaran|siaran)\s+ini)\s+(?:on|di)\s+"
            r"\w+.{0,20}|(?:a\s+post\s+shared\s+by|(?:sebuah\s+)?(?:kiriman|postingan|hantaran|siaran)"
            r"\s+(?:yang\s+)?(?:dibagikan|dikongsi)\s+oleh)\b.{0,200}"
        ),
    ),
    _row(
        "embed",
        "http https",
        300,
        (
            r"(?:video|youtube|link|sumber\s+video)?\s*[:：]?\s*https?://(?:www\.|m\.)?"
            r"(?:youtu\.be|youtube\.com|instagram\.com|twitter\.com|x\.com|tiktok\.com|facebook\.com|"
            r"fb\.watch|pic\.twitter\.com|t\.co)/\S*"
        ),
    ),
    _row(
        "video_promo",
        "video videonya",
        420,
        (
            r"(?:yuk\s+|ayo\s+|jom\s+)?(?:simak|lihat|tonton|saksikan)\s+(?:(?:selengkapnya|juga)\s+)?"
            r"(?:di\s+|dalam\s+)?video(?:nya)?\s*(?:[:\"“”'‘’].{2,250}|"
            r".{0,60}(?:berikut|di\s+bawah|di\s?sini)(?:\s+ini)?\s*[.:!]*)"
        ),
    ),
    _row(
        "video_promo",
        "saksikan tonton simak",
        260,
        (
            r"(?:saksikan|tonton|simak)\s.{5,150}\bdi\s+vidio\b.{0,60}|"
            r"(?:saksikan|tonton)\s+live\s*\w{0,30}\s*(?:pagi|sore|malam|siang)?\s*[:!.]?"
        ),
    ),
    _row(
        "video_promo",
        "hanya",
        400,
        (
            r"(?=.{0,400}\b(?:tv|\w+tv|net|indosiar|youtube|vidio|radio|channel|kanal|metro)\b)"
            r"(?:akhiri|awali|temani|isi|saksikan|tonton|simak|nantikan|dengarkan|"
            r"jangan\s+(?:lewatkan|lupa|sampai))\b.{10,300}\bhanya\s+di\s+.{2,80}"
        ),
    ),
    _row(
        "channel_promo",
        "whatsapp whatapp telegram google t saluran channel kanal grup group komunitas",
        650,
        (
            rf"(?=.{{0,500}}{_CHANNEL})"
            r"(?=.{0,500}\b(?:kami|kamu|anda|klik|update|terbaru|terkini|pilihan|lain(?:nya)?|berita|"
            r"resmi|official|tautan|pautan|eksklusif)\b)"
            rf"{_BEFORE_ASKING}{_ASKS}\b.{{0,600}}"
        ),
    ),
    _row(
        "channel_promo",
        "instagram facebook twitter tiktok youtube sosial medsos threads linkedin kami us @",
        350,
        (
            r"(?=.{0,350}\b(?:kami|us|official|resmi|berita|update|redaksi|terkini|terbaru)\b)"
            rf"{_BEFORE_ASKING}(?:ikuti|follow|like|subscribe|langgan|sertai|kunjungi|temukan|"
            r"gabung|bergabung)\s+(?:(?:dan|&|juga|terus|dengan)\s+|(?:follow|like|share|subscribe|"
            r"komen)[\s,]+){0,5}(?:kami|us|akun|official|channel|saluran|kanal|media\s+sosial|medsos|"
            r"laman|halaman|fan\s?page|instagram|facebook|twitter|tiktok|youtube|@\w+|berita)\b.{0,250}"
        ),
    ),
    _row(
        "channel_promo",
        "aplikasi app apps",
        400,
        (
            r"(?=.{0,400}\b(?:berita|news|kabar|kami|update|tanpa\s+iklan)\b)"
            rf"{_BEFORE_ASKING}(?:unduh|download|install|pasang|muat\s+turun|dapatkan|buka)\s+"
            r"(?:segera\s+|sekarang\s+|juga\s+)?(?:aplikasi|apps?)\b.{0,300}"
        ),
    ),
    _row(
        "channel_promo",
        "newsletter buletin notifikasi iklan subscribe",
        350,
        (
            rf"{_BEFORE_ASKING}(?:daftar(?:kan)?|langganan|berlangganan|langgan|subscribe|dapatkan|"
            r"sign\s+up|ikuti|aktifkan|nyalakan|hidupkan)\b.{0,120}\b(?:newsletter|buletin|notifikasi)"
            r"\b.{0,150}|(?:baca|nikmati)\s+berita\s+tanpa\s+iklan\b.{0,80}|"
            r"subscribe\b.{0,60}"
        ),
    ),
    _row(
        "channel_promo",
        "hoaks kesempatan kirim kirimkan",
        550,
        (
            r"\*\s*fakta\s+atau\s+hoaks\?.{0,300}|kami\s+membuka\s+kesempatan.{0,200}\bklik\b.{0,60}|"
            r"(?:punya|ada)\s+(?:info|cerita|keluhan|foto|video|peristiwa)[^.]{0,120}\bkirim(?:kan)?\b"
            r".{0,150}(?:whatsapp|wa\b|email|e-mail|redaksi|@).{0,120}"
        ),
    ),
    _row(
        "syndication",
        "tayang terbit ditayangkan dipublikasikan dimuat disiarkan diterbitkan",
        700,
        (
            r"(?=.{0,300}(?:judul|\.(?:com|id|net|org|my|co)\b|\b(?:di|dalam)\s+(?:laman|situs|portal|"
            r"media|harian|koran|majalah)\b))(?:\(|\*)?\s*(?:artikel|berita|tulisan|konten|naskah|video|kolom|opini)"
            r"\s+(?:ini|tersebut)\s+(?:(?:sudah|telah|pernah|pertama|kali|awalnya|sebelumnya|lebih|"
            r"dulu|dahulu|juga)\s+){1,4}(?:tayang|terbit|dimuat|ditayangkan|diterbitkan|disiarkan|"
            r"dipublikasikan)\b.{0,500}"
        ),
    ),
    _row(
        "syndication",
        "artikel article story berita",
        300,
        (
            r"(?:artikel|berita)\s+asli(?:nya)?\s*[:：]\s*.{2,200}|"
            r"this\s+(?:article|story)\s+(?:was\s+)?(?:originally|first)\s+(?:published|appeared)\b.{0,200}"
        ),
    ),
    _row(
        "credit",
        "ditulis disunting dilaporkan disusun penulis",
        320,
        (
            r"(?:artikel|berita|tulisan|laporan)\s+ini\s+(?:ditulis|disunting|dilaporkan|disusun)\s+"
            r"oleh\b.{2,250}|\*\)?\s*penulis\s+adalah\b.{2,250}"
        ),
    ),
    _row(
        "caption",
        "foto photo gambar",
        320,
        (
            r"[(\[]?\s*(?:foto|photo|(?:keterangan|ket\.?|kredit|sumber|ilustrasi)\s+(?:foto|gambar)|"
            r"gambar)\s*[:：/]\s*.{2,280}"
        ),
    ),
    _row(
        "caption",
        "foto photo dok dokumentasi ist istimewa ilustrasi gambar ©",
        320,
        (
            r"[^.!?]{3,250}[.!?]?\s*(?:[(\[]\s*(?:(?:sumber\s+)?(?:foto|photo|gambar)|dok|dokumentasi|ist|"
            r"istimewa|antara\s+foto|ilustrasi)\b[^()\[\]]{0,80}[)\]]|(?<=[.)])\s*(?:foto|photo)\s*[:：]"
            r"\s*[^.:]{2,60})|"
            r"ilustrasi(?:\s+[^.()/©]{1,80})?[.,]?\s*(?:\([^()]{2,80}\)|[/©]\s*.{2,60}|foto\s*:.{2,60})|"
            r"ilustrasi(?:\s+\w+){0,4}"
        ),
    ),
    _row(
        "credit",
        (
            "agency antara reuters afp ap xinhua anadolu aa bernama mina berita voa bbc cnn dpa epa"
            " sputnik kyodo yonhap tass jazeera getty shutterstock republika tempo press com id net"
            " tv my lkbn"
        ),
        90,
        (
            rf"(?:{_NAME}\s+){{1,5}}News\s+Agency(?:\s*\([A-Z]{{2,10}}\))?|"
            rf"(?:Kantor\s+Berita)\s+{_NAMES}(?:\s*\([A-Z]{{2,10}}\))?|"
            rf"[(\[]?{_AGENCY}(?:\s*[/,&]\s*{_AGENCY})*[)\]]?"
        ),
        exact=True,
    ),
    _row(
        "caption",
        "/",
        250,
        rf"[^.!?]{{3,200}}\(\s*{_AGENCY}\s*/\s*[^()]{{2,50}}\)|\(?{_AGENCY}\s*/\s*{_NAMES}\)?",
        exact=True,
    ),
    _row(
        "copyright",
        "copyright copyrights hak hakcipta © c rights dilarang",
        500,
        (
            r"\W*(?:copyrights?\s*(?:©|\(c\)|®|\d{4}|[:@]|by\b).{0,160}|copyrights?(?:\s+\w+){0,4}|"
            r"(?:©|\(c\))\s*.{0,100}|hak\s?cipta\s*(?:©|\(c\)|\d{4}|terpelihara|dilindungi).{0,160}|"
            r".{0,60}\ball\s+rights\s+reserved.{0,60}|"
            r"dilarang\s+(?:keras\s+)?(?:mengambil|menyalin|mengutip|memperbanyak|menggandakan|"
            r"menyebarluaskan|meng-?copy|copy|mengkopi|memuat|menerbitkan|mempublikasikan)\b.{0,60}"
            r"\b(?:konten|artikel|berita|tulisan|isi|situs|website|materi|teks)\b.{0,300})"
        ),
    ),
    _row(
        "navigation",
        "halaman page pages muka dari of /",
        220,
        (
            r"\d{1,3}\s*(?:dari|of|/)\s*\d{1,3}\s*(?:halaman|pages?)?|\W*(?:halaman|page|muka\s+surat)"
            r"\s*(?:selanjutnya|berikutnya|sebelumnya|seterusnya|pertama|terakhir)?\s*:?[\s\d»›>|/.]*"
            r"(?:(?:of|dari)\s*\d{1,3})?(?:selanjutnya|berikutnya|next)?\W*|"
            r"\W*halaman\s+(?:selanjutnya|berikutnya)\s*[:»>–-]\s*.{2,150}|"
            # Behind a comma a title, or words that break off; a sentence would stop.
            r"\W*halaman\s+(?:selanjutnya|berikutnya)\s*,\s*"
            r"(?:.{2,150}(?:\.{2,}|…|[»>]+)|(?-i:[A-Z0-9\"“‘']).{2,150}(?<![.!\"”’']))|"
            rf"\W*(?:{_TURN})\s+(?:artikel\s+|berita\s+|kisah\s+)?{_READ_ON}"
            r"(?:(?:ke|di|pada)\s+)*halaman\s+(?:selanjutnya|berikutnya|seterusnya|\d+|dua|tiga|kedua|"
            rf"ketiga)(?:\s+(?:ini|berikut|artikel\s+ini))?{_AFTER_PAGE}"
        ),
    ),
    _row(
        "navigation",
        (
            "kembali load muat tampilkan selanjutnya sebelumnya berikutnya lanjut lanjutkan show"
            " view next prev previous bersambung semua semuanya back"
        ),
        250,
        (
            r"kembali\s+ke\s+(?:artikel|halaman|atas|beranda).{0,30}|load\s+more.{0,20}|"
            r"(?:muat|tampilkan)\s+(?:lainnya|lagi|lebih\s+banyak|semua).{0,20}|"
            r"\W*(?:artikel\s+|berita\s+)?(?:selanjutnya|sebelumnya|berikutnya)\W*|"
            r"lanjut(?:kan)?\s+ke\s+halaman.{0,40}|(?:show|view)\s+all|lihat\s+semua(?:nya)?|"
            r"(?:next|prev(?:ious)?)(?:\s+(?:article|post|page)\b.{0,200}|\W*)|back\s+to\s+top|"
            r"\(?bersambung\s+ke\s+hal\w*\W*\d*\W*|(?:\d{1,2}\s+){2,}(?:selanjutnya|next)\W*"
        ),
    ),
    _row(
        "tags",
        "tag tags tagar topik kunci keyword keywords #",
        300,
        (
            r"(?:tags?|topik(?:\s+terkait)?|tagar|kata\s+kunci|keywords?)(?:\s+(?:berita|artikel|terkait))?"
            r"\s*(?:[:：]\s*.{1,250})?|(?:tags?\s*:?\s*)?#\w+(?:[\s,|]+#\w+)+\W*"
        ),
    ),
    _row(
        "widget",
        (
            "share bagikan kongsi kongsikan facebook twitter whatsapp telegram salin copy cetak"
            " tweet url link tautan"
        ),
        200,
        (
            rf"(?:(?:{_NETWORK}|x|\d+(?:\.\d+)?k?)\b[\s|•,/:.-]*){{2,}}|"
            r"\W*(?:bagikan|share|kongsi(?:kan)?)(?:\s+(?:(?:artikel|berita|this|ini)\b.{0,40}|"
            rf"(?:ke|di|via|lewat|on|to)\s+{_NETWORK}\b.{{0,40}}))?\W*|(?:salin|copy)\s+(?:tautan|link|url)|"
            r"(?:url|link|tautan)\s+(?:berhasil\s+)?(?:di\s?copy|di\s?salin|tersalin|copied).{0,20}"
        ),
    ),
    _row(
        "widget",
        (
            "baca dibaca dilihat view views hits hit pembaca tayangan komentar comment comments"
            " reply balasan ulasan share shares menit min mins minutes font huruf teks loading"
            " memuat modified"
        ),
        150,
        (
            r"\W*(?:di)?baca\s*:?\s*[\d.,]+\s*(?:kali|x|orang)\W*|"
            r"[\d.,]+\s*k?\s*(?:views?|kali\s+dibaca|x\s+dibaca|tayangan|komentar|comments?|shares?|"
            r"dilihat)|(?:views?|dilihat|hits?|pembaca|komentar|comments?)\s*[:(]\s*[\d.,]+\W*(?:kali)?|"
            r"(?:estimasi|waktu|lama)\s+(?:mem)?baca\b.{0,20}\d+\s*menit.{0,15}|"
            r"\d{1,3}\s*(?:min(?:ute)?s?\s+read|menit\s+(?:mem)?baca)|ukuran\s+(?:huruf|font|teks).{0,20}|"
            r"(?:loading|memuat)\W*|\(last\s+modified\b.{0,80}|"
            r"komentar(?:\s+di\s+artikel\s+lainnya)?|(?:leave\s+a|write\s+a|post\s+a)\s+(?:comment|reply)"
            r".{0,40}|(?:tulis(?:kan)?|beri(?:kan)?|tinggalkan|kirim)\s+(?:komentar|balasan|ulasan)"
            r"(?:\s+(?:anda|kamu|batalkan).{0,40})?\W*"
        ),
    ),
    _row(
        "widget",
        "dengarkan polling jajak kuis quiz survei survey reaksi artikel berita rating daftar",
        200,
        (
            r"dengarkan\s+(?:artikel|berita|versi\s+audio)(?:\s+ini)?\b.{0,30}|"
            r"(?:ikuti\s+)?(?:polling|jajak\s+pendapat|kuis|quiz)\s*[:：].{0,150}|"
            r"(?:ayo|yuk|mari)\W+(?:ikut(?:i)?|isi)\s+(?:polling|kuis|survei|survey)\b.{0,120}|"
            r"(?:apa|bagaimana)\s+reaksi\s+(?:anda|kamu)\b.{0,60}\?|beri(?:kan)?\s+rating\b.{0,40}|"
            r"(?:apakah|seberapa)\b.{0,40}\b(?:artikel|berita)\s+ini\b.{0,60}\?|daftar\s+isi\W*"
        ),
    ),
    _row(
        "byline",
        "oleh laporan by",
        140,
        (
            rf"(?:[Oo]leh|OLEH|By|BY)\s*[:：|]\s*{_NAMES}\W*|"
            rf"\(?Laporan\s+(?:(?:w|W)artawan|(?:r|R)eporter|(?:j|J)urnalis|(?:k|K)ontributor)\s*:?\s+{_NAMES}"
            rf"(?:\s*[-–/|,]\s*{_NAMES}){{0,2}}\)?"
        ),
        exact=True,
    ),
)
"""Whole lines, in the order in which they are tried."""

CREDIT = re.compile(
    rf"[(\[*\s]*{_ROLES}\s*[:：]\s*(?P<first>{_CREDITED})"
    rf"(?:[\s|,;/–-]+{_ROLES}\s*[:：]\s*(?P<last>{_CREDITED})){{0,4}}[)\]\s*]*"
    r"(?:\s*(?:copyright|©).{0,60})?",
    re.IGNORECASE,
)
HEAD = (
    re.compile(rf"(?:[Oo]leh|OLEH|By|BY)\s+{_NAMES}(?:\s*[-–|,/]\s*.{{0,60}})?"),
    re.compile(
        r"\W*(?:(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad|isnin|khamis|jumaat|sen|sel|rab|"
        r"kam|jum|sab|min)\w*\s*[,/|-]?\s*)?\d{1,2}[\s/.-]+(?:\w{3,9}|\d{1,2})[\s/.-]+\d{2,4}"
        r"[\s,|/@•–-]*(?:pukul|jam|pkl\.?)?\s*\d{1,2}[.:]\d{2}(?:[.:]\d{2})?\s*(?:wib|wita|wit|am|pm)?\W*",
        re.IGNORECASE,
    ),
)
"""Bylines and times of publication: only in front of the text."""
INLINE: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    ("embed", ("[gambas",), re.compile(r"\[\s*gambas\s*:[^\]]{0,80}\]", re.IGNORECASE)),
    (
        "advertisement",
        ("scroll to",),
        re.compile(
            r"(?:ADVERTISEMENT\s+)?SCROLL\s+TO\s+(?:CONTINUE|RESUME)(?:\s+WITH)?\s+CONTENT"
            r"|ADVERTISEMENT$"
        ),
    ),
    (
        "syndication",
        ("tayang di", "terbit di"),
        re.compile(
            r"(?:(?<=[.!?\"”’)\]\w])\s*)(?:Artikel|Berita|Tulisan)\s+ini\s+(?:telah|sudah)\s+"
            r"(?:pernah\s+)?(?:tayang|terbit)\s+di\s+.{0,500}$"
        ),
    ),
    (
        "credit",
        ("editor", "pewarta", "penulis", "reporter", "redaktur"),
        re.compile(
            r"(?<=[.!?\"”’)\]])\s*[(\[]?(?:(?:Editor|Pewarta|Penulis|Reporter|Redaktur)\s*[:：]\s*"
            rf"{_NAMES}[\s|,/–-]*){{1,3}}[)\]]?\s*$"
        ),
    ),
    (
        "copyright",
        ("copyright",),
        re.compile(r"(?<=[.!?\"”’)\]\w])\s*(?:COPYRIGHT|Copyright)\s*(?:©|\(c\))\s*.{0,60}$"),
    ),
)
"""(kind, words, pattern) of what stands inside a paragraph; cut out of it."""

_CODE = r"[A-Za-z]{1,5}\d{0,3}"
SIGNOFFS = (
    re.compile(
        rf"\s*[\[(]\s*(?:{_CODE}|\*)(?:\s*[/|\\]\s*(?:{_CODE}|\d{{1,3}}|\*)){{1,3}}\s*[\])][\s.*]*$"
    ),
    re.compile(
        r"(?:(?<=[.!?…\"”’'»)])|^)\s*[\[(]\s*(?:[A-Za-z]{2,4}\d{0,2}|[A-Z]{1,3}-\d{1,2})\s*[\])][\s.*]*$"
    ),
    re.compile(
        r"(?:(?<=[.!?…\"”’'»])|^)\s*(?:\*{1,3}|#{3}|[\[(]\s*\*{1,3}\s*[\])]|[\[(]\s*[\])])\s*$"
    ),
    re.compile(rf"(?<=[.!?…\"”’'»])\s*[\[(]\s*{_AGENCY}(?:\s*/\s*[\w. ]{{2,30}})*\s*[\])][\s.*]*$"),
)
"""Editors' initials at the end of the last paragraph: (abc/def), (T/R5/B04), (ren) after a stop,
(OL-4), (*), (ANTARA)."""
