"""How outlets label a read-also, in the languages they write. Tables only; `readalso` judges.

Indonesian, Malay, Javanese, Sundanese and English. A label is strong (nobody's sentence starts so
and then has a title), a heading (of a list, a box, or before a colon) or weak (an ordinary
imperative, which needs a colon or a link).
"""

from __future__ import annotations

import re

_VERB = r"(?:baca|simak|lihat|tonton|saksikan|dengarkan|cek|read|see|watch)"
_REGIONAL_VERB = (
    r"(?:baca|waca(?:nen|en)?|maca|aca|waos(?:en)?|aos|simak|deleng(?:en)?|tonton(?:en)?|pirsani|"
    r"tingali(?:an)?|lalajo(?:an)?|rungokna|lihat|saksikan|cek)"
)
_REGIONAL_ALSO = r"(?:uga|ugi|oge\u0301?|og[éè])"
"""Javanese, low and high, and Sundanese, whose é is often written without its accent."""
_INVITE = r"(?:(?:jom|yuk|ayo|mari|silakan|silahkan|sila|mangga|hayu),?\s+)?"
_RARE_VERB = (
    r"(?:ikuti|klik|intip|pantau|ketahui|pelajari|temukan|nikmati|kunjungi|kenali|dapatkan|"
    r"cari\s+tahu)"
)
_MORE = (
    r"(?:lainnya|lain|terkait|berkaitan|selengkapnya|lengkapnya|seterusnya|sebelumnya|selanjutnya|"
    r"menarik(?:\s+lainnya)?|pilihan)"
)
_OTHER = r"(?:(?:menarik\s+|populer\s+)?lain(?:nya)?|terkait|berkaitan|sebelumnya|pilihan)"
_THING = (
    r"(?:artikel|berita|video|foto|ulasan|liputan|tulisan|kisah|info(?:rmasi)?|kabar|bacaan|"
    r"laporan|opini|rencana|warta)"
)
_COLON = r"(?=\s*[:：>»])"
_COLON_OR_QUOTE = r"(?=\s*[:：\"“‘'])"

STRONG = (
    (
        rf"{_INVITE}{_VERB}[\s_-]+(?:juga|pula|lagi|also|more|next)(?:nya)?"
        rf"(?:\s+{_THING}\s+{_MORE}|\s+{_THING}{_COLON_OR_QUOTE}|\s+di\s?sini{_COLON})?"
    ),
    rf"{_INVITE}{_REGIONAL_VERB}[\s_-]+{_REGIONAL_ALSO}(?:\s+{_THING}{_COLON_OR_QUOTE})?",
    # Typing errors and words run together, as far as a colon makes them certain.
    rf"b+a*ca+[\s_.-]*(?:juga+[nh]?|jug|jg|jga|juag|juaga|jgua|jua|juja|jugaa+|ju\s+ga){_COLON}",
    rf"(?:lihat|simak|tonton)(?:juga|pula){_COLON}",
    rf"{_RARE_VERB}\s+(?:juga|pula){_COLON}",
    r"jom\s+(?:baca|tonton|lihat)",
    rf"baca\s+{_MORE}(?:nya)?",
    rf"baca\s+{_THING}\s+{_MORE}",
    rf"(?:simak|lihat|tonton|saksikan|cek|dengarkan)\s+(?:artikel|berita|video|foto)\s+{_OTHER}",
    r"also\s+(?:read|see|watch)",
)
"""Enough on their own at the start of a line."""

