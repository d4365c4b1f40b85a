from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEERS = {"newspaper4k", "readability-lxml", "html-text"}


def versions(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))


def test_peers_are_locked_for_the_benchmark_only() -> None:
    assert versions("requirements-bench.lock").keys() >= PEERS
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert not PEERS & versions(lock).keys()


def test_peers_run_with_the_products_own_versions() -> None:
    # They look into the product's packages first: another version there would be another peer.
    bench, product = versions("requirements-bench.lock"), versions("requirements-dev.lock")
    shared = bench.keys() & product.keys()
    assert "lxml" in shared
    assert {name: bench[name] for name in shared} == {name: product[name] for name in shared}
