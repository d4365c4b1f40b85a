"""How often the language of labelled public texts is told right, how sure, and in which time.

The texts are not part of the project: a folder holds one UTF-8 file per set and language,
`<set>.<ISO 639-1>.txt`, with one text per line, or `<set>.tsv` with text, tab and label per line
as in the DSLCC. docs/language.md names the sets that were used. A label that is not in
`LABELS` is read as it stands. With `--words` every text is cut into runs of that many words,
as a test of single sentences. Plain langdetect, seeded, with all its profiles, runs beside it.

    python -m benchmarks.languages FOLDER [--words 10]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from langdetect import DetectorFactory, LangDetectException, detect_langs

from pipelines.language import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Verdict = tuple[str | None, float | None]

LABELS = {"my": "ms", "cz": "cs", "es-AR": "es", "es-ES": "es", "pt-BR": "pt", "pt-PT": "pt"}
"""What the DSLCC calls otherwise than ISO 639-1; there `my` is Malay."""
_STEPS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


class UnusableError(Exception):
    """The folder holds no texts in a form that is understood."""


def texts_in(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Return the texts of *folder* by set and language.

    Raises:
        UnusableError: No file of either form, or a line without a label.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        name, _, code = path.stem.rpartition(".")
        if not name:
            raise UnusableError(f"{path}: wanted <set>.<language>.txt")
        found[name, LABELS.get(code, code)] = _lines(path)
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(_lines(path), 1):
            text, tab, label = line.rpartition("\t")
            if not tab:
                raise UnusableError(f"{path}:{number}: wanted text, tab and label")
            label = label.strip()
            found.setdefault((path.stem, LABELS.get(label, label)), []).append(text)
    if not any(found.values()):
        raise UnusableError(f"{folder}: wanted <set>.<language>.txt or <set>.tsv, found none")
    return found


def runs_of(texts: Iterable[str], words: int) -> list[str]:
    """Cut each of *texts* into runs of *words* words; what is left over at its end is dropped."""
    split = [text.split() for text in texts]
    return [
        " ".join(one[at : at + words])
        for one in split
        for at in range(0, len(one) - words + 1, words)
    ]


def langdetect_alone(text: str) -> Verdict:
    """Ask langdetect as it comes, but seeded."""
    DetectorFactory.seed = 0
    try:
        best = detect_langs(text)[0]
    except LangDetectException:
        return None, None
    return str(best.lang).partition("-")[0], float(best.prob)


def judged(voice: Callable[[str], Verdict], texts: Sequence[str]) -> tuple[list[Verdict], float]:
    """Return what *voice* says of each of *texts*, and its CPU milliseconds per text."""
    before = time.process_time()
    verdicts = [voice(text) for text in texts]
    return verdicts, 1000 * (time.process_time() - before) / max(1, len(texts))


def calibration(verdicts: Iterable[tuple[bool, float]]) -> list[tuple[float, float, int, float]]:
    """Count *verdicts* (right or not, how sure) by confidence.

    Returns:
        From, below, how many, and the share of them that is right.
    """
    kept = list(verdicts)
    rows = []
    for low, high in pairwise(_STEPS):
        here = [right for right, sure in kept if low <= sure < high]
        if here:
            rows.append((low, high, len(here), sum(here) / len(here)))
    return rows


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _row(code: str, verdicts: Sequence[Verdict], ms: float) -> str:
    said = Counter(verdict for verdict, _ in verdicts)
    wrong = " ".join(f"{other or '-'}:{n}" for other, n in said.most_common(4) if other != code)
    return f"{said[code] / len(verdicts):.3f} {ms:6.2f} ms  {wrong}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each set and language, then how right each confidence is."""
    parser = argparse.ArgumentParser(description="How often the language is told right.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--words", type=int, default=0, metavar="N")
    options = parser.parse_args(arguments)
    try:
        sets = texts_in(options.folder)
    except (UnusableError, OSError, UnicodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.words:
        sets = {key: runs_of(texts, options.words) for key, texts in sets.items()}
    for voice in (language_of, langdetect_alone):
        # Loading is not what a text costs.
        voice("Pemerintah menaikkan harga beras mulai pekan depan, kata menteri.")
    kept: list[tuple[bool, float]] = []
    for (name, code), texts in sets.items():
        if not texts:
            continue
        ours, ms = judged(language_of, texts)
        alone, ms_alone = judged(langdetect_alone, texts)
        kept += [(said == code, sure) for said, sure in ours if sure is not None]
        sys.stdout.write(f"{name} {code}  {len(texts)} texts\n")
        sys.stdout.write(f"  kliping    {_row(code, ours, ms)}\n")
        sys.stdout.write(f"  langdetect {_row(code, alone, ms_alone)}\n")
    for low, high, count, right in calibration(kept):
        sys.stdout.write(f"sure {low:.2f} to {min(high, 1):.2f}: {right:.3f} right of {count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
