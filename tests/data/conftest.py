"""Small sets, hostile archives and an HTTP server that misbehaves on demand."""

import dataclasses
import hashlib
import io
import re
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import soundfile

from ganlib.data import catalog, resume


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch):
    """Every test fetches into a folder of its own, and does not pause between attempts."""
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(resume, "PAUSE_SECONDS", 0.0)
    return tmp_path / "data"


def sound_bytes(seed: int = 0, time: int = 800, rate: int = 8000, **options) -> bytes:
    """A WAV file of noise: it does not compress, and no two seeds are alike."""
    samples = np.random.default_rng(seed).uniform(-0.5, 0.5, time)
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, **({"format": "WAV", "subtype": "PCM_16"} | options))
    return stream.getvalue()


@pytest.fixture
def make_sound():
    return sound_bytes


@pytest.fixture
def make_zip(tmp_path):
    """files: name -> bytes."""

    def make(files: dict[str, bytes], name: str = "archive.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in files.items():
                archive.writestr(entry, content)
        return path

    return make


@pytest.fixture
def make_tar(tmp_path):
    """files: name -> bytes, or a TarInfo for anything that is no plain file."""

    def make(files: dict, name: str = "archive.tar.gz"):
        mode = {"gz": "w:gz", "bz2": "w:bz2", "xz": "w:xz", "tar": "w"}[name.rpartition(".")[2]]
        path = tmp_path / name
        with tarfile.open(path, mode) as archive:
            for entry, content in files.items():
                if isinstance(content, tarfile.TarInfo):
                    archive.addfile(content)
                    continue
                info = tarfile.TarInfo(entry)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return path

    return make


@pytest.fixture
def fsdd_files():
    """What a small FSDD archive holds: 2 digits x 2 speakers x 7 recordings, in its layout."""
    top = "free-spoken-digit-dataset-0123abc"
    names = [f"{d}_{v}_{i}.wav" for d in (0, 7) for v in ("ann", "bob") for i in range(7)]
    files = {f"{top}/recordings/{name}": sound_bytes(seed) for seed, name in enumerate(names)}
    return {f"{top}/README.md": b"# small", f"{top}/metadata.py": b"{}"} | files


@pytest.fixture
def small_fsdd(fsdd_files, monkeypatch):
    """Catalogue entry of the small FSDD; its digest is computed here, with none of our code."""
    lines = sorted(
        f"{hashlib.sha256(content).hexdigest()}  {name.rpartition('/')[2]}\n"
        for name, content in fsdd_files.items()
        if name.endswith(".wav")
    )
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    entry = dataclasses.replace(
        catalog.DATASETS["fsdd"], contents_sha256=digest, clips=28, archive_bytes=10_000_000
    )
    monkeypatch.setitem(catalog.DATASETS, "fsdd", entry)
    return entry


class Server:
    """An HTTP server on this machine that serves one payload at any address.

    `requests` holds (path, Range header) of every request. `breaks_after` closes every connection
    after so many bytes; `ranges` says whether it honours Range; `status` is sent as it is.
    """

    def __init__(self, payload: bytes):
        self.payload, self.ranges, self.breaks_after, self.status = payload, True, None, 200
        self.says_length = True
        self.requests: list[tuple[str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/archive"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.requests.append((request.path, asked))
        start = int(re.match(r"bytes=(\d+)-", asked)[1]) if asked and self.ranges else 0
        total = len(self.payload)
        if self.status != 200:
            request.send_error(self.status)
            return
        if start >= total:
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{total}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if asked and self.ranges else 200)
        if asked and self.ranges:
            request.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        if self.says_length:
            request.send_header("Content-Length", str(total - start))
        request.end_headers()
        end = total if self.breaks_after is None else start + self.breaks_after
        request.wfile.write(self.payload[start:end])

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def serve():
    servers = []

    def start(payload: bytes) -> Server:
        servers.append(Server(payload))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def everything_below():
    """All that a folder holds, at any depth, hidden or not."""
    return lambda folder: sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


@pytest.fixture
def archive(small_fsdd, fsdd_files, make_zip):
    return make_zip(fsdd_files)


@pytest.fixture
def parts():
    """The files below a folder; a fetched set counts as one."""

    def list_parts(folder) -> list[str]:
        files = (p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
        return sorted({p.parts[0] if p.parts[0] == "fsdd" else p.as_posix() for p in files})

    return list_parts
