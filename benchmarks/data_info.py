"""How much memory `ganlib data info` needs for one long recording.

    .venv/bin/python -m benchmarks.data_info                 # 20 minutes of 48 kHz stereo
    .venv/bin/python -m benchmarks.data_info --minutes 60    # should need no more

The recording is written to a temporary folder (230 MB for 20 minutes); what is measured is the peak
of resident memory of the whole command, Python and its packages included.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

RATE, BLOCK_SECONDS = 48_000, 10
LIMIT_MB = 150.0
WATCH = """
import os, sys
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(usage.ru_maxrss, usage.ru_utime + usage.ru_stime, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def write_recording(path: Path, minutes: float, channels: int = 2, rate: int = RATE) -> Path:
    """A recording of noise that swells and fades, written in blocks.

    Example:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_recording(Path(folder) / "a.wav", minutes=0.5, rate=8000)
        ...     soundfile.info(path).frames
        240000
    """
    random = np.random.default_rng(0)
    with soundfile.SoundFile(path, "w", rate, channels, "PCM_16") as file:
        for number in range(round(60 * minutes / BLOCK_SECONDS)):
            level = 0.05 * (1 + np.sin(number))
            file.write(random.normal(0, level, (BLOCK_SECONDS * rate, channels)).clip(-1, 1))
    return path


def peak_memory_mb(words: list[str]) -> tuple[float, float]:
    """Peak of resident memory and processor time of a command that ends well.

    Args:
        words: the command.

    Returns:
        Megabytes (of 10^6 bytes), and seconds of user and system time.

    Example:
        >>> memory, seconds = peak_memory_mb([sys.executable, "-c", "pass"])
        >>> 1 < memory < 100
        True
    """
    # A child begins with its parent's peak, so the parent is a bare Python without packages.
    watched = subprocess.run(
        [sys.executable, "-S", "-c", WATCH, *words], stderr=subprocess.PIPE, text=True, check=False
    )
    if watched.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {watched.returncode}")
    peak, seconds = watched.stderr.splitlines()[-1].split()
    return int(peak) * (1 if sys.platform == "darwin" else 1024) / 1e6, float(seconds)


def main() -> None:
    """Measure and print a row."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=20.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        write_recording(Path(folder) / "long.wav", minutes)
        command = [sys.executable, "-m", "ganlib", "data", "info", folder]
        memory, seconds = peak_memory_mb(command)
    print("| minutes | peak MB | processor seconds |\n|---:|---:|---:|")
    print(f"| {minutes:g} | {memory:.0f} | {seconds:.1f} |")
    if memory > LIMIT_MB:
        raise SystemExit(f"more than {LIMIT_MB:.0f} MB")


if __name__ == "__main__":
    main()
