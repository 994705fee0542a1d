"""How long a clip takes on its way from a picture to sound: Griffin-Lim beside a vocoder.

    python -m benchmarks.speaking                      # digits-fsdd, 200 clips, seven turns
    python -m benchmarks.speaking --count 1000

Both ways get the same pictures and take turns within one run. The network that paints is timed by
itself, since both need it; the ratio of whole clips includes it.
"""

from __future__ import annotations

import time
from dataclasses import replace

import click
import keras
import numpy as np

from ganlib import pretrained
from ganlib.instruments.synthesizer import Synthesizer


def seconds(function) -> float:
    """Of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def compared(speaker: Synthesizer, count: int, turns: int) -> dict[str, float]:
    """Milliseconds a clip, medians over turns: painting, each way back, whole clips by each."""
    without = replace(speaker, vocoder=None)
    labels = speaker.choose_labels(count)
    latents = speaker.draw(count, 0)
    inputs = [latents, labels] if speaker.label_names else latents
    pictures = keras.ops.convert_to_numpy(speaker.generator(inputs, training=False))
    codec, vocoder = speaker.codec, speaker.vocoder
    ways = {
        "painting": lambda: speaker.generator(inputs, training=False),
        "Griffin-Lim": lambda: codec.decode(pictures),
        "vocoder": lambda: vocoder(codec.log_magnitudes(pictures)),
        "whole clips, Griffin-Lim": lambda: without.generate(count),
        "whole clips, vocoder": lambda: speaker.generate(count),
    }
    for way in ways.values():
        way()  # the first call allocates and compiles
    taken = [{name: seconds(way) for name, way in ways.items()} for _ in range(turns)]
    return {
        name: 1000.0 * float(np.median([turn[name] for turn in taken])) / count for name in ways
    }


@click.command(help=__doc__.splitlines()[0])
@click.option("--pretrained", "name", default="digits-fsdd", help="Weights that have a vocoder.")
@click.option("--count", default=200, help="Clips a turn.")
@click.option("--turns", default=7, help="Turns; medians are shown.")
def main(name: str, count: int, turns: int) -> None:
    speaker = pretrained.load(name)
    if speaker.vocoder is None:
        raise click.UsageError(f"{name} speaks without a vocoder.")
    found = compared(speaker, count, turns)
    for way, milliseconds in found.items():
        click.echo(f"{way:<26} {milliseconds:8.3f} ms a clip")
    for pair in (("Griffin-Lim", "vocoder"), ("whole clips, Griffin-Lim", "whole clips, vocoder")):
        click.echo(f"{pair[0]} / {pair[1]}: {found[pair[0]] / found[pair[1]]:.1f}")


if __name__ == "__main__":
    main()
