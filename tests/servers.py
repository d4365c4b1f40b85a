"""A real S3 server on 127.0.0.1 for tests: SeaweedFS, credentials enforced, nothing outside."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Below the ephemeral ports, and so are the gRPC ports 10000 above.
_PORTS = range(12000, 22000)
_READY_S = 30


class Seaweed:
    """A server that can be started, killed and started again over the same data."""

    access_key = "kliping-tests"
    secret_key = "rahasia-uji"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kliping-seaweed-"))
        self._ports: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def endpoint(self) -> str:
        """Where S3 is spoken; the same after a restart."""
        return f"http://127.0.0.1:{self._ports[0]}"

    def environment(self) -> dict[str, str]:
        """Return what any AWS client needs to get in."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def client(self) -> S3Client:
        """Return a client of the server's owner; close it after use."""
        session = boto3.Session(self.access_key, self.secret_key, region_name="us-east-1")
        return session.client(
            "s3",
            endpoint_url=self.endpoint,
            config=Config(connect_timeout=2, read_timeout=10, retries={"max_attempts": 1}),
        )

    def bucket(self) -> str:
        """Make a bucket that nobody used before and return its name."""
        name = f"uji-{uuid.uuid4().hex[:12]}"
        with closing(self.client()) as client:
            client.create_bucket(Bucket=name)
        return name

    def start(self) -> None:
        """Start and wait until requests are answered."""
        for _ in range(5):
            self._ports = self._ports or _free_ports(5)
            self._launch()
            if self._answers():
                return
            # Somebody took a port between our look and the server's start.
            self.kill()
            self._ports = []
        log = (self.folder / "log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"SeaweedFS does not start:\n{log}")

    def kill(self) -> None:
        """End at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        for port in (*self._ports, *(port + 10000 for port in self._ports)):
            for left in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)

    def _launch(self) -> None:
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": self.access_key, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        identities = self.folder / "identities.json"
        identities.write_text(json.dumps({"identities": [identity]}))
        s3, master, volume, filer, admin = self._ports
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *_ends_with_us(),
                    str(Path(sys.executable).with_name("weed")),
                    "mini",
                    f"-dir={self.folder / 'data'}",
                    "-ip=127.0.0.1",
                    "-ip.bind=127.0.0.1",
                    f"-s3.port={s3}",
                    f"-master.port={master}",
                    f"-volume.port={volume}",
                    f"-filer.port={filer}",
                    f"-admin.port={admin}",
                    "-s3.port.iceberg=0",
                    "-s3.port.lance=0",
                    "-admin.ui=false",
                    "-webdav=false",
                    "-master.telemetry=false",
                    f"-s3.config={identities}",
                    "-s3.autoCreateBucket=false",
                    # Every bucket takes a volume of its own; the default stops at about 70.
                    "-volume.max=5000",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )

    def _answers(self) -> bool:
        deadline = time.monotonic() + _READY_S
        with closing(self.client()) as client:
            while time.monotonic() < deadline:
                if self._process is None or self._process.poll() is not None:
                    return False
                try:
                    client.list_buckets()
                except (BotoCoreError, ClientError):
                    time.sleep(0.05)
                else:
                    return True
        return False


def _ends_with_us() -> list[str]:
    """Let the kernel end the server when the test process dies, however it dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


def _free_ports(count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        port = random.SystemRandom().choice(_PORTS)
        if port not in found and _free(port) and _free(port + 10000):
            found.append(port)
    return found


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
