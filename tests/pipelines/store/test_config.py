from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from pipelines.errors import OutletError, UsageError
from pipelines.outlets import Fetch
from pipelines.store.config import (
    CONFIG_DIR,
    Politeness,
    Settings,
    load_registry,
    load_settings,
)

CONTOH = 'name = "Contoh"\ndomains = ["contoh.id"]\n'
KHUSUS = 'name = "Khusus"\ndomains = ["khusus.contoh.id"]\n'


def folder(root: Path, **files: str) -> Path:
    """Write a configuration folder; `a__b` stands for `outlets/a/b.toml`."""
    config = root / "config"
    (config / "outlets" / "families").mkdir(parents=True)
    for name, text in files.items():
        path = "kliping.toml" if name == "kliping" else f"outlets/{name.replace('__', '/')}.toml"
        (config / path).write_text(text, encoding="utf-8")
    return config


def test_outlets_are_read_and_sorted_by_slug(tmp_path: Path) -> None:
    config = folder(tmp_path, khusus=KHUSUS, contoh=CONTOH)
    registry = load_registry(config)
    assert [outlet.slug for outlet in registry.all()] == ["contoh", "khusus"]
    assert registry.get("contoh").name == "Contoh"


def test_an_outlet_inherits_its_family(tmp_path: Path) -> None:
    config = folder(
        tmp_path,
        contoh=CONTOH + 'family = "induk"\n',
        families__induk='[[layouts]]\nbody = [".isi"]\n',
    )
    assert load_registry(config).get("contoh").layouts[0].body[0].text == ".isi"


def test_an_unknown_outlet_suggests_the_one_that_was_meant(tmp_path: Path) -> None:
    registry = load_registry(folder(tmp_path, contoh=CONTOH))
    with pytest.raises(UsageError, match=r"^conto: .*; did you mean 'contoh'\?$"):
        registry.get("conto")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.contoh.id/a", "contoh"),
        ("https://khusus.contoh.id/a", "khusus"),
        ("https://berita.khusus.contoh.id/a", "khusus"),
        ("http://sela@WWW.contoh.id:8080/a", "contoh"),
        ("http://127.0.0.1:8000/a", "lokal"),
        ("http://127.0.0.1:8001/a", "127.0.0.1"),
        ("https://bukancontoh.id/a", "bukancontoh.id"),
        ("https://berita.lain.co.id/a", "lain.co.id"),
    ],
)
def test_the_most_specific_domain_owns_an_address(tmp_path: Path, url: str, expected: str) -> None:
    lokal = 'name = "Lokal"\ndomains = ["127.0.0.1:8000"]\n'
    registry = load_registry(folder(tmp_path, contoh=CONTOH, khusus=KHUSUS, lokal=lokal))
    assert expected == registry.for_url(url).slug


@pytest.mark.parametrize(
    "url",
    [
        *("", "contoh", "ftp://contoh.id/a", "http://", "http://[", "https:a"),
        *("http://contoh.id:99999/a", "http://lain.id:99999/a", "http://lain.id:x/"),
    ],
)
def test_what_is_no_address_belongs_to_nobody(tmp_path: Path, url: str) -> None:
    registry = load_registry(folder(tmp_path, contoh=CONTOH))
    with pytest.raises(UsageError, match="wanted an address"):
        registry.for_url(url)


def test_two_outlets_may_not_claim_one_domain(tmp_path: Path) -> None:
    config = folder(tmp_path, contoh=CONTOH, tiruan=CONTOH)
    with pytest.raises(OutletError, match=r"^outlets contoh and tiruan: .*'contoh\.id'"):
        load_registry(config)


