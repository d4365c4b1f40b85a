"""One run at a time crawls an outlet, without a lock service."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.errors import ArchiveError, HeldError
from pipelines.store.lease import EXPIRY_S, holder, is_live, take, unlock

if TYPE_CHECKING:
    from pipelines.store.archive import Archive
    from pipelines.store.lease import Lease


def age(archive: Archive, slug: str, seconds: float) -> None:
    """Make a lease look as if it had not been renewed for so long."""
    key = f"leases/{slug}.json"
    values = json.loads(archive.read(key))
    then = datetime.now(UTC) - timedelta(seconds=seconds)
    archive.put(key, json.dumps({**values, "renewed_at": then.isoformat()}).encode())


def test_a_held_outlet_is_refused_and_says_by_whom(archive: Archive) -> None:
    taken = take(archive, "contoh", "run-1")
    with pytest.raises(HeldError) as caught:
        take(archive, "contoh", "run-2")
    said = str(caught.value)
    assert said.startswith("contoh: held by run run-1 on ")
    assert taken.holder.since.strftime("since %Y-%m-%d %H:%M") in said
    assert "\n" not in said
    assert is_live(archive, "contoh", "run-1")
    assert not is_live(archive, "contoh", "run-2")
    take(archive, "lain", "run-2")


def test_a_released_outlet_is_free(archive: Archive) -> None:
    first = take(archive, "contoh", "run-1")
    first.renew()
    first.release()
    assert not is_live(archive, "contoh", "run-1")
    second = take(archive, "contoh", "run-2")
    first.release()  # late, and no longer its own
    second.renew()
    assert is_live(archive, "contoh", "run-2")


def test_a_lease_that_was_not_renewed_can_be_taken_and_its_holder_learns_of_it(
    archive: Archive,
) -> None:
    first = take(archive, "contoh", "run-1")
    age(archive, "contoh", EXPIRY_S - 5)
    with pytest.raises(HeldError):
        take(archive, "contoh", "run-2")
    age(archive, "contoh", EXPIRY_S + 1)
    second = take(archive, "contoh", "run-2")
    with pytest.raises(HeldError, match="contoh: wanted to keep the lease, found it taken"):
        first.renew()
    first.release()
    second.renew()
    found = holder(archive, "contoh")
    assert found is not None
    assert found.run_id == "run-2"


def test_of_many_exactly_one_gets_it(archive: Archive) -> None:
    def attempt(number: int) -> Lease | None:
        try:
            return take(archive, "contoh", f"run-{number}")
        except HeldError:
            return None

    for expired in (False, True):
        if expired:
            age(archive, "contoh", EXPIRY_S + 1)
        with ThreadPoolExecutor(8) as pool:
            winners = [one for one in pool.map(attempt, range(8)) if one is not None]
        assert len(winners) == 1
        winners[0].renew()


def test_unlock_frees_whoever_holds_it(archive: Archive) -> None:
    assert unlock(archive, "contoh") is None
    first = take(archive, "contoh", "run-1")
    found = unlock(archive, "contoh")
    assert found is not None
    assert found.run_id == "run-1"
    with pytest.raises(HeldError):
        first.renew()
    take(archive, "contoh", "run-2")
    with pytest.raises(HeldError):
        first.renew()


def test_a_broken_lease_file_is_one_line(archive: Archive) -> None:
    archive.put("leases/contoh.json", b"{}")
    with pytest.raises(ArchiveError, match=r"leases/contoh\.json: wanted a lease") as caught:
        take(archive, "contoh", "run-1")
    assert "\n" not in str(caught.value)
