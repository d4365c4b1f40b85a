"""How outlets label what is not the article: read-also labels and other in-body lines.

Tables only; `clean` says what is done where one of them matches.
"""

from __future__ import annotations

import re

_VERB = r"(?:baca|simak|lihat|tonton|saksikan|dengarkan|cek|read|see|watch)"
_MORE = (
    r"(?:lainnya|lain|terkait|selengkapnya|lengkapnya|sebelumnya|selanjutnya|"
    r"menarik(?:\s+lainnya)?|pilihan)"
)
_THING = r"(?:artikel|berita|video|foto|ulasan|liputan|tulisan|kisah|info(?:rmasi)?|kabar)"

STRONG = (
    (
        rf"(?:jom\s+|yuk,?\s+|ayo\s+)?{_VERB}\s+(?:juga|pula|lagi|also|more)"
        rf"(?:\s+{_THING}\s+{_MORE}|\s+{_THING}(?=\s*[:：\"“‘'])|\s+di\s+sini(?=\s*[:：]))?"
    ),
    r"jom\s+baca",
    rf"baca\s+{_MORE}(?:nya)?",
    rf"{_VERB}\s+{_THING}\s+{_MORE}",
    r"also\s+(?:read|see|watch)",
)
"""Enough on their own at the start of a line: nobody's sentence starts so and then has a title."""

HEADINGS = (
    rf"{_THING}(?:-{_THING})?\s+(?:terkait|lainnya|rekomendasi|terpopuler|terkini|menarik(?:\s+lainnya)?|pilihan)",
    r"(?:jangan|don'?t)\s+(?:lewatkan|sampai\s+ketinggalan|miss)",
    r"(?:terkini|topik|konten)\s+(?:lainnya|terkait)",
    r"(?:video\s+)?(?:rekomendasi|pilihan)(?:\s+(?:untuk\s+anda|editor|redaksi))?",
    r"kumpulan\s+berita\s+terkait",
    r"(?:anda\s+)?mungkin\s+(?:anda\s+)?(?:juga\s+)?(?:suka|tertarik)",
    r"related(?:\s+(?:posts?|articles?|news|stories|topics?))?",
    r"you\s+may\s+also\s+like",
    r"terkait",
    r"populer|terpopuler",
)
"""Labels only where they stand alone, over links, or before a colon."""

WEAK = (
    rf"baca\s+{_THING}(?:\s+(?P<whose>[\w.]+))?",
    r"(?:baca|simak|lihat|tonton|saksikan)(?:\s+(?:video|foto|artikel|berita)(?:nya)?)?",
)
"""Ordinary imperatives: labels only with a colon, before a headline, or where all that follows is a
link. `whose` is the outlet's name, or a title's first word."""


def _any(*words: str) -> str:
    return "|".join(words)


SEPARATOR = r"(?:\s*(?:[:：︰;>»›→➡►▶⏩|•·=~]|[-–—−](?=[\s:>A-Z\"“])|-{2,}|!{1,5}(?=\s|$))+\s*)"
OPENING = r"[\s\"'“”‘’«»›>→➡►▶⏩•·*+#|~_=–—\-:\[(✅☑👉🔗📖📰🔥⬇👇️]*"
"""Bullets, arrows and quotes that may stand before a label."""

STRONG_OR_HEADING = re.compile(
    rf"{OPENING}(?P<label>(?P<strong>{_any(*STRONG)})|(?P<heading>{_any(*HEADINGS)}))"
    rf"(?![^\W_])(?P<sep>{SEPARATOR})?",
    re.IGNORECASE,
)
WEAK_LABEL = re.compile(
    rf"{OPENING}(?P<label>{_any(*WEAK)})(?![^\W_])(?P<sep>{SEPARATOR})?", re.IGNORECASE
)
INSIDE = re.compile(
    rf"(?P<label>(?P<strong>{_any(*STRONG)})|(?P<weak>baca|simak|lihat|tonton)|"
    rf"(?P<heading>{_any(*HEADINGS[:2])}))(?![^\W_])(?P<sep>{SEPARATOR})?",
    re.IGNORECASE,
)
"""A label anywhere in a line."""

BOX_CLASS = re.compile(
    r"(?:^|[\s_-])(?:baca|read|lihat|simak)[\s_-]?(?:juga|also|more|pula|lainnya)|"
    r"(?:inline|inject|sisip|in[\s_-]?article)[\s_-]*(?:related|baca|link|terkait)|link[\s_-]?sisip|"
    r"related[\s_-]?(?:post|article|news|link|berita|content|inline|item|stor)|"
    r"(?:post|article|news|berita|artikel)s?[\s_-](?:related|terkait)|relatedposts|yarpp|"
    r"(?:^|[\s_-])(?:berita|artikel)[\s_-]?terkait",
    re.IGNORECASE,
)
"""Class or id of a read-also box, from names that WordPress plugins and outlets use."""

WIDGET_CLASS = re.compile(
    r"(?:^|\s)(?:sharedaddy|addtoany\S*|a2a_\S*|adsbygoogle|google-auto-placed|ad-slot|ads-slot|"
    r"(?:div-)?gpt-ad\S*|social-share\S*|share-buttons?|sharing|post-views\S*|jp-post-flair|"
    r"ez-toc-\S+|lwptoc|toc_container|wp-block-buttons?)(?:\s|$)",
    re.IGNORECASE,
)
"""Class or id of share bars, advertisements and tables of contents."""

CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|caption-text|caption|captions|photo-?credit|image-?credit)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)

LINES: tuple[tuple[str, str], ...] = (
    (
        "advertisement",
        (
            r"[-–—=\s\[(]*(?:ad[sv]?\.?|advertisements?|iklan|advertorial|sponsored|promoted)"
            r"(?:\s+(?:scroll|gulir)\b.{0,60})?[-–—=\s\])]*"
        ),
    ),
    (
        "advertisement",
        (
            r"(?:scroll|gulir|geser)\s+(?:to|untuk|ke)\s+"
            r"(?:resume|continue|melanjutkan|lanjut|bawah)\b.{0,60}"
        ),
    ),
    ("advertisement", r"lanjut(?:kan)?\s+(?:membaca|baca)\s+(?:konten|artikel|di bawah).{0,60}"),
    (
        "embed",
        r"\[\s*(?:gambas|embed|video|youtube|instagram|twitter|tiktok)\s*[:\s][^\]]{0,200}\]",
    ),
    (
        "video_promo",
        (
            r"(?:simak|lihat|tonton|saksikan)\s+(?:(?:selengkapnya|juga)\s+)?(?:di\s+|dalam\s+)?video"
            r"(?:nya)?\s*(?:[:\"“”'‘’].{2,250}|.{0,60}(?:berikut|di bawah|di sini|disini)"
            r"(?:\s+ini)?\s*[.:!]*)"
        ),
    ),
    ("video_promo", r"saksikan\s.{5,150}\bdi\s+vidio\b.{0,60}"),
    ("video_promo", r"saksikan\s+live\s*\w{0,30}\s*(?:pagi|sore|malam|siang)?\s*:?"),
    (
        "channel_promo",
        (
            r"(?=.{0,400}(?:whats?app\s+channel|(?:channel|saluran|kanal|grup)\s+(?:whats?app|"
            r"telegram)|whatsapp\.com/channel|google\s+news|telegram\s+channel|t\.me/))"
            r"(?=.{0,400}\b(?:kami|kamu|anda|klik|update|terbaru|terkini|pilihan|lainnya?|berita)\b)"
            r"[*\s]*(?:(?:yuk|mari|jangan\s+lupa|untuk),?\s+)?"
            r"(?:simak|dapatkan|ikuti|follow|gabung|bergabung|cek|baca|klik|temukan|pantau)\b.{0,500}"
        ),
    ),
    ("channel_promo", r"baca\s+berita\s+tanpa\s+iklan\b.{0,80}"),
    (
        "channel_promo",
        r"\*\s*fakta\s+atau\s+hoaks\?.{0,300}|kami\s+membuka\s+kesempatan.{0,200}\bklik\b.{0,60}",
    ),
    (
        "credit",
        (
            r"(?:(?:editor|penyunting|penulis|reporter|pewarta|redaktur|sumber|source|kontributor|"
            r"fotografer|pewarta\s+foto|redaksi|penerjemah|uploader|laporan|rep|red)"
            r"\s*[:：]\s*[^:\n]{2,120})"
        ),
    ),
    ("credit", r"artikel\s+asli\s*[:：]\s*.{2,80}"),
    (
        "copyright",
        (
            r"(?:copyright|hak\s+cipta|©|\(c\)|all\s+rights\s+reserved).{0,160}|"
            r"dilarang\s+keras\s+(?:mengambil|menyalin|mengutip).{0,300}"
        ),
    ),
    ("navigation", r"\d{1,3}\s*(?:dari|of|/)\s*\d{1,3}\s*(?:halaman|pages?)?"),
    ("navigation", r"(?:halaman|page)\s*(?:selanjutnya|berikutnya|sebelumnya|:)?\s*[\d\s»›>]*"),
    (
        "navigation",
        (
            r"(?:kembali\s+ke\s+(?:artikel|halaman).{0,30}|load\s+more|muat\s+lainnya|"
            r"selanjutnya|sebelumnya|lanjut(?:kan)?\s+ke\s+halaman.{0,40}|show\s+all|"
            r"next\s+article\b.{0,200}|url\s+berhasil\s+di\s?(?:copy|salin).{0,20}|"
            r"bagikan(?:\s+(?:artikel|berita)?.{0,30})?|share(?:\s+(?:this|on|to).{0,30})?\s*:?|"
            r"komentar(?:\s+di\s+artikel\s+lainnya)?|\(last\s+modified\b.{0,80})"
        ),
    ),
)
"""(kind, pattern of a whole line), tried in order, whatever the case."""

LINE_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\s*(?:{pattern})\s*", re.IGNORECASE)) for kind, pattern in LINES
)

_CODE = r"[A-Za-z]{1,5}\d{0,3}"
SIGNOFFS = (
    re.compile(
        rf"\s*[\[(]\s*{_CODE}(?:\s*[/|\\]\s*(?:{_CODE}|\d{{1,3}}|\*)){{1,3}}\s*[\])][\s.*]*$"
    ),
    re.compile(r"(?:(?<=[.!?…\"”’'»)])|^)\s*[\[(][a-z]{2,4}\d{0,2}[\])][\s.*]*$"),
    re.compile(r"(?:(?<=[.!?…\"”’'»])|^)\s*(?:\*{3}|#{3}|\[\*\]|\(\*\))\s*$"),
)
"""Editors' initials at the end of the last paragraph: (abc/def), (T/R5/B04), (ren) after a stop."""
