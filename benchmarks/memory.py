"""How much memory a crawl takes, and whether that grows with the outlet.

Crawls loopback outlets of different sizes with the command itself, each into a fresh folder, and
samples its process tree, without the outlet's server: anonymous memory of every process, and the
files that the largest maps (libraries; the others map the same). The kernel's own measure of what
is shared, PSS, falls and rises with whoever else runs Python on the machine. Ends with 1 where the
largest outlet takes over 15 % more than the smallest, or where an article is missing.

    python -m benchmarks.memory 1000 10000
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.newsstand import OUTLET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = 1.15
"""Peak of the largest outlet, in peaks of the smallest."""
_EVERY_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The process tree at one moment."""

    after_s: float
    anonymous_mb: tuple[float, ...]
    """Of each process, the crawler itself first."""
    files_mb: tuple[float, ...]
    """What each maps and has in memory, likewise."""

    @property
    def total_mb(self) -> float:
        """Of the whole tree, files counted once."""
        return sum(self.anonymous_mb) + max(self.files_mb)

    @property
    def rss_mb(self) -> float:
        """As `ps` adds up, files counted in each process."""
        return sum(self.anonymous_mb) + sum(self.files_mb)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """What one crawl took."""

    pages: int
    articles: int
    """As the command reports them."""
    seconds: float
    cpu_s: float
    """Of all its processes, user and system."""
    samples: Sequence[Sample]

    @property
    def peak(self) -> Sample:
        """The moment of most memory."""
        return max(self.samples, key=lambda one: one.total_mb)

    @property
    def median_mb(self) -> float:
        """Median of the samples: what it takes while it crawls."""
        return statistics.median(one.total_mb for one in self.samples)


def crawled(pages: int, folder: Path) -> Crawl:
    """Crawl an outlet of so many pages into *folder*.

    Raises:
        subprocess.CalledProcessError: The command did not end with 0.
    """
    with _newsstand(pages) as url:
        config = folder / "config"
        (config / "outlets").mkdir(parents=True)
        (config / "kliping.toml").write_text("")
        (config / "outlets" / "kios.toml").write_text(OUTLET.format(url=url))
        options = ["--archive", str(folder / "archive"), "--config", str(config)]
        before, started = _cpu_s(), time.monotonic()
        process = subprocess.Popen(  # noqa: S603  the project's own command
            [sys.executable, "-m", "crawler", *options, "crawl", "kios", "--json"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        samples = []
        while process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                after_s = time.monotonic() - started
                anonymous_mb, files_mb = zip(*tree_mb(process.pid), strict=True)
                samples.append(
                    Sample(after_s=after_s, anonymous_mb=anonymous_mb, files_mb=files_mb)
                )
            time.sleep(_EVERY_S)
        output, _ = process.communicate()
        seconds = time.monotonic() - started
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        return Crawl(
            pages=pages,
            articles=json.loads(output)["new"],
            seconds=seconds,
            cpu_s=_cpu_s() - before,
            samples=samples,
        )


def tree_mb(pid: int) -> list[tuple[float, float]]:
    """Return MB of anonymous memory and of mapped files, of a process and of all below it.

    Raises:
        ProcessLookupError: The process has ended.
    """
    found = [_mb(pid)]
    for child in _children(pid):
        with contextlib.suppress(ProcessLookupError):
            found += tree_mb(child)
    return found


def _mb(pid: int) -> tuple[float, float]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except FileNotFoundError as error:
        raise ProcessLookupError(pid) from error
    if not lines:  # a process that has ended and was not waited for
        raise ProcessLookupError(pid)
    kb = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return kb["Anonymous"] / 1024, (kb["Rss"] - kb["Anonymous"]) / 1024


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, thread.read_text().split())
    return found


def _cpu_s() -> float:
    """Return what children that have ended took; the server, still running, is none of them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def _newsstand(pages: int) -> Iterator[str]:
    server = subprocess.Popen(  # noqa: S603  the project's own module
        [sys.executable, "-m", "benchmarks.newsstand", str(pages)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdout is not None  # noqa: S101  a pipe, as asked for
        yield server.stdout.readline().strip()
        server.communicate()  # its standard input ends, and so does it


def _line(one: Crawl) -> str:
    peak = one.peak
    parts = " + ".join(f"{mb:.0f}" for mb in (*peak.anonymous_mb, max(peak.files_mb)))
    return (
        f"{one.pages:>7} pages  peak {peak.total_mb:.0f} MB at {peak.after_s:.0f} s "
        f"({parts} of files; RSS {peak.rss_mb:.0f})  median {one.median_mb:.0f} MB  "
        f"{one.seconds:.0f} s  {one.pages / one.seconds:.1f} pages/s  "
        f"{1000 * one.cpu_s / one.pages:.1f} ms CPU a page"
    )


def _keep(one: Crawl, folder: Path) -> None:
    """Write the samples down: seconds, MB of mapped files, anonymous MB of each process."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (
        ",".join(f"{mb:.1f}" for mb in (sample.after_s, max(sample.files_mb), *sample.anonymous_mb))
        for sample in one.samples
    )
    (folder / f"memory-{one.pages}.csv").write_text("\n".join(lines) + "\n")


def main() -> int:
    """Crawl one outlet after the other and compare."""
    parser = argparse.ArgumentParser(description="How much memory a crawl takes.")
    parser.add_argument("pages", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--samples", type=Path, metavar="DIR", help="keep every sample as CSV")
    options = parser.parse_args()
    done = []
    for pages in options.pages:
        with tempfile.TemporaryDirectory(prefix="kliping-memory-") as folder:
            one = crawled(pages, Path(folder))
        sys.stdout.write(_line(one) + "\n")
        sys.stdout.flush()
        if options.samples:
            _keep(one, options.samples)
        if one.articles != pages:
            sys.stderr.write(f"wanted {pages} articles, found {one.articles}\n")
            return 1
        done.append(one)
    least, most = min(done, key=lambda c: c.pages), max(done, key=lambda c: c.pages)
    ratio = most.peak.total_mb / least.peak.total_mb
    sys.stdout.write(f"{ratio:.3f} times the peak for {most.pages / least.pages:g} x the pages\n")
    return int(ratio > ALLOWED)


if __name__ == "__main__":
    os.environ.pop("KLIPING_ARCHIVE", None)
    sys.exit(main())
