"""A real WordPress is drafted by its one address, and its file crawls it."""

from __future__ import annotations

import shutil
import tomllib
from typing import TYPE_CHECKING

from tests.crawler.conftest import Kliping

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.wordpress.site import WordPress


def test_a_drafted_file_crawls_a_wordpress(tmp_path: Path, wordpress: WordPress) -> None:
    config = tmp_path / "config"
    (config / "outlets").mkdir(parents=True)
    families = Kliping.root() / "config" / "outlets" / "families"
    shutil.copytree(families, config / "outlets" / "families")
    (config / "kliping.toml").write_text("[politeness]\ndelay_s = 0.0\nconcurrency = 8\n")
    kliping = Kliping(config, str(tmp_path / "archive"), {"KLIPING_CONFIG": str(config)})
    kliping("outlets", "draft", wordpress.url, "--slug", "wp", "--allow-private-network")
    text = (config / "outlets" / "wp.toml").read_text()
    data = tomllib.loads(text)
    assert (data["name"], data["family"], data["language"]) == ("Warta Uji", "wordpress", "id")
    assert data["timezone"] == "Asia/Jakarta"
    assert data["discover"]["wordpress"] is True
    assert "with the whole text of" in text
    assert data["discover"]["feeds"] == [f"{wordpress.url}/feed/"]
    assert data["discover"]["sitemaps"] == [f"{wordpress.url}/wp-sitemap.xml"]
    assert "layouts" not in data
    kliping("outlets", "check", "wp")
    (done,) = kliping.lines(
        "--archive", str(tmp_path / "archive"), "crawl", "wp", "--limit", "10", "--json"
    )
    assert (done["new"], done["rejected"], done["errors"]) == (10, 0, 0)
