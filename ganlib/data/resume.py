"""A downloader for pooch that goes on where it stopped."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from ganlib.data.unreachable import is_hopeless, why_unreachable
from ganlib.errors import DataError

ATTEMPTS = 3  # in a row that bring nothing new
PAUSE_SECONDS = 1.0
TIMEOUT_SECONDS = (10, 60)  # to connect, and between two pieces of data
BLOCK = 2**14  # what a broken connection can cost: requests drops a block that is incomplete


class ResumingDownloader:
    """Keep what has arrived in a `.part` file and ask the server only for the rest.

    A server that ignores the question begins again, and so do we. Whether the bytes are the right
    ones is for the caller to verify: this class vouches only for their number.

    Args:
        part: where the incomplete download lives.
        max_bytes: refuse a server that sends more.
        progress: show a progress bar with rate and time left.

    Raises:
        DataError: when called, if the server cannot be reached, refuses, sends too much, or keeps
            breaking off.
    """

    def __init__(self, part: Path, max_bytes: int, progress: bool):
        self.part, self.max_bytes, self.progress = part, max_bytes, progress

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Download to `part`, then give it its name; pooch calls this."""
        import requests

        most, failures, complaint, outside = self._size(), 0, "", ""
        while failures < ATTEMPTS:
            time.sleep(PAUSE_SECONDS * failures)
            try:
                complaint, outside = self._attempt(url), ""
            except requests.RequestException as error:
                complaint = f"{type(error).__name__}: the connection broke off"
                outside = why_unreachable(error, url)
                if is_hopeless(error):
                    break
            if not complaint:
                os.replace(self.part, output_file)
                return
            failures = 0 if self._size() > most else failures + 1
            most = max(most, self._size())
        kept = f"{self._size():,} bytes are kept, call again to go on from there"
        if outside:
            raise DataError(f"{url}: {outside}" + (f"; {kept}" if self._size() else ""))
        raise DataError(f"{url}: the download is truncated ({complaint}); {kept}")

    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _attempt(self, url: str) -> str:
        """One connection: the empty string if the file is complete, else what is wrong."""
        import requests

        have = self._size()
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT_SECONDS) as answer:
            status = f"the server answers {answer.status_code} {answer.reason}"
            if answer.status_code in (200, 206):
                return self._receive(answer, have)
            if answer.status_code == 416 and have:  # nothing follows: complete, or another file
                if answer.headers.get("Content-Range", "").rpartition("/")[2] == str(have):
                    return ""
                self.part.unlink()
                return "the server has another file than before"
            if answer.status_code in (408, 429) or answer.status_code >= 500:
                return status
            if answer.status_code == 407:
                raise DataError(f"{url}: {status}; give the proxy's variable a name and a password")
            raise DataError(f"{url}: {status}; check the address")

    def _receive(self, answer: Any, have: int) -> str:
        came = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
        resumes = answer.status_code == 206 and came is not None and int(came[1]) == have
        if answer.status_code == 206 and not resumes:
            self.part.unlink(missing_ok=True)
            return "the server sent another range than asked for"
        have = have if resumes else 0
        length = (
            None if "Content-Encoding" in answer.headers else answer.headers.get("Content-Length")
        )
        total = have + int(length) if length else None
        self._refuse_if_larger(total or have)
        self._write(answer, have, total)
        missing = (total or 0) - self._size()
        return f"{missing:,} bytes are missing at the end" if missing > 0 else ""

    def _write(self, answer: Any, have: int, total: int | None) -> None:
        from tqdm import tqdm

        bar = tqdm(
            desc="downloading", total=total, initial=have, unit="B", unit_scale=True,
            disable=not self.progress,
        )  # fmt: skip
        with open(self.part, "ab" if have else "wb") as sink, bar:
            for block in answer.iter_content(BLOCK):
                sink.write(block)
                bar.update(len(block))
                self._refuse_if_larger(sink.tell())

    def _refuse_if_larger(self, size: int) -> None:
        if size > self.max_bytes:
            self.part.unlink(missing_ok=True)
            raise DataError(
                f"the server sends more than {self.max_bytes:,} bytes; this is not the right file"
            )
