"""One archive behind one URI: a folder or ``s3://bucket/prefix``, through the same few verbs.

Keys are relative, with forward slashes. Every fault of disk or network leaves as one
`ArchiveError` that names the archive and the key, never a credential. `create` and `replace` are
conditional writes: of two racing writers exactly one wins, on a folder as on S3.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import tempfile
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pyarrow import fs

from pipelines.errors import ArchiveError, ConflictError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

_PART_BYTES = 16 * 2**20
_STAGED = ".tmp-"
# deltalake 1.6.6 reads these as escapes or panics on them.
_UNFIT = re.compile(r"[%\[\]\\^|\x00-\x1f]")
# Four attempts to connect and the pauses between them: an unreachable server is known in 20 s.
_ATTEMPTS = 4
_CONNECT_S = 3
_READ_S = 60
# Reading it sets it, for all threads: once, before there are any.
_UMASK = os.umask(0o077)
os.umask(_UMASK)


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as listed."""

    key: str
    size_bytes: int
    etag: str
    """Opaque; changes whenever the object's bytes do."""


class MissingError(ArchiveError):
    """No object has that key."""


class Archive(ABC):
    """What both kinds can do; `open_archive` makes one."""

    uri: str
    """As the user gave it, without a trailing slash; safe to print."""
    spool: Path
    """Local folder for work in progress."""

    @abstractmethod
    def read(self, key: str) -> bytes:
        """Return an object, or raise `MissingError`."""

    @abstractmethod
    def read_range(self, key: str, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*, fewer at the end, or raise `MissingError`."""

    @abstractmethod
    def put(self, key: str, data: bytes | Path) -> None:
        """Write an object whole and durably, in place of whatever was there."""

    @abstractmethod
    def create(self, key: str, data: bytes) -> str:
        """Write an object that is not there yet and return its etag, or raise `ConflictError`."""

    @abstractmethod
    def replace(self, key: str, data: bytes, etag: str) -> str:
        """Write over the very version *etag* and return the new etag, or raise `ConflictError`."""

    @abstractmethod
    def stat(self, key: str) -> Entry | None:
        """Return what is known of an object, `None` if it is not there."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Remove an object; it need not be there."""

    @abstractmethod
    def entries(self, prefix: str) -> Iterator[Entry]:
        """List all objects whose key starts with *prefix*, in key order."""

    @abstractmethod
    def table_uri(self, name: str) -> str:
        """Return what deltalake calls the table *name*."""

    @abstractmethod
    def storage_options(self) -> dict[str, str]:
        """Return what deltalake needs to get in, from the present credentials."""

    @abstractmethod
    def filesystem(self) -> fs.FileSystem:
        """Return pyarrow's own view of the archive's root, for reading from many threads."""

    @abstractmethod
    def has(self, prefix: str) -> bool:
        """Say whether any object's key starts with *prefix*."""

    @abstractmethod
    def refresh(self) -> None:
        """Look for new credentials; called before each commit."""

    @abstractmethod
    def check(self) -> None:
        """Raise `ArchiveError` unless the archive's place can be reached."""

    def close(self) -> None:  # noqa: B027  a folder holds nothing open
        """Let go of connections; the next verb opens new ones."""

    def read_with_etag(self, key: str) -> tuple[bytes, str] | None:
        """Return an object and its etag of one moment, `None` if it is not there."""
        while (before := self.stat(key)) is not None:
            with contextlib.suppress(MissingError):
                data = self.read(key)
                after = self.stat(key)
                if after is not None and after.etag == before.etag:
                    return data, after.etag
        return None

    def checked(self, key: str) -> str:
        """Return *key* if it stays inside the archive and can be written in one way only."""
        if "\0" in key or any(part in ("", ".", "..") for part in key.split("/")):
            raise self.fault("", "a key inside the archive", repr(key))
        return key

    def fault(self, key: str, wanted: str, found: object) -> ArchiveError:
        """Make the one line for a fault."""
        place = f"{self.uri}/{key}" if key else self.uri
        return ArchiveError(f"{place}: wanted {wanted}, found: {found}")


def open_archive(uri: str | os.PathLike[str]) -> Archive:
    """Return the archive at *uri* without touching it.

    Raises:
        UsageError: *uri* is neither a folder nor ``s3://bucket[/prefix]``.
    """
    text = os.fspath(uri)
    if not text:
        raise UsageError("--archive: wanted a folder or s3://bucket/prefix, found nothing")
    if odd := _UNFIT.search(text):
        raise UsageError(f"--archive: wanted a path without {odd[0]!r}: Delta tables refuse it")
    scheme, separator, _ = text.partition("://")
    if not separator:
        return FolderArchive(Path(text).expanduser(), text)
    if scheme == "s3":
        return S3Archive(text)
    if scheme == "file":
        return FolderArchive(Path(text.partition("://")[2]), text)
    raise UsageError(f"--archive: wanted a folder or s3://bucket/prefix, found {scheme!r}://…")


def _spool_for(uri: str, default: Path | None) -> Path:
    if given := os.environ.get("KLIPING_SPOOL"):
        return Path(given).expanduser()
    if default is not None:
        return default
    name = hashlib.sha256(uri.encode()).hexdigest()[:16]
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "kliping" / name


class FolderArchive(Archive):
    """An archive in a folder of this machine."""

    def __init__(self, root: Path, uri: str) -> None:
        self.root = root.absolute()
        self.uri = uri.rstrip("/") or "/"
        self.spool = _spool_for(self.uri, self.root / ".spool")

    def path(self, key: str) -> Path:
        """Return where *key* lies."""
        return self.root.joinpath(*self.checked(key).split("/"))

    def read(self, key: str) -> bytes:
        with self._errors(key, "a readable file"):
            return self.path(key).read_bytes()

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        with self._errors(key, "a readable file"), self.path(key).open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def put(self, key: str, data: bytes | Path) -> None:
        with self._errors(key, "a writable folder"), self._staged(key, data) as staged:
            staged.replace(self.path(key))
            _sync_folder(self.path(key).parent)

    def create(self, key: str, data: bytes) -> str:
        with self._errors(key, "a writable folder"), self._staged(key, data) as staged:
            try:
                os.link(staged, self.path(key))
            except FileExistsError as error:
                raise ConflictError(f"{self.uri}/{key}: wanted to create it, found it") from error
            _sync_folder(self.path(key).parent)
            return _etag(self.path(key).stat())

    def replace(self, key: str, data: bytes, etag: str) -> str:
        with (
            self._errors(key, "a writable folder"),
            self._locked(),
            self._staged(key, data) as staged,
        ):
            now = self.stat(key)
            if now is None or now.etag != etag:
                raise ConflictError(f"{self.uri}/{key}: wanted the version read, found another")
            staged.replace(self.path(key))
            _sync_folder(self.path(key).parent)
            return _etag(self.path(key).stat())

    def stat(self, key: str) -> Entry | None:
        with self._errors(key, "a readable file"):
            try:
                found = self.path(key).stat()
            except FileNotFoundError:
                return None
            return Entry(key, found.st_size, _etag(found))

    def delete(self, key: str) -> None:
        with self._errors(key, "a writable folder"):
            self.path(key).unlink(missing_ok=True)

    def entries(self, prefix: str) -> Iterator[Entry]:
        folder = self.path(prefix.rpartition("/")[0]) if "/" in prefix else self.root
        with self._errors(prefix, "a readable folder"):
            found = sorted(
                path.relative_to(self.root).as_posix()
                for path in folder.rglob("*")
                if path.is_file() and not path.name.startswith(_STAGED)
            )
        for key in found:
            # At the root, the lock and the spool are this machine's, not the archive's.
            if key.startswith(prefix) and not key.startswith("."):
                entry = self.stat(key)
                if entry is not None:
                    yield entry

    def table_uri(self, name: str) -> str:
        return str(self.root / name)

    def storage_options(self) -> dict[str, str]:
        return {}

    def filesystem(self) -> fs.FileSystem:
        return fs.SubTreeFileSystem(str(self.root), fs.LocalFileSystem())

    def has(self, prefix: str) -> bool:
        return next(self.entries(prefix), None) is not None

    def refresh(self) -> None:
        """Do nothing: a folder asks for no credentials."""

    def check(self) -> None:
        with self._errors("", "a folder"):
            if self.root.exists() and not self.root.is_dir():
                raise self.fault("", "a folder", "a file")
            nearest = next(one for one in (self.root, *self.root.parents) if one.exists())
            if not os.access(nearest, os.R_OK | os.X_OK):
                raise self.fault("", "a readable folder", f"no permission for {nearest}")

    @contextlib.contextmanager
    def _staged(self, key: str, data: bytes | Path) -> Iterator[Path]:
        """Lay *data* durably beside its final place."""
        folder = self.path(key).parent
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_STAGED, dir=folder)
        staged = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(data, Path):
                    with data.open("rb") as source:
                        while chunk := source.read(2**20):
                            file.write(chunk)
                else:
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
            staged.chmod(0o666 & ~_UMASK)
            # The kernel's own stamp moves every 4 ms only: too coarse to tell two versions apart.
            os.utime(staged, ns=(time.time_ns(), time.time_ns()))
            yield staged
        finally:
            staged.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the archive's one lock; the kernel drops it with the process."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def _errors(self, key: str, wanted: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise MissingError(str(self.fault(key, wanted, "nothing"))) from error
        except OSError as error:
            raise self.fault(key, wanted, error.strerror or error) from error