def test_an_outlet_can_be_added(tmp_path: Path) -> None:
    registry = load_registry(folder(tmp_path, contoh=CONTOH))
    other = load_registry(folder(tmp_path / "b", khusus=KHUSUS)).get("khusus")
    assert [one.slug for one in registry.with_outlet(other).all()] == ["contoh", "khusus"]
    assert [one.slug for one in registry.all()] == ["contoh"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("contoh", "name = ", r"contoh\.toml: wanted TOML"),
        ("contoh", CONTOH + "[articels]\n", r"contoh\.toml: articels: unknown key; did you mean"),
        (
            "contoh",
            CONTOH + "[articles]\nmatch = '[a-z'\n",
            r"contoh\.toml: articles\.match: unterm",
        ),
        ("families__induk", "name", r"families/induk\.toml: wanted TOML"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(OutletError, match=message):
        load_registry(folder(tmp_path, **{name: text})).all()


def test_rules_are_read_of_the_outlets_that_are_asked_for(tmp_path: Path) -> None:
    broken = KHUSUS + "[articles]\nmatch = '[a-z'\n"
    registry = load_registry(folder(tmp_path, contoh=CONTOH, khusus=broken))
    assert registry.get("contoh").name == "Contoh"
    assert registry.for_url("https://contoh.id/a") is registry.get("contoh")
    assert "khusus" in registry.outlets
    for ask in (
        lambda: registry.get("khusus"),
        lambda: registry.for_url("https://khusus.contoh.id/a"),
        registry.all,
    ):
        with pytest.raises(OutletError, match=r"khusus\.toml: articles\.match: unterminated"):
            ask()


def test_a_folder_without_outlets_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    wanted = r"config/outlets: wanted a folder of outlet files, found none$"
    with pytest.raises(UsageError, match=wanted):
        load_registry(tmp_path / "config")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    config = folder(tmp_path)
    (config / "outlets" / "contoh.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(OutletError, match=r"contoh\.toml: wanted UTF-8"):
        load_registry(config)


def test_files_are_named_as_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path, contoh=CONTOH + "[articles]\nmatch = '[a-z'\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutletError, match=r"^config/outlets/contoh\.toml: articles\.match: "):
        load_registry(Path("config")).all()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="tiada: wanted the configuration folder, found none"):
        load_settings(tmp_path / "tiada")


def test_a_folder_without_settings_gives_the_defaults(tmp_path: Path) -> None:
    assert Settings() == load_settings(folder(tmp_path))


def test_settings_are_read(tmp_path: Path) -> None:
    toml = """
        archive = "s3://ember/kliping"
        contact = "redaksi@contoh.id"
        publish = "daily"
        [politeness]
        delay_s = 5
        retries = 0
        [schedules]
        "crawl contoh" = "*/15 6-22 * * *"
        publish = "@daily"
    """
    expected = Settings(
        archive="s3://ember/kliping",
        contact="redaksi@contoh.id",
        publish="daily",
        politeness=Politeness(delay_s=5, retries=0),
        schedules={"crawl contoh": "*/15 6-22 * * *", "publish": "@daily"},
    )
    assert expected == load_settings(folder(tmp_path, kliping=toml))


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("contcat = 'x'", r"kliping\.toml: contcat: unknown key; did you mean 'contact'\?$"),
        ("[politeness]\ndelay = 1", r"politeness\.delay: unknown key; did you mean 'delay_s'\?$"),
        ("politeness = 1", r"politeness: wanted a table, found 1$"),
        ("archive = 1", r"archive: wanted a string, found 1$"),
        ("archive = ''", r"archive: wanted a string, found ''$"),
        ("publish = 'weekly'", r"publish: wanted 'run' or 'daily' or 'manual', found 'weekly'$"),
        ("publish = 1", r"publish: wanted a string, found 1$"),
        ("[politeness]\ndelay_s = -1", r"politeness\.delay_s: wanted a number of at least 0"),
        ("[politeness]\nconcurrency = 0", r"concurrency: wanted a whole number of at least 1"),
        ("[politeness]\nconcurrency = 1.5", r"concurrency: wanted a whole number of at least 1"),
        ("[politeness]\nretries = true", r"retries: wanted a whole number of at least 0"),
        ("[schedules]\ncrawl = 'often'", r"schedules\.crawl: wanted a cron expression"),
        ("[schedules]\ncrawl = 15", r"schedules\.crawl: wanted a cron expression"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, toml: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_settings(folder(tmp_path, kliping=toml))


def test_the_general_pace_holds_where_an_outlet_says_nothing(tmp_path: Path) -> None:
    config = folder(
        tmp_path,
        kliping="[politeness]\ndelay_s = 3\nconcurrency = 1\n",
        contoh=CONTOH,
        khusus=KHUSUS + "[fetch]\ndelay_s = 0.5\n",
    )
    registry = load_registry(config)
    pace = Fetch(delay_s=3, concurrency=1)
    assert pace == registry.get("contoh").fetch
    assert Fetch(delay_s=0.5, concurrency=1) == registry.get("khusus").fetch
    assert pace == registry.for_url("https://lain.id/").fetch


def test_the_settings_in_the_checkout_show_every_key_with_its_default() -> None:
    written = tomllib.loads((CONFIG_DIR / "kliping.toml").read_text(encoding="utf-8"))
    expected = asdict(Settings())
    assert set(expected) == set(written)
    assert expected["politeness"] == written["politeness"]
    assert expected["archive"] == written["archive"]
