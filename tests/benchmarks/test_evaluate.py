from __future__ import annotations

import gzip
import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.evaluate import main

if TYPE_CHECKING:
    from pathlib import Path

PARAGRAPHS = [
    "Harga beras medium di pasar induk naik dua ratus rupiah per kilogram sejak awal pekan.",
    "Pedagang mengatakan pasokan dari daerah berkurang karena hujan turun lebih lama.",
    "Pemerintah kota berjanji menambah stok di gudang supaya warga tidak membeli lebih mahal.",
    "Petani di tiga kecamatan memperkirakan panen berikutnya mundur sampai Februari mendatang.",
]
READ_ALSO = "Baca Juga: Gudang Kota Mulai Diisi Beras Dari Luar Pulau"
TITLE = "Harga Beras Medium Naik Lagi"

OUTLET = """
name = "Kabar Contoh"
domains = ["kabar.contoh.co.id"]
language = "id"
timezone = "Asia/Jakarta"
[articles]
match = '^https://kabar\\.contoh\\.co\\.id/berita/'
[[layouts]]
body = [".isi"]
title = ["h1"]
authors = [".penulis"]
published = [".waktu"]
"""


def html(paragraphs: list[str]) -> bytes:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang=id><head><title>{TITLE} | Kabar Contoh</title></head><body>"
        f"<nav><a href=/>Beranda</a></nav><article><h1>{TITLE}</h1>"
        "<p class=penulis>Siti Rahma</p><p class=waktu>Minggu, 22 November 2026 09:30 WIB</p>"
        f"<div class=isi>{body}</div></article></body></html>"
    ).encode()


def keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    link = {"text": READ_ALSO, "href": "/berita/2", "form": "own_paragraph", "where": "body"}
    linked = f'<a href="/berita/2">{READ_ALSO}</a>'
    keep(folder / "id" / "kabar-1.html.gz", html([*PARAGRAPHS[:2], linked, *PARAGRAPHS[2:]]))
    page: dict[str, Any] = {
        "url": "https://kabar.contoh.co.id/berita/1/harga",
        "title": TITLE,
        "title_alt": [],
        "authors": ["Siti Rahma"],
        "editors": [],
        "published_at": "2026-11-22T09:30:00+07:00",
        "section": None,
        "tags": [],
        "body": PARAGRAPHS,
        "read_also": [link],
        "other_boilerplate": [],
        "optional": [],
    }
    (folder / "id" / "kabar-1.json").write_text(json.dumps(page), encoding="utf-8")
    lines = []
    for number in (1, 2):
        keep(folder / "kecil" / f"{number}.html.gz", html(PARAGRAPHS))
        line = {
            "html": f"{number}.html.gz",
            "id": f"hal-{number}",
            "url": f"https://lain.contoh.id/{number}/harga-beras",
            "language": "id",
            "title": TITLE,
            "published": "2026-11-22",
            "authors": None,
            # Of the second page half is wanted only.
            "body": "\n\n".join(PARAGRAPHS if number == 1 else PARAGRAPHS[:2]),
            "must": ["harga beras medium", "tidak ada di sini"],
            "must_not": ["Beranda"],
        }
        lines.append(json.dumps(line))
    (folder / "kecil" / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    config = tmp_path / "config"
    (config / "outlets").mkdir(parents=True)
    (config / "outlets" / "kabar.toml").write_text(OUTLET, encoding="utf-8")
    (tmp_path / "floors.toml").write_text("[id]\nread_also_left = 0\n", encoding="utf-8")
    limits = ["--limits", str(tmp_path / "floors.toml")]
    return ["--jobs", "1", "--config", str(config), *limits, "--peers", "trafilatura"]


def test_all_sets_are_scored_beside_the_peer(
    gold: Path, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "figures.json"
    assert main([str(gold), *options, "--json", str(written)]) == 0
    sets = json.loads(written.read_text(encoding="utf-8"))["sets"]
    own = sets["id"]["Kliping, outlet files"]["figures"]
    exact = {"title": 1.0, "day": 1.0, "minute": 1.0, "authors": 1.0, "editors": 1.0}
    bodies = {"f1": 1.0, "rouge": 1.0, "shingle_f1": 1.0, "lost": 0, "read_also_left": 0}
    assert exact | bodies == {key: own[key] for key in exact | bodies}
    # trafilatura keeps such paragraphs, and knows days only.
    peer = sets["id"]["trafilatura"]["figures"]
    assert peer["read_also_left"] == 1
    assert peer["cpu_ratio"] == 1.0
    assert "minute" not in peer
    assert own["f1_lead"] == pytest.approx(1.0 - peer["f1"])
    few = sets["kecil"]["Kliping, generic rules"]
    assert [page for page, _ in few["worst"]] == ["hal-2", "hal-1"]
    assert few["f1"]["hal-1"] > 0.9 > few["f1"]["hal-2"]
    assert few["figures"]["must_found"] == 0.5
    assert few["figures"]["must_not_left"] == 0.0
    printed = capsys.readouterr().out
    assert "== kecil: 2 pages ==" in printed
    assert "hal-2 0." in printed
    assert max(map(len, printed.splitlines())) <= 80


def test_a_figure_below_its_floor_ends_with_1_and_is_named(
    gold: Path, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = "[id]\nf1 = 0.9\n[kecil]\nf1 = 0.99\nday = 1.0\n"
    (tmp_path / "floors.toml").write_text(floors, encoding="utf-8")
    assert main([str(gold), *options[:-2], "--no-peers"]) == 1
    worse = [line for line in capsys.readouterr().err.splitlines() if "floor" in line]
    assert len(worse) == 1
    assert worse[0].startswith(
        "evaluate: below its floor: kecil: f1: wanted at least 0.99, found 0."
    )


def test_present_figures_are_written_as_floors_that_hold(
    gold: Path, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "new.toml"
    arguments = [str(gold), *options[:-2], "--no-peers"]
    assert main([*arguments, "--floors", str(written)]) == 0
    text = written.read_text(encoding="utf-8")
    assert sorted(tomllib.loads(text)) == ["id", "id-generic", "kecil"]
    assert "DECISIONS.md" in text
    assert main([*arguments, "--limits", str(written)]) == 0
    assert "all that was measured is at or above its floor" in capsys.readouterr().out


def said(capsys: pytest.CaptureFixture[str]) -> str:
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_a_wrong_folder(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nowhere"), *options]) == 2
    assert said(capsys).endswith("nowhere: wanted a folder of gold sets, found none")
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), *options]) == 2
    assert said(capsys).endswith("empty: wanted id/*.json or */gold.jsonl, found neither")


def test_a_missing_set(
    gold: Path, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(gold), *options, "--sets", "kecil,besar"]) == 2
    assert said(capsys).endswith("gold: wanted the set 'besar', found id, kecil")
    (tmp_path / "floors.toml").write_text("[besar]\nf1 = 0.9\n", encoding="utf-8")
    assert main([str(gold), *options]) == 2
    assert "wanted the set 'besar'" in said(capsys)


def test_a_broken_line(gold: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    path = gold / "kecil" / "gold.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{lines[0]}\n{lines[1][:40]}\n", encoding="utf-8")
    assert main([str(gold), *options]) == 2
    assert f"{path}:2: wanted a JSON object, found: " in said(capsys)
    without = {key: value for key, value in json.loads(lines[1]).items() if key != "body"}
    path.write_text(f"{lines[0]}\n{json.dumps(without)}\n", encoding="utf-8")
    assert main([str(gold), *options]) == 2
    assert f"{path}:2: wanted the key 'body', found 'html', 'id'" in said(capsys)


def test_a_missing_page(gold: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (gold / "kecil" / "2.html.gz").unlink()
    assert main([str(gold), *options]) == 2
    assert "2.html.gz: wanted a gzipped page, found: No such file" in said(capsys)


def test_a_peer_that_is_not_installed(
    gold: Path, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = tmp_path / "packages"
    arguments = [str(gold), *options[:-1], "newspaper4k", "--packages", str(packages)]
    assert main(arguments) == 2
    assert f"newspaper4k: wanted newspaper4k in {packages}, found none" in said(capsys)
    assert main([str(gold), *options[:-1], "goose"]) == 2
    assert "found 'goose'" in said(capsys)
