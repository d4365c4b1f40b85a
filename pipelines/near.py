"""Near-duplicate hashes, oldest first -> which article each repeats. No text is looked at.

An article repeats the oldest *original* within `DISTANCE` bits of it; an original repeats none.
There are no chains: where b is near a, and c near b but not a, c is an original, too. So whatever
is said to repeat an article is near that very article, and a series that changes a little every
day does not become one group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

DISTANCE = 3
"""Bits in which the hashes of near-identical texts differ at most (Manku et al., WWW 2007)."""
LEAST_WORDS = 40
"""Shorter bodies say too little: a notice or a caption may stand under many articles."""

_BITS = 64
_BANDS = DISTANCE + 1
"""Of that many bands one at least is the same in both."""
_BLOCK = 256
"""Hashes that share a band and are compared each with each."""


def originals(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return, for each hash, the place of the original that it repeats; -1 for an original.

    1,000,000 hashes take 2 s and 0.2 GB on one core if they are random, less if they are alike, and
    10 s if all share a band.

    Args:
        hashes: As `near_hash` gives them, as numbers, of the oldest article first.

    >>> originals(np.array([0b0000, 0b0111, 0b11111, 0b0000], np.uint64)).tolist()
    [-1, 0, -1, 0]
    """
    different, first, which = np.unique(hashes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    repeats = np.full(len(order), -1, np.int64)
    """By age: which original, by age."""
    pairs = np.concatenate([np.empty((0, 2), np.int64), *_pairs(different[order])])
    pairs = np.unique(np.sort(pairs, axis=1)[:, ::-1], axis=0)
    for younger, older in pairs.tolist():
        # The older one's fate is known: pairs come in the order of the younger one, then the older.
        if repeats[younger] < 0 and repeats[older] < 0:
            repeats[younger] = older
    first_by_age = first[order]
    age = np.empty(len(order), np.int64)
    age[order] = np.arange(len(order))
    own = age[which]
    found = first_by_age[np.where(repeats[own] < 0, own, repeats[own])]
    return np.where(found == np.arange(len(hashes)), -1, found).astype(np.int64)


def _pairs(hashes: NDArray[np.uint64]) -> Iterator[NDArray[np.int64]]:
    """Yield the places of all pairs at most `DISTANCE` bits apart, some more than once."""
    waiting = [(np.arange(len(hashes)), tuple(range(_BITS)))]
    while waiting:
        places, bits = waiting.pop()
        # Those that share a band are told apart by the bits that are left.
        for band in np.array_split(np.array(bits), _BANDS):
            keys = _key(hashes[places], band)
            order = np.argsort(keys, kind="stable")
            sorted_places, starts = places[order], _starts(keys[order])
            sizes = np.diff(np.append(starts, len(order)))
            is_large = (sizes > _BLOCK) & (len(bits) > len(band))
            rest = tuple(bit for bit in bits if bit not in set(band.tolist()))
            waiting += [
                (sorted_places[start : start + size], rest)
                for start, size in zip(starts[is_large], sizes[is_large], strict=True)
            ]
            small = np.repeat(~is_large, sizes)
            block = np.repeat(np.arange(len(sizes)), sizes)[small]
            yield from _compared(hashes, sorted_places[small], block)


def _compared(
    hashes: NDArray[np.uint64], places: NDArray[np.int64], block: NDArray[np.int64]
) -> Iterator[NDArray[np.int64]]:
    """Compare each with those that follow in its block, all blocks at once."""
    values = hashes[places]
    at = np.arange(len(places))
    step = 1
    while len(at):
        at = at[at + step < len(places)]
        at = at[block[at] == block[at + step]]
        is_near = np.bitwise_count(values[at] ^ values[at + step]) <= DISTANCE
        near = at[is_near]
        yield np.stack([places[near], places[near + step]], axis=1)
        step += 1


def _key(hashes: NDArray[np.uint64], band: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the bits of a band."""
    mask = np.uint64(sum(1 << int(bit) for bit in band))
    return hashes & mask


def _starts(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return where each run of equal keys begins."""
    is_new = np.ones(len(keys), dtype=bool)
    is_new[1:] = keys[1:] != keys[:-1]
    return np.flatnonzero(is_new)
