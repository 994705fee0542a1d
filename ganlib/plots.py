"""Pictures for the chapters: each function takes arrays and returns a matplotlib Figure.

Colours are Okabe and Ito's and matplotlib's viridis, which colour-blind readers can tell apart;
curves differ in dashes and points in markers as well. Every figure carries a description in words,
which `show` hands to screen readers. pyplot is never touched: no figure stays open behind the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from keras import ops
from matplotlib.figure import Figure

from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import hz_to_mel, mel_to_hz
from ganlib.audio.spectrogram import full_scale_db
from ganlib.errors import OptionError
from ganlib.pictures import (
    COLOURS,
    DASHES,
    MARKERS,
    Picture,
    describe,
    draw_frames,
    make_panels,
    show,
)

__all__ = [
    "Picture",
    "describe",
    "mel_spectrogram",
    "points",
    "show",
    "spectrogram",
    "training_curves",
    "waveform",
]


def waveform(
    samples: np.ndarray | Mapping[str, np.ndarray],
    sample_rate: int,
    title: str = "",
    seconds: tuple[float, float] | None = None,
) -> Figure:
    """Draw one waveform, or several under each other on the same axes in seconds.

    Args:
        samples: shape `(time,)`, `(time, 1)` or `(1, time)`, or such arrays by name.
        sample_rate: in Hz.
        title: of the picture.
        seconds: start and end of what to show; None shows everything.

    Returns:
        A figure with one panel for each waveform.

    Example:
        >>> figure = waveform({"real": np.zeros(80), "fake": np.ones(80)}, 8000)
        >>> len(figure.axes), figure.get_label()
        (2, 'Waveforms over 0.01 s: real (peak 0.00), fake (peak 1.00).')
    """
    clips = _by_name(samples)
    figure, panels = make_panels(len(clips), 1, height=1.7, title=title, share=True)
    longest, words = 0.0, []
    for number, (panel, name) in enumerate(zip(panels, clips, strict=True)):
        clip, colour = _one_channel(clips[name]), COLOURS[number % 7]
        panel.plot(np.arange(len(clip)) / sample_rate, clip, color=colour, linewidth=0.7)
        panel.set_title(name, fontsize="medium")
        panel.set_ylabel("Amplitude")
        longest = max(longest, len(clip) / sample_rate)
        words.append(f"{name} (peak {np.abs(clip).max():.2f})".strip())
    panels[-1].set_xlabel("Time (s)")
    panels[-1].set_xlim(seconds or (0.0, longest))
    figure.set_label(f"Waveforms over {longest:.2f} s: {', '.join(words)}.")
    return figure


def spectrogram(
    samples: np.ndarray | Mapping[str, np.ndarray],
    sample_rate: int,
    n_fft: int = 512,
    hop_length: int = 128,
    title: str = "",
    lowest_db: float = -80.0,
    columns: int = 1,
) -> Figure:
    """Draw spectrograms in decibels of full scale: 0 dB is a sine that reaches from -1 to 1.

    Args:
        samples: shape `(time,)`, `(time, 1)` or `(1, time)`, or such arrays by name for a grid.
        sample_rate: in Hz.
        n_fft: frame length in samples.
        hop_length: samples from one frame to the next.
        title: of the picture.
        lowest_db: level of the darkest colour, negative.
        columns: panels in a row.

    Returns:
        A figure with one panel for each clip and one common colour bar.

    Example:
        >>> from ganlib.audio.signals import tone
        >>> figure = spectrogram(tone(1000.0, 0.5, 8000), 8000)
        >>> figure.get_label()
        'Spectrogram, 0.50 s, 0 to 4000 Hz. Strongest at 1000 Hz.'
    """
    clips = {name: _one_channel(clip) for name, clip in _by_name(samples).items()}
    figure, panels = make_panels(len(clips), columns, height=2.4, title=title, share=True)
    words = []
    for panel, (name, clip) in zip(panels, clips.items(), strict=True):
        levels_db = ops.convert_to_numpy(full_scale_db(clip[None], n_fft, hop_length)[0])
        bin_hz, seconds = sample_rate / n_fft, hop_length / sample_rate
        image = draw_frames(panel, levels_db, seconds, bin_hz, (lowest_db, 0.0))
        panel.set_title(name, fontsize="medium")
        strongest = np.mean(10 ** (levels_db / 10), axis=0).argmax() * bin_hz
        words.append(f"{name}: strongest at {strongest:.0f} Hz" if name else "")
    longest = max(len(clip) for clip in clips.values()) / sample_rate
    panels[0].set(xlim=(0.0, longest), ylim=(0.0, sample_rate / 2))
    figure.supxlabel("Time (s)", fontsize="medium")
    figure.supylabel("Frequency (Hz)", fontsize="medium")
    figure.colorbar(image, ax=panels, label="Level (dB of full scale)")
    found = "; ".join(words) if any(words) else f"Strongest at {strongest:.0f} Hz"
    kind = "Spectrogram" if len(clips) == 1 else f"{len(clips)} spectrograms"
    figure.set_label(f"{kind}, {longest:.2f} s, 0 to {sample_rate / 2:.0f} Hz. {found}.")
    return figure


def mel_spectrogram(frames: np.ndarray, audio_format: AudioFormat, title: str = "") -> Figure:
    """Draw log-mel frames, band by band, with the bands' centre frequencies at the axis.

    Args:
        frames: what `log_mel` returns, shape `(frames, n_mels)` or `(1, frames, n_mels)`.
        audio_format: the format that made them.
        title: of the picture.

    Example:
        >>> mel_spectrogram(np.zeros((65, 80)), AudioFormat()).get_label()
        'Mel spectrogram: 65 frames over 1.04 s, 80 bands up to 8000 Hz.'
    """
    frames = np.asarray(frames)
    frames = frames[0] if frames.ndim == 3 else frames
    count, bands = frames.shape
    figure, panels = make_panels(1, 1, height=2.6, title=title)
    seconds = audio_format.hop_length / audio_format.sample_rate
    image = draw_frames(panels[0], frames, seconds, 1.0, None)
    lowest, highest = hz_to_mel(np.array([audio_format.fmin_hz, audio_format.highest_hz]))
    centres_hz = mel_to_hz(np.linspace(lowest, highest, bands + 2))[1:-1]
    ticks = np.linspace(0, bands - 1, min(6, bands)).round().astype(int)
    panels[0].set_yticks(ticks, [f"{centres_hz[tick]:.0f}" for tick in ticks])
    panels[0].set(xlabel="Time (s)", ylabel="Centre of band (Hz)")
    figure.colorbar(image, ax=panels, label="ln of mel magnitude")
    figure.set_label(
        f"Mel spectrogram: {count} frames over {count * seconds:.2f} s, {bands} bands up to "
        f"{audio_format.highest_hz:.0f} Hz."
    )
    return figure


def training_curves(
    history: Mapping[str, Sequence[float]],
    title: str = "",
    every: int = 1,
    levels: Mapping[str, float] | None = None,
) -> Figure:
    """Draw losses against steps; a value that is not finite leaves a gap.

    Args:
        history: a list of numbers for each name, such as Keras's `History.history`.
        title: of the picture.
        every: steps from one number to the next.
        levels: horizontal lines to compare with, by name, such as {"2 ln 2": 1.386}.

    Returns:
        A figure with one panel.

    Raises:
        OptionError: if there is no number at all.

    Example:
        >>> training_curves({"generator_loss": [2.0, 1.0]}).get_label()
        'Training curves over 2 steps: generator_loss from 2 to 1.'
    """
    curves = {name: np.asarray(values, dtype=float) for name, values in history.items()}
    curves = {name: values for name, values in curves.items() if np.isfinite(values).any()}
    if not curves:
        raise OptionError("there is nothing to draw: expected at least one finite number")
    figure, (panel,) = make_panels(1, 1, height=3.2, title=title)
    words = []
    for number, (name, values) in enumerate(curves.items()):
        steps = every * np.arange(1, len(values) + 1)
        (line,) = panel.plot(steps, values, label=name, color=COLOURS[number % 7], linewidth=1.3)
        line.set(linestyle=DASHES[number % 4], marker="o" if len(values) == 1 else "")
        finite = values[np.isfinite(values)]
        words.append(f"{name} from {finite[0]:.3g} to {finite[-1]:.3g}")
    for name, level in (levels or {}).items():
        panel.axhline(level, color="0.45", linewidth=0.8)
        end = panel.get_yaxis_transform()  # x in parts of the axis, y in data
        panel.text(1.0, level, name, transform=end, ha="right", va="bottom")
    panel.set(xlabel="Step", ylabel="Value", ymargin=0.1)
    panel.legend()
    last = every * max(map(len, curves.values()))
    figure.set_label(f"Training curves over {last} steps: {'; '.join(words)}.")
    return figure


def points(sets: Mapping[str, np.ndarray], title: str = "") -> Figure:
    """Draw sets of points in the plane, each with its own colour and marker, to one scale.

    Args:
        sets: an array `(n, 2)` for each name, such as {"real": ..., "fake": ...}.
        title: of the picture.

    Raises:
        OptionError: if an array has another shape.

    Example:
        >>> points({"real": np.zeros((3, 2)), "fake": np.ones((5, 2))}).get_label()
        'Points in the plane: 3 real around (0, 0), 5 fake around (1, 1).'
    """
    figure, (panel,) = make_panels(1, 1, height=4.0, title=title, width=4.6)
    words = []
    for number, (name, values) in enumerate(sets.items()):
        values = np.asarray(values)
        if values.ndim != 2 or values.shape[1] != 2:
            raise OptionError(f"expected {name!r} of shape (n, 2), got {values.shape}")
        colour, marker = COLOURS[number % 7], MARKERS[number % 7]
        x, y = values.T
        panel.scatter(x, y, label=name, color=colour, marker=marker, s=14, alpha=0.7)
        words.append(f"{len(values)} {name} around ({x.mean():.3g}, {y.mean():.3g})")
    panel.set_aspect("equal", adjustable="datalim")
    panel.legend()
    figure.set_label(f"Points in the plane: {', '.join(words)}.")
    return figure


def _by_name(samples: np.ndarray | Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    return samples if isinstance(samples, Mapping) else {"": samples}


def _one_channel(samples: np.ndarray) -> np.ndarray:
    shape = np.shape(samples)
    if len(shape) not in (1, 2) or (len(shape) == 2 and 1 not in shape) or 0 in shape:
        raise OptionError(f"expected one clip of shape (time,) or (time, 1), got {shape}")
    if not np.isfinite(samples).all():
        raise OptionError("the clip holds NaN or infinity; expected finite samples")
    return np.ravel(samples)