def _etag(found: os.stat_result) -> str:
    # Every write makes a new file and renames it, so the inode alone nearly identifies a version.
    return f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class S3Archive(Archive):
    """An archive in a bucket of any S3-compatible server."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        odd = parts.query or parts.fragment or "@" in parts.netloc
        if not parts.netloc or odd or {"", ".", ".."} & set(parts.path.strip("/").split("/")[1:]):
            # The URI itself stays unsaid: it may carry what should not be printed.
            raise UsageError(
                f"--archive: wanted s3://bucket/prefix, found bucket {parts.hostname!r}"
            )
        self.bucket = parts.netloc
        self.prefix = parts.path.strip("/")
        self.uri = f"s3://{self.bucket}/{self.prefix}".rstrip("/")
        self.spool = _spool_for(self.uri, None)
        self._client: S3Client | None = None
        self._keys: tuple[str, ...] = ()
        self._session: boto3.Session

    @property
    def client(self) -> S3Client:
        """The one client; made at first use."""
        if self._client is None:
            self.refresh()
        if self._client is None:
            raise self.fault("", "an S3 client", "none")
        return self._client

    def refresh(self) -> None:
        with self._errors("", "access"):
            session = boto3.Session()
            keys = self._frozen(session)
            if self._client is None or keys != self._keys:
                self._client = _client(session)
                self._session, self._keys = session, keys

    def read(self, key: str) -> bytes:
        with self._errors(key, "a readable object"):
            answer = self.client.get_object(Bucket=self.bucket, Key=self._full(key))
            return answer["Body"].read()

    def read_with_etag(self, key: str) -> tuple[bytes, str] | None:
        try:
            with self._errors(key, "a readable object"):
                answer = self.client.get_object(Bucket=self.bucket, Key=self._full(key))
                return answer["Body"].read(), answer["ETag"]
        except MissingError:
            return None

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        with self._errors(key, "a readable object"):
            try:
                answer = self.client.get_object(
                    Bucket=self.bucket,
                    Key=self._full(key),
                    Range=f"bytes={offset}-{offset + length - 1}",
                )
            except ClientError as error:
                if _code(error) in ("InvalidRange", "416"):
                    return b""
                raise
            return answer["Body"].read()

    def put(self, key: str, data: bytes | Path) -> None:
        with self._errors(key, "to write the object"):
            if isinstance(data, bytes):
                self.client.put_object(Bucket=self.bucket, Key=self._full(key), Body=data)
            else:
                self.client.upload_file(
                    str(data),
                    self.bucket,
                    self._full(key),
                    Config=TransferConfig(
                        multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES
                    ),
                )

    def create(self, key: str, data: bytes) -> str:
        return self._conditional(key, data, IfNoneMatch="*")

    def replace(self, key: str, data: bytes, etag: str) -> str:
        return self._conditional(key, data, IfMatch=etag)

    def _conditional(self, key: str, data: bytes, **condition: Any) -> str:  # noqa: ANN401  boto3's own keyword types
        with self._errors(key, "to write the object"):
            try:
                answer = self.client.put_object(
                    Bucket=self.bucket, Key=self._full(key), Body=data, **condition
                )
            except ClientError as error:
                # A retry after a lost answer finds its own first attempt there: not a conflict.
                if error.response["ResponseMetadata"].get("RetryAttempts", 0):
                    found = self.read_with_etag(key)
                    if found is not None and found[0] == data:
                        return found[1]
                raise
            return answer["ETag"]

    def stat(self, key: str) -> Entry | None:
        try:
            with self._errors(key, "a readable object"):
                found = self.client.head_object(Bucket=self.bucket, Key=self._full(key))
        except MissingError:
            return None
        return Entry(key, found["ContentLength"], found["ETag"])

    def delete(self, key: str) -> None:
        with self._errors(key, "to delete the object"):
            self.client.delete_object(Bucket=self.bucket, Key=self._full(key))

    def entries(self, prefix: str) -> Iterator[Entry]:
        with self._errors(prefix, "to list the bucket"):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{self.prefix}/{prefix}" if self.prefix else prefix
            )
            skip = len(self.prefix) + 1 if self.prefix else 0
            found = [
                Entry(one["Key"][skip:], one["Size"], one["ETag"])
                for page in pages
                for one in page.get("Contents", [])
            ]
        # Not every server lists in key order (SeaweedFS 4.48 goes folder by folder).
        yield from sorted(found, key=lambda entry: entry.key)

    def table_uri(self, name: str) -> str:
        return f"{self.uri}/{name}"

    def storage_options(self) -> dict[str, str]:
        client = self.client
        with self._errors("", "access"):
            access, secret, token = self._frozen(self._session)
        options = {
            "AWS_ACCESS_KEY_ID": access,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": client.meta.region_name,
            "aws_conditional_put": "etag",
            "connect_timeout": f"{_CONNECT_S}s",
            "timeout": f"{_READ_S}s",
            "max_retries": str(_ATTEMPTS - 1),
            "retry_timeout": f"{_READ_S}s",
        }
        if token:
            options["AWS_SESSION_TOKEN"] = token
        endpoint = client.meta.endpoint_url
        if "amazonaws.com" not in endpoint:
            options["AWS_ENDPOINT_URL"] = endpoint
            options["AWS_VIRTUAL_HOSTED_STYLE_REQUEST"] = "false"
        if endpoint.startswith("http://"):
            options["AWS_ALLOW_HTTP"] = "true"
        return options

    def filesystem(self) -> fs.FileSystem:
        client = self.client
        with self._errors("", "access"):
            access, secret, token = self._frozen(self._session)
            endpoint = client.meta.endpoint_url
            root = fs.S3FileSystem(
                access_key=access,
                secret_key=secret,
                session_token=token or None,
                region=client.meta.region_name,
                endpoint_override=None if "amazonaws.com" in endpoint else endpoint,
                connect_timeout=_CONNECT_S,
                request_timeout=_READ_S,
            )
            return fs.SubTreeFileSystem(f"{self.bucket}/{self.prefix}".rstrip("/"), root)

    def has(self, prefix: str) -> bool:
        with self._errors(prefix, "to list the bucket"):
            found = self.client.list_objects_v2(
                Bucket=self.bucket,
                Prefix=f"{self.prefix}/{prefix}" if self.prefix else prefix,
                MaxKeys=1,
            )
            return bool(found.get("Contents"))

    def check(self) -> None:
        with self._errors("", "to list the bucket"):
            self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, MaxKeys=1)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _full(self, key: str) -> str:
        return f"{self.prefix}/{self.checked(key)}" if self.prefix else self.checked(key)

    def _frozen(self, session: boto3.Session) -> tuple[str, str, str]:
        credentials = session.get_credentials()
        keys = credentials.get_frozen_credentials() if credentials else None
        if keys is None or not keys.access_key or not keys.secret_key:
            raise self.fault("", "AWS credentials (environment, profile or role)", "none")
        return keys.access_key, keys.secret_key, keys.token or ""

    @contextlib.contextmanager
    def _errors(self, key: str, wanted: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise self._refused(key, wanted, error) from error
        except S3UploadFailedError as error:
            if isinstance(error.__context__, ClientError):
                raise self._refused(key, wanted, error.__context__) from error
            raise self.fault(key, wanted, _line(error)) from error
        except (BotoCoreError, OSError, ValueError) as error:
            # botocore says of an endpoint without a scheme that it is a ValueError.
            raise self.fault(key, wanted, _line(error)) from error

    def _refused(self, key: str, wanted: str, error: ClientError) -> ArchiveError:
        code = _code(error)
        place = f"{self.uri}/{key}" if key else self.uri
        if code in ("PreconditionFailed", "ConditionalRequestConflict"):
            return ConflictError(f"{place}: wanted {wanted}, found another version")
        if code in ("NoSuchKey", "404", "NotFound"):
            return MissingError(f"{place}: wanted {wanted}, found nothing")
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return self.fault(key, wanted, f"{code} (status {status})")


def _client(session: boto3.Session) -> S3Client:
    return session.client(
        "s3",
        region_name=session.region_name or "us-east-1",
        config=Config(
            connect_timeout=_CONNECT_S,
            read_timeout=_READ_S,
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
            max_pool_connections=16,
        ),
    )


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))


def _line(error: Exception) -> str:
    # An endpoint may be written with a password in it.
    return re.sub(r"//[^/@\s]*@", "//", " ".join(str(error).split()))
