"""Traits of lines -> how likely each line is text of the article.

Gradient-boosted decision trees, kept as a table in `forest.json`; `benchmarks/train.py` makes it
from pages whose text is known. Evaluating them takes numpy and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


_ROWS = 1_000
"""At once; each takes some kilobytes."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees in one table of nodes; the sum of the leaves that a row reaches is its log-odds.

    Attributes:
        traits: The columns that rows must have, in order.
        roots: Number of each tree's first node.
        trait: Column that a node asks for; 0 in leaves.
        most: A row goes to `low` up to this value, above it to `high`; infinite in leaves.
        low: Number of a node; a leaf's own in leaves.
        high: Likewise.
        value: Of a leaf.
        depth: Most steps from a root to a leaf.
    """

    traits: tuple[str, ...]
    roots: NDArray[np.int32]
    trait: NDArray[np.int32]
    most: NDArray[np.float32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    value: NDArray[np.float32]
    depth: int

    def chance(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how likely each row is text, 0 to 1.

        Args:
            rows: Shape (rows, traits).
        """
        blocks = (self._chance(rows[at : at + _ROWS]) for at in range(0, len(rows), _ROWS))
        return np.concatenate([np.zeros(0), *blocks])

    def _chance(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        count, width = rows.shape
        flat = np.ascontiguousarray(rows, np.float32).ravel()
        start = np.arange(count, dtype=np.int32)[:, None] * np.int32(width)
        at = np.broadcast_to(self.roots, (count, len(self.roots)))
        for _ in range(self.depth):
            value = flat.take(start + self.trait.take(at))
            at = np.where(value <= self.most.take(at), self.low.take(at), self.high.take(at))
        odds: NDArray[np.float64] = self.value.take(at).sum(axis=1, dtype=np.float64)
        return np.asarray(1 / (1 + np.exp(-odds)))


@lru_cache(maxsize=1)
def load() -> Forest:
    """Read the table that comes with the package."""
    text = files("pipelines").joinpath("forest.json").read_text(encoding="utf-8")
    return forest_of(json.loads(text))


def forest_of(table: Mapping[str, Any]) -> Forest:
    """Build the trees of a table.

    Args:
        table: `traits`, their names; `trees`, each a list of nodes: `[trait, most, low, high]` or
            `[value]`, numbered from the tree's first.
    """
    trait: list[int] = []
    most: list[float] = []
    low: list[int] = []
    high: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    for tree in table["trees"]:
        first = len(trait)
        roots.append(first)
        for at, node in enumerate(tree, start=first):
            leaf = len(node) == 1
            trait.append(0 if leaf else node[0])
            most.append(np.inf if leaf else node[1])
            low.append(at if leaf else first + node[2])
            high.append(at if leaf else first + node[3])
            value.append(node[0] if leaf else 0.0)
    return Forest(
        traits=tuple(table["traits"]),
        roots=np.array(roots, np.int32),
        trait=np.array(trait, np.int32),
        most=np.array(most, np.float32),
        low=np.array(low, np.int32),
        high=np.array(high, np.int32),
        value=np.array(value, np.float32),
        depth=max(_depth(tree, 0) for tree in table["trees"]),
    )


def _depth(tree: Sequence[Sequence[float]], at: int) -> int:
    node = tree[at]
    return 0 if len(node) == 1 else 1 + max(_depth(tree, int(n)) for n in node[2:])