HEADINGS = (
    (
        rf"{_THING}(?:(?:-|\s*(?:&|dan)\s*){_THING})?\s+(?:terkait|berkaitan|lainnya|rekomendasi|"
        r"terpopuler|populer|terkini|menarik(?:\s+lainnya)?|pilihan|sebelumnya|sebelum\s+ini|"
        r"selanjutnya|seterusnya|lanjut(?:an)?)"
    ),
    r"(?:jangan|don'?t)\s+(?:lewatkan|sampai\s+(?:ketinggalan|terlewat)|terlepas|lepaskan|miss)",
    r"(?:pilihan|rekomendasi)\s+(?:editor|redaksi|untuk\s+anda|kami)",
    r"(?:artikel|berita|bacaan)\s+lain",
    r"(?:terkini|terbaru|topik|konten|populer|terpopuler)\s+(?:lainnya|terkait|berkaitan|lain|hari\s+ini)",
    r"video\s+(?:rekomendasi|pilihan)(?:\s+(?:untuk\s+anda|editor|redaksi))?",
    r"kumpulan\s+berita\s+terkait",
    (
        r"(?:anda\s+)?(?:mungkin|barangkali)\s+(?:anda\s+)?(?:juga\s+)?"
        r"(?:suka|menyukai|tertarik|berminat|menarik)"
    ),
    r"(?:anda\s+)?juga\s+mungkin\s+(?:suka|menyukai|berminat|tertarik)",
    (
        r"(?:related|recommended|popular|latest|trending)\s+"
        r"(?:posts?|articles?|news|stor(?:y|ies)|topics?|videos?|for\s+you|reading)"
    ),
    r"(?:you\s+may|you\s+might)\s+also\s+like|more\s+from\s+\w+|editor'?s\s+(?:pick|choice)s?",
    r"terkait|berkaitan|populer|terpopuler|trending|related",
    r"rekomendasi|pilihan",
)
"""Labels only where they stand alone, over links, or before a colon."""

LONE_HEADINGS = frozenset(("terkait", "berkaitan", "populer", "terpopuler", "trending", "related"))
"""One word, and yet no heading inside an article: a label even without links below."""

WEAK = (
    rf"baca\s+{_THING}(?:\s+(?P<whose>[\w.]+))?",
    (
        r"(?:baca|simak|lihat|tonton|saksikan|dengarkan|ikuti|klik|read|watch|see)"
        r"(?:\s+(?:video|foto|artikel|berita)(?:nya)?)?"
    ),
    r"(?:info(?:rmasi)?\s+|berita\s+)?selengkapnya(?:\s+(?:baca|klik))?(?:\s+di\s?sini)?",
)
"""Ordinary words: labels only with a colon, before a headline, or where all that follows is a link.
`whose` is the outlet's name, or a title's first word."""

INSIDE_WEAK = r"baca|simak|lihat|tonton"

PROMPTS = re.compile(
    r"\W*(?:(?:untuk\s+)?(?:info(?:rmasi)?|berita|cerita|artikel|kisah)?\s*"
    r"(?:selengkapnya|lengkapnya|lebih\s+lanjut)?,?\s*"
    r"(?:bisa\s+|dapat\s+|silakan\s+|silahkan\s+)?(?:anda\s+)?(?:baca|klik|cek|simak|lihat|tekan)"
    r"(?:\s+(?:berita|artikel|info(?:rmasi)?|link|tautan|kisah))?"
    r"(?:\s+(?:selengkapnya|lengkapnya|seterusnya|lainnya|lebih\s+lanjut|lanjutannya))?,?"
    r"\s+(?:klik\s+|di\s+|pada\s+)*(?:di\s?sini|(?:link|tautan|pautan)\s+(?:ini|berikut|di\s?bawah)"
    r"(?:\s+ini)?)(?:\s+untuk\s+(?:baca|membaca|melihat|menonton|mengetahui)\b.{0,100})?"
    r"|(?:baca|lihat)\s+(?:selengkapnya|seterusnya|lanjut(?:an(?:nya)?)?|lagi)"
    r"|selengkapnya|(?:read|view|see)\s+more|continue\s+reading)\s*(?:\W+)?",
    re.IGNORECASE,
)
"""A whole line that asks to read on elsewhere, without a title."""


def _any(*words: str) -> str:
    return "|".join(words)


SEPARATOR = (
    r"(?:\s*(?:[:：︰;>»›→➡►▶⏩👉👇|•·=~]|\.{2,}|…|[-–—−](?=[\s:>A-Z\"“])|-{2,}|!{1,5}(?=\s|$))"
    r"\ufe0f?)+\s*"
)
COLON = re.compile(r"[:：︰;>»›→➡►▶👉👇|…–—=-]|\.\.")
OPENING_CHARACTERS = " \t\"'“”‘’«»›>→➡►▶▸■●○◆⏩•·*+#|~_=–—-:[(✅☑✔👉👇🔗📖📰🔥⬇\ufe0f"
"""Bullets, arrows, quotes and brackets that may stand before a label."""
OPENING = rf"[{re.escape(OPENING_CHARACTERS)}]*"

