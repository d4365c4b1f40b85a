"""Title and body -> the hash that tells an edit, the hash that tells a near-duplicate."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter

import numpy as np

_WORD = re.compile(r"[^\W_]+")


def content_hash(title: str, body: str) -> str:
    r"""Return the SHA-256 of title and body, NFC, white space collapsed, as 64 hex digits.

    >>> content_hash("Judul", "satu  dua") == content_hash(" Judul", "satu\ndua")
    True
    """
    parts = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (title, body))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def near_hash(body: str) -> str:
    """Return `simhash` of a body as 16 hex digits; of a short one by fewer words a shingle.

    >>> near_hash("harga beras")
    '5e74a06d368163fb'
    """
    words = len(_WORD.findall(body))
    return f"{simhash(body, width=max(1, min(4, words))) if words else 0:016x}"


def simhash(text: str, *, width: int = 4) -> int:
    """Give near-identical articles near-identical fingerprints.

    Args:
        text: Clean body, paragraphs separated by a newline.
        width: Words per shingle, at least 1.

    Returns:
        Unsigned 64-bit integer; near-duplicates differ in at most 3 bits.

    Raises:
        ValueError: *text* has fewer than *width* words.

    Source: Manku, Jain & Das Sarma, WWW 2007 (f = 64, k = 3).

    >>> simhash("harga beras naik lagi") == simhash("Harga  beras naik lagi.")
    True
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    if width < 1 or len(words) < width:
        raise ValueError(f"wanted at least {max(width, 1)} words, found {len(words)}")
    shingles = Counter(zip(*(words[start:] for start in range(width)), strict=False))
    digests = b"".join(
        hashlib.blake2b(" ".join(shingle).encode(), digest_size=8).digest() for shingle in shingles
    )
    # A row per shingle, a column per bit, the least significant first.
    last_first = np.frombuffer(digests, np.uint8).reshape(-1, 8)[:, ::-1]
    bits = np.unpackbits(last_first, axis=1, bitorder="little")
    counts = np.fromiter(shingles.values(), np.int64, len(shingles))
    majority = 2 * (counts @ bits) > counts.sum()
    return int.from_bytes(np.packbits(majority, bitorder="little").tobytes(), "little")
