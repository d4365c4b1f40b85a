"""Every error that Kliping raises on purpose.

::

    KlipingError            one line: the thing, what was wanted, what was found
    ├── UsageError          exit 2: wrong arguments or configuration
    │   └── OutletError     exit 2: an outlet file that cannot be used
    ├── ArchiveError        exit 3: the archive cannot be reached, read or written
    │   └── ConflictError   exit 3: somebody else wrote the object first, more often than we retry
    └── HeldError           exit 4: another run holds the lease

A page that is no article is not an error but a value, `pipelines.records.Rejected`.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class KlipingError(Exception):
    """Base of all; its text is one line for a person, its code the exit code."""

    exit_code: ClassVar[int] = 1


class UsageError(KlipingError):
    """The command line or the configuration asks for something impossible."""

    exit_code = 2


class OutletError(UsageError):
    """An outlet file is wrong; the text starts with its path and the bad key."""


class ArchiveError(KlipingError):
    """The archive cannot be reached, read or written."""

    exit_code = 3


class ConflictError(ArchiveError):
    """A conditional write lost against another writer."""


class HeldError(KlipingError):
    """Another run holds the lease of an outlet."""

    exit_code = 4


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known word nearest to *word*, or nothing.

    >>> did_you_mean("discovr", ["discover", "articles"])
    "; did you mean 'discover'?"
    >>> did_you_mean("zzz", ["discover"])
    ''
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
