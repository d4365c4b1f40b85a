"""Makes `pipelines/forest.json`: decision trees that tell an article's lines from all others.

``python -m benchmarks.train [FOLDER]``, with lightgbm; FOLDER holds the gold sets. Prints first how
trees do that were made without any page of the domain they judge (five folds), as held-back pages
would be judged; then makes the ones that are kept from all pages.
"""

from __future__ import annotations

import argparse
import json
import re
import site
import sys
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.gold import HAND_MADE, Sample, samples_of, sets_in
from benchmarks.peers import FOLDER
from benchmarks.scoring import token_score
from pipelines import forest
from pipelines.blocks import tidy
from pipelines.decode import ARTICLE_LIMIT, payload_of, text_from
from pipelines.document import Document
from pipelines.extract import values_of
from pipelines.guess import TEXT, described, found_by_trafilatura, heard, in_doubt, told
from pipelines.outlets import generic_outlet
from pipelines.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

OUT = Path(forest.__file__).with_name("forest.json")
FOLDS = 5
ROUNDS = 120
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 24,
    "max_depth": 6,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "verbose": -1,
    "seed": 1,
    "num_threads": 2,
    "deterministic": True,
    "force_row_wise": True,
}
_IS_TEXT = 0.6
"""Share of a line's runs of three words that must stand in the gold."""
_SENTENCE = 8
"""Words; a shorter line may stand in the gold by chance, so its neighbours decide."""
_NEAR = 4
_HAND_MADE_WEIGHT = 3
_SQUEEZE = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Described:
    """A page's lines, what is known of each, and which of them are text."""

    set: str
    name: str
    domain: str
    texts: list[str]
    table: NDArray[np.float32]
    """No witness heard."""
    heard: NDArray[np.float32]
    is_text: NDArray[np.bool_]
    free: NDArray[np.bool_]
    """Which lines may be in or out."""
    wanted: str
    optional: str

    def weights(self) -> NDArray[np.float64]:
        """Weigh lines by their words, and each page alike."""
        words = np.array([min(len(text.split()), 60) for text in self.texts], float)
        weights = words / max(words[self.is_text].sum(), 50) * 500 + 0.3
        weights[self.free] = 0
        return np.asarray(weights * (_HAND_MADE_WEIGHT if self.set == HAND_MADE else 1))

    def chance(self, trees: forest.Forest) -> NDArray[np.float64]:
        """Judge the lines as `guess` does, the witness heard in doubt only."""
        chance = trees.chance(self.table)
        if in_doubt(np.array([len(text) for text in self.texts], float), chance):
            return trees.chance(self.heard)
        return chance

    def f1(self, chance: NDArray[np.float64]) -> float:
        """Score the text that a forest would take, before anything is cleaned."""
        lines = (text for text, one in zip(self.texts, chance, strict=True) if one >= TEXT)
        return token_score("\n".join(lines), self.wanted, optional=self.optional).f1


def describe(set_and_sample: tuple[str, Sample]) -> Described:
    """Read a page as `process` does, up to the forest."""
    name, sample = set_and_sample
    page, wanted = sample.page, sample.wanted
    outlet = generic_outlet(page.url)
    text = text_from(payload_of(page, limit=ARTICLE_LIMIT), page.header("content-type") or "")
    document = Document(text, page.final_url)
    lines, table = described(
        document, values_of(document, outlet, None).title or "", told(document)
    )
    texts = [tidy(line.text) for line in lines]
    free = [wanted.paragraphs[at].strip("[]") for at in wanted.optional_at or ()]
    free.extend(wanted.optional)
    squeezed = {_squeezed(one) for one in free}
    return Described(
        set=name,
        name=sample.name,
        domain=outlet.domains[0],
        texts=texts,
        table=table,
        heard=heard(table, found_by_trafilatura(document.root, lines)),
        is_text=text_in(texts, wanted.body),
        free=np.array([_squeezed(one) in squeezed for one in texts], bool),
        wanted=wanted.body,
        optional="\n".join(free),
    )