_TURNS_PAGE = (
    rf"(?:{_VERB}\s+)?(?:{_THING}\s+)?(?:{_MORE},?\s+)?(?:di|pada|ke)\s+halaman\s+"
    r"(?:selanjutnya|berikutnya|seterusnya|\d+)\W*$"
)
"""A line that turns the page has no title, though its words are a label's."""

STRONG_OR_HEADING = re.compile(
    rf"{OPENING}(?!{_TURNS_PAGE})(?P<label>(?P<strong>{_any(*STRONG)})|(?P<heading>{_any(*HEADINGS)}))"
    rf"(?![^\W_])(?P<sep>{SEPARATOR})?",
    re.IGNORECASE,
)
WEAK_LABEL = re.compile(
    rf"{OPENING}(?!{_TURNS_PAGE})(?P<label>{_any(*WEAK)})(?![^\W_])(?P<sep>{SEPARATOR})?",
    re.IGNORECASE,
)
INSIDE = re.compile(
    rf"(?P<label>(?P<strong>{_any(*STRONG)})|(?P<weak>{INSIDE_WEAK})|"
    rf"(?P<heading>{_any(*HEADINGS[:4])}))(?![^\W_])(?P<sep>{SEPARATOR})?",
    re.IGNORECASE,
)
"""A label anywhere in a line."""

FIRST_WORDS = tuple(
    (  # noqa: SIM905 - a table reads better packed
        "baca bbaca bca simak lihat tonton saksikan dengarkan cek klik tekan read see watch view"
        " also continue jom yuk ayo mari sila artikel berita video foto ulasan liputan tulisan"
        " kisah info kabar laporan opini rencana jangan don terkini terbaru topik konten"
        " rekomendasi pilihan kumpulan anda mungkin barangkali juga related recommended popular"
        " latest trending you more editor terkait berkaitan populer terpopuler selengkapnya"
        " lengkapnya lebih untuk cerita bisa dapat ikuti intip pantau ketahui pelajari temukan"
        " nikmati kunjungi kenali cari waca maca aca waos aos deleng pirsani tingali lalajo"
        " rungokna mangga hayu warta"
    ).split()
)
"""What a label can begin with, in small letters: the cheap test before the patterns."""

INSIDE_WORDS = tuple(
    (  # noqa: SIM905 - a table reads better packed
        "baca bca simak lihat tonton saksikan dengarkan cek read see watch also jom yuk ayo mari"
        " sila artikel berita video ulasan liputan bacaan jangan don't pilihan rekomendasi ikuti"
        " klik intip pantau ketahui pelajari temukan nikmati kunjungi kenali dapatkan waca maca aca"
        " waos aos deleng pirsani tingali lalajo rungokna mangga hayu"
    ).split()
)
"""The same for `INSIDE`."""

INSIDE_HINTS = (  # noqa: SIM905 - a table reads better packed
    "juga pula lagi also more next lain terkait berkaitan lengkapnya seterusnya sebelum"
    " selanjutnya menarik pilihan populer rekomendasi lewatkan terlepas lepaskan jom jug jg jga"
    " juag jgua jua uga ugi oge ogé ogè"
).split()
"""A line without colon, arrow or link holds a label only beside one of these."""

BOX_CLASS = re.compile(
    r"(?:^|[\s_-])(?:(?:baca|waca|lihat|deleng|simak|tonton)[\s_-]?(?:juga|uga|oge|pula|lainnya)|read[\s_-]?also)|"
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
    r"(?P<toc>ez-toc-\S+|lwptoc|toc_container)|wp-block-buttons?)(?:\s|$)",
    re.IGNORECASE,
)
"""Class or id of share bars, advertisements and tables of contents (`toc`)."""

CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|caption-text|caption|captions|photo-?credit|image-?credit)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
