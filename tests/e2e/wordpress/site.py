"""A real WordPress on 127.0.0.1: Debian's packages, run by us in a folder of our own.

Nothing outside that folder is written: the site is Debian's code behind links, with its own
configuration beside it, so `/etc/wordpress` and the system's services stay as they are. MariaDB
listens on a socket only, PHP too, nginx on one free port.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.e2e.wordpress.posts import HANDBOOK, posts

HERE = Path(__file__).parent
DEBIAN = Path("/usr/share/wordpress")
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb", "php", "nginx", "setpriv")
_FILES = (
    DEBIAN / "wp-load.php",
    DEBIAN / "wp-content/themes/twentytwentyone/style.css",
    DEBIAN / "wp-content/languages/id_ID.mo",
    HANDBOOK / "index.html",
)
_READY_S = 60
_ANSWER_S = 60


def missing() -> list[str]:
    """Return what the site needs and this machine lacks."""
    lacking = [name for name in _PROGRAMS if shutil.which(name, path=_PATH) is None]
    if not _fpm():
        lacking.append("php-fpm")
    return lacking + [str(path) for path in _FILES if not path.exists()]


class WordPress:
    """A site with posts, from `with` until its end."""

    owner = "redaksi"

    def __init__(self, *, count: int = 300) -> None:
        self.count = count
        # Not pytest's folder: a socket's path may have 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="kliping-wp-"))
        self.port = _free_port()
        self.password = ""
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        """The home page, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End every server, the last started first, and drop the folder."""
        for process in reversed(self._processes):
            _end(process)
        self._processes.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    # The REST API.

    def api(self, path: str, body: dict[str, Any] | None = None, *, method: str = "GET") -> Any:  # noqa: ANN401 - any JSON
        """Ask `/wp-json/wp/v2/<path>` as the owner and return the JSON answer."""
        return json.load(self._opened(path, body, method))

    def create_post(self, title: str, content: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Publish a post and return it as the API shows it."""
        made: dict[str, Any] = self.api(
            "posts",
            {"title": title, "content": content, "status": "publish", **fields},
            method="POST",
        )
        return made

    def edit_post(self, number: int, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Change a post and return it as the API shows it now."""
        changed: dict[str, Any] = self.api(f"posts/{number}", fields, method="POST")
        return changed

    def delete_post(self, number: int) -> None:
        """Delete a post for good; its address answers 404."""
        self.api(f"posts/{number}?force=true", method="DELETE")

    def posts(self) -> list[dict[str, Any]]:
        """Return every published post, the newest first, with its names and terms embedded."""
        found: list[dict[str, Any]] = []
        query = {"per_page": 100, "_embed": "author,wp:term", "orderby": "date", "order": "desc"}
        while True:
            page = len(found) // 100 + 1
            answer = self._opened(f"posts?{urlencode({**query, 'page': page})}", None, "GET")
            found.extend(json.load(answer))
            if page >= int(answer.headers["X-WP-TotalPages"]):
                return found

    def outlet(self, **discover: bool | list[str]) -> str:
        """Return an outlet file for the site; *discover* goes into that table.

        By default everything that WordPress offers is used: feed, sitemap and API.
        """
        sources = discover or {
            "feeds": [f"{self.url}/feed/"],
            "sitemaps": [f"{self.url}/wp-sitemap.xml"],
            "wordpress": True,
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in sources.items()]
        return "\n".join(
            [
                'name = "Warta Uji"',
                f'domains = ["127.0.0.1:{self.port}"]',
                'family = "wordpress"',
                "allow_private_network = true",
                "[discover]",
                *lines,
                "[articles]",
                r"match = '/\d{4}/\d{2}/\d{2}/[^/?#]+/?$'",
                "[fetch]",
                "delay_s = 0",
                "concurrency = 4",
                "",
            ]
        )

    def _opened(self, path: str, body: dict[str, Any] | None, method: str) -> Any:  # noqa: ANN401 - a response
        token = base64.b64encode(f"{self.owner}:{self.password}".encode()).decode()
        request = Request(  # noqa: S310 - our own server
            f"{self.url}/wp-json/wp/v2/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
            method=method,
        )
        return urlopen(request, timeout=_ANSWER_S)  # noqa: S310 - as above

    # Starting.

    def _start(self) -> None:
        self._write_site()
        self._start_database()
        self._start_web()
        self.password = self._php("install.php", "").strip()
        seeded = self._php("seed.php", json.dumps(posts(self.count)))
        if seeded != str(self.count):
            raise RuntimeError(f"wanted {self.count} posts, found {seeded!r}")
        _wait(self._answers, "WordPress", self.folder / "nginx.log")

    def _write_site(self) -> None:
        site = self.folder / "site"
        content = site / "wp-content"
        for name in ("plugins", "uploads", "upgrade"):
            (content / name).mkdir(parents=True)
        for name in ("themes", "languages"):
            (content / name).symlink_to(DEBIAN / "wp-content" / name)
        for name in ("wp-admin", "wp-includes"):
            (site / name).symlink_to(DEBIAN / name)
        # Copies, since PHP takes the folder of the real file for the site's own.
        for path in DEBIAN.glob("*.php"):
            if path.name not in ("wp-config.php", "wp-config-sample.php"):
                shutil.copy(path, site)
        (site / "wp-config.php").write_text(_CONFIG.format(socket=self._socket, url=self.url))

    @property
    def _socket(self) -> Path:
        return self.folder / "db.sock"

    def _start_database(self) -> None:
        data = self.folder / "db"
        me = f"--user={os.environ.get('USER', 'root') if os.getuid() else 'root'}"
        self._run(
            "mariadb-install-db",
            "--no-defaults",
            me,
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        )
        self._serve(
            "mariadbd",
            "--no-defaults",
            *([me] if os.getuid() == 0 else []),
            f"--datadir={data}",
            f"--socket={self._socket}",
            f"--pid-file={self.folder / 'db.pid'}",
            "--skip-networking",
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=0",
        )
        create = (
            "mariadb", "--no-defaults", f"--socket={self._socket}", "--user=root",
            "--execute=CREATE DATABASE wordpress CHARACTER SET utf8mb4",
        )  # fmt: skip
        _wait(lambda: self._works(*create), "MariaDB", self.folder / "mariadbd.log")

    def _start_web(self) -> None:
        as_root = os.getuid() == 0
        pool = self.folder / "fpm.conf"
        pool.write_text(
            _POOL.format(folder=self.folder, user="user = root\ngroup = root" if as_root else "")
        )
        self._serve(_fpm(), "--nodaemonize", f"--fpm-config={pool}", *(["-R"] if as_root else []))
        nginx = self.folder / "nginx.conf"
        nginx.write_text(
            _NGINX.format(folder=self.folder, port=self.port, user="user root;" if as_root else "")
        )
        self._serve("nginx", "-e", str(self.folder / "nginx.err"), "-c", str(nginx))

    def _serve(self, program: str, *arguments: str) -> None:
        name = Path(program).name
        with (self.folder / f"{name}.log").open("ab") as log:
            # It ends with us, even where we are killed.
            command = ["setpriv", "--pdeathsig", "TERM", program, *arguments]
            self._processes.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=self._environment(),
                    start_new_session=True,
                )
            )

    def _run(self, *command: str, text: str = "") -> str:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, env=self._environment(), check=False
        )
        if done.returncode:
            said = (done.stderr or done.stdout).decode(errors="replace")[-2000:]
            raise RuntimeError(f"{command[0]} failed:\n{said}")
        return done.stdout.decode()

    def _works(self, *command: str) -> bool:
        done = subprocess.run(command, capture_output=True, env=self._environment(), check=False)
        return done.returncode == 0

    def _php(self, script: str, text: str) -> str:
        return self._run("php", str(HERE / script), text=text)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": _PATH,
            "HOME": str(self.folder),
            "SITE": str(self.folder / "site"),
            "LC_ALL": "C.UTF-8",
        }

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/feed/", timeout=_ANSWER_S) as answer:  # noqa: S310 - as above
                return bool(answer.status == 200)
        except URLError:
            return False


def _fpm() -> str:
    found = sorted(Path("/usr/sbin").glob("php-fpm[0-9]*"))
    return str(found[-1]) if found else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(ready: Any, what: str, log: Path) -> None:  # noqa: ANN401 - a callable without arguments
    ends = time.monotonic() + _READY_S
    while not ready():
        if time.monotonic() > ends:
            said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{what} does not answer:\n{said}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and its workers, which share its session."""
    for way in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, way)
            process.wait(timeout=20)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        else:
            return