def text_in(lines: Sequence[str], gold: str) -> NDArray[np.bool_]:
    """Tell which lines of a page stand in its gold.

    A sentence does where its words do, a few aside; a shorter line only beside such a sentence.
    """
    whole = _squeezed(gold)
    words = _TOKEN.findall(gold.lower())
    runs = set(zip(words, words[1:], words[2:], strict=False))
    own = {_squeezed(line) for line in gold.split("\n")}
    found = np.zeros(len(lines), bool)
    short: list[int] = []
    for at, line in enumerate(lines):
        words, squeezed = _TOKEN.findall(line.lower()), _squeezed(line)
        if squeezed and squeezed in whole:
            found[at] = len(words) >= _SENTENCE
            if not found[at]:
                short.append(at)
        elif len(words) >= _SENTENCE:
            triples = list(zip(words, words[1:], words[2:], strict=False))
            found[at] = sum(one in runs for one in triples) >= _IS_TEXT * len(triples)
    sure = [int(at) for at in np.flatnonzero(found)]
    for at in short:
        squeezed = _squeezed(lines[at])
        after = bisect(sure, at)
        beside = sum((
            after > 0 and at - sure[after - 1] <= _NEAR,
            after < len(sure) and sure[after] - at <= _NEAR,
        ))  # fmt: skip
        own_line = squeezed in own
        found[at] = (beside == 2 and (own_line or len(squeezed) > 2)) or (  # noqa: PLR2004 - both sides; a word
            beside == 1 and ((own_line and len(squeezed) > 3) or len(squeezed) >= 25)  # noqa: PLR2004 - half a sentence
        )
    return found


def grown(pages: Sequence[Described]) -> dict[str, Any]:
    """Grow trees, and return them in the form of `forest.json`."""
    import lightgbm  # noqa: PLC0415 - only here, and installed for benchmarks only

    # Each page twice, with and without the witness, so that the trees can do with both.
    data = lightgbm.Dataset(
        np.vstack([page.table for page in pages] + [page.heard for page in pages]),
        np.concatenate([page.is_text for page in pages] * 2).astype(int),
        weight=np.concatenate([page.weights() / 2 for page in pages] * 2),
    )
    booster = lightgbm.train(PARAMETERS, data, ROUNDS)
    trees = [_nodes(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return {"traits": list(TRAITS), "trees": trees}


def _nodes(root: dict[str, Any]) -> list[list[float]]:
    nodes: list[list[float]] = []

    def add(node: dict[str, Any]) -> int:
        at = len(nodes)
        if "leaf_value" in node:
            nodes.append([round(node["leaf_value"], 5)])
            return at
        nodes.append([])
        low, high = add(node["left_child"]), add(node["right_child"])
        nodes[at] = [node["split_feature"], float(f"{node['threshold']:.6g}"), low, high]
        return at

    add(root)
    return nodes


def judged(pages: Sequence[Described]) -> dict[str, dict[str, float]]:
    """Score each page by trees that saw no page of its domain: F1 by set and page."""
    domains = sorted({page.domain for page in pages})
    order = np.random.default_rng(0).permutation(len(domains))
    fold = {domain: int(at) % FOLDS for domain, at in zip(domains, order, strict=True)}
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for number in range(FOLDS):
        trees = forest.forest_of(grown([page for page in pages if fold[page.domain] != number]))
        for page in pages:
            if fold[page.domain] == number:
                scores[page.set][page.name] = page.f1(page.chance(trees))
    return scores


def main() -> None:
    """Print how well lines are judged, and write the trees."""
    parser = argparse.ArgumentParser(prog="train", description="Grow the trees of generic rules.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--packages", type=Path, default=FOLDER, help="where lightgbm is")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    site.addsitedir(str(options.packages))
    samples = _samples(options.folder)
    with get_context("spawn").Pool(2) as pool:
        pages = [page for page in pool.map(describe, samples, chunksize=8) if page.texts]
    for name, scores in judged(pages).items():
        worst = sorted(scores.items(), key=lambda one: one[1])[:5]
        mean = sum(scores.values()) / len(scores)
        listed = ", ".join(f"{page[:20]} {score:.2f}" for page, score in worst)
        sys.stdout.write(f"{name}: {mean:.4f} on {len(scores)} pages; worst {listed}\n")
    table = grown(pages)
    options.out.write_text(_as_json(table), encoding="utf-8")
    sys.stdout.write(f"{options.out}: {len(table['trees'])} trees from {len(pages)} pages\n")


def _samples(folder: Path) -> list[tuple[str, Sample]]:
    return [(name, sample) for name in sets_in(folder) for sample in samples_of(folder, name)]


def _as_json(table: dict[str, Any]) -> str:
    """Write a tree a line."""
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in table["trees"])
    return f'{{"traits": {json.dumps(table["traits"])},\n"trees": [\n{trees}\n]}}\n'


def _squeezed(text: str) -> str:
    return _SQUEEZE.sub("", text).lower()


if __name__ == "__main__":
    main()