_CONFIG = r"""<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', '{url}');
define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords need TLS anywhere else
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {{
    define($name . '_KEY', sha1($name . 'kunci'));
    define($name . '_SALT', sha1($name . 'garam'));
}}
$_SERVER['HTTP_HOST'] ??= parse_url(WP_HOME, PHP_URL_HOST) . ':' . parse_url(WP_HOME, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] ??= '/';
$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""

_POOL = """[global]
error_log = {folder}/fpm.err
[www]
{user}
listen = {folder}/fpm.sock
pm = static
pm.max_children = 3
"""

_NGINX = r"""{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types;
  access_log {folder}/nginx.log;
  client_body_temp_path {folder}/body;
  fastcgi_temp_path {folder}/fastcgi;
  proxy_temp_path {folder}/proxy;
  scgi_temp_path {folder}/scgi;
  uwsgi_temp_path {folder}/uwsgi;
  gzip on;
  gzip_types application/json application/rss+xml application/xml text/xml;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/site;
    index index.php;
    location / {{ try_files $uri $uri/ /index.php?$args; }}
    location ~ \.php$ {{
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:{folder}/fpm.sock;
      # Debian's parameters leave the port out; WordPress then redirects to itself for ever.
      fastcgi_param HTTP_HOST $http_host;
      fastcgi_read_timeout 120s;
    }}
  }}
}}
"""
