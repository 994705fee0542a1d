# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Start here
#
# Check the set-up, hear what people say and what a network says, learn how the chapters work, and
# see the map of the course.
#
# **You will hear** ten digits spoken by people, and then digits that no one has ever spoken: a
# small network made them from random numbers.
#
# **Time:** about a minute on two CPU cores, and the same on a GPU. This chapter trains nothing.
#
# **You need** Python and a little NumPy. Each chapter explains the rest where it is used first.

# %% [markdown]
# ## 1. Is everything here?
#
# A *cell* is a box of code. Run one with Shift+Enter, from top to bottom.
# The first one asks what this machine has.

# %%
import platform
from importlib.metadata import version
from importlib.util import find_spec

import keras
import numpy as np

import ganlib
from ganlib.backend import device_name

print(f"Python {platform.python_version()}, NumPy {np.__version__}, Keras {keras.__version__}")
print(f"ganlib {ganlib.__version__} computes with {device_name()}")

# %% [markdown]
# **Keras** is the library in which all our networks are written. It hands the arithmetic to an
# *engine*: TensorFlow, or JAX. The line above names yours. Every chapter runs on both, and the
# environment variable `KERAS_BACKEND` chooses between them before Python starts.
#
# **tensorflow-io** adds operations to TensorFlow that decode sound files. It fits only some
# versions of TensorFlow. Where it does not load, ganlib takes another road to the same samples, so
# both answers below are fine.

# %%
from ganlib.data.stream import tensorflow_io

if find_spec("tensorflow") is None:
    print("TensorFlow is not installed: chapters read sound with soundfile and soxr.")
elif tensorflow_io() is None:
    print("tensorflow-io does not load here: soundfile and soxr decode instead.")
else:
    print("tensorflow-io", version("tensorflow-io"), "decodes sound inside TensorFlow's graph.")

# %% [markdown]
# Does the engine compute derivatives? All training rests on that. The derivative of
# $f(x) = x_1^2 + x_2^2$ is $(2x_1, 2x_2)$, so at $(1, -3)$ we expect $(2, -6)$.

# %%
from keras import ops

from ganlib.backend import input_gradient

gradient = input_gradient(ops.square, ops.convert_to_tensor([1.0, -3.0]))
gradient = ops.convert_to_numpy(gradient)
gradient

# %% [markdown]
# ## 2. Which recordings?
#
# The chapters learn from spoken digits, zero to nine. There are two sets:
#
# | name | what it is | how you get it |
# |---|---|---|
# | `fsdd` | 3,000 recordings of six people, 16 MB | `make data`, or `ganlib data get fsdd` |
# | `digits` | 10 recordings of one person, 1,220 clips of synthesisers | it is here already |
#
# If `fsdd` has been fetched, the chapters use it. If not, they use `digits` and need no network.
# The human voice in `digits` is Allison Smith's (licence CC BY-SA 3.0).

# %%
from ganlib.data import DATASETS, default_digits

data_name = default_digits()
print(f"The chapters will use {data_name!r}: {DATASETS[data_name].title}.")

# %% [markdown]
# ## 3. Listen: people
#
# Each clip is a row of numbers, 8000 a second. `load_clips` gives all of them the same length.

# %%
from ganlib.audio import AudioFormat
from ganlib.data import load_clips

audio_format = AudioFormat(sample_rate=8000, clip_samples=8192)
clips = load_clips(data_name, split="test", audio_format=audio_format)
print(f"{len(clips)} clips by {len(set(clips.voices))} voices; {clips.samples.shape=}")

# %%
people = sorted({v for v in clips.voices if data_name == "fsdd" or v.startswith("human")})
voices = np.array(clips.voices)


def clip_of(digit):
    """Number of a clip in which a person says this digit; the people take turns."""
    person = people[digit % len(people)]
    return int(np.flatnonzero((clips.labels == digit) & (voices == person))[0])


chosen = [clip_of(digit) for digit in range(10)]
print("Spoken by", ", ".join(people))

# %% [markdown]
# Set a comfortable volume with the first player. `at_level` gives all clips of this chapter the
# same loudness, as far as their peaks allow.


# %%
from ganlib.listen import play_all, player

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def at_level(clip, rms=0.08, peak=0.9):
    return clip * min(rms / clip.std(), peak / np.abs(clip).max())


spoken = [at_level(clips.samples[i, :, 0]) for i in chosen]
play_all(
    [player(spoken[d], 8000, WORDS[d], f"A person: {voices[chosen[d]]}") for d in range(10)],
    title="Ten digits, spoken by people",
)

# %% [markdown]
# ## 4. Listen: a network
#
# This is what the course is about. A **generator** $G$ is a function with many parameters. It takes
# a vector of random numbers $z$, called the *latent*, and returns a clip $G(z)$. No recording goes
# in. Where the model knows labels, the digit that we want goes in as well.
#
# ganlib ships weights that were trained beforehand, so that you can listen before you train.

# %%
from ganlib import pretrained

models = sorted(pretrained.names(), key=lambda name: not name.startswith("wavegan"))
for name in models:
    print(f"{name}: {pretrained.card(name)['title']}")
if not models:
    print("No trained weights have landed in this version yet, so there is nothing to hear here.")

# %%
from ganlib.audio import resample

made, labels = [], []
if models:
    synthesizer = pretrained.load(models[0])
    model_rate = synthesizer.audio_format.sample_rate
    samples, labels = synthesizer.generate(10, seed=0)
    made = [at_level(resample(clip[:, 0], model_rate, 8000)) for clip in samples]
    print("G(z):", samples.shape, "at", model_rate, "Hz; labels:", labels)

# %%
heard = [
    player(clip, 8000, WORDS[label], f"{models[0]}, asked for {label}")
    for clip, label in zip(made, labels, strict=True)
]
play_all(heard, title="Digits that nobody has spoken") if made else "Nothing to play yet."

# %% [markdown]
# Some of these clips are clear and some are mush. Chapter 03 will measure which is which, with a
# judge that we did not train. First, look at one of each: the same digit from a person and from
# the network. The picture shows time from left to right, pitch from bottom to top, and loudness as
# brightness. Chapter 01 explains how it is made.

# %%
from ganlib.plots import show, spectrogram

pair = {"a person says seven": spoken[7]}
if made:
    pair["the network says seven"] = made[7]
show(spectrogram(pair, 8000, n_fft=256, hop_length=64, columns=len(pair)))

# %% [markdown]
# ## 5. How the chapters work
#
# Each idea comes in five steps.
#
# 1. **Predict.** Before you run a cell, write down what it will say.
# 2. **Run** it.
# 3. **Investigate** why it said that, above all when you were wrong.
# 4. **Modify** a number and see what changes.
# 5. **Make** something of your own. Each chapter ends with exercises and their solutions.
#
# A prediction is a number or a word in place of the dots. Try one: a clip has $N = 8192$ samples,
# and $f_s = 8000$ of them make a second. How many seconds does it last?

# %%
from ganlib.classroom import compare

prediction = ...  # seconds: replace the dots by your number and run the cell again
compare(prediction, audio_format.duration_seconds)

# %% [markdown]
# An empty answer is welcome, and a wrong one breaks nothing. This is what `compare` says to the
# answers 1.02 and 2:

# %%
compare(1.02, audio_format.duration_seconds)
compare(2, audio_format.duration_seconds)

# %% [markdown]
# **Introduce, then import.** Nothing in ganlib stays a black box. A chapter first states an
# equation, then you write it yourself in ten lines or fewer, then your version is compared with the
# library's on random numbers, and from then on we import the library's. Where a chapter says
# **Write it**, the next cell holds a solution: clear the cell and try before you read it.
# `show_source` prints the code of the library that is really running.

# %%
from ganlib.audio import db_to_amplitude
from ganlib.classroom import show_source

show_source(db_to_amplitude)

# %% [markdown]
# **One notation** for the whole course:
#
# | in text | in code | meaning |
# |---|---|---|
# | $x$, $x_n$ | `samples` | a real clip, and its sample number $n$ |
# | $N$ | `clip_samples` | samples in a clip |
# | $f_s$ | `sample_rate` | samples a second, in hertz (Hz) |
# | $z$ | `latent` | the random vector that goes into the generator |
# | $G$, $G(z)$ | `generator`, `fake` | the generator, and a clip that it made |
# | $D$, $D(x)$ | `discriminator`, `logits` | the network that tells real clips from made ones |
# | $y$ | `labels` | which digit |
#
# Arrays of sound have the axes `(batch, time, channels)`.

# %% [markdown]
# ## 6. The map
#
# The chapters build on each other's ideas but never on each other's files: you can open any one
# first. "Planned" chapters are not written yet.

# %%
MAP = {
    "00_start_here": "this chapter",
    "01_sound_as_data": "waveforms, spectrograms, phase: what a network sees",
    "02_generator_and_discriminator": "the GAN from the ground up, first on points, then on sound",
    "03_measuring": "how good is it? scores, and how they are fooled",
    "04_training_that_does_not_collapse": "losses, penalties, and a clinic of sick models",
    "05_specgan": "speech by way of pictures of sound",
    "06_wavegan": "speech straight from raw audio",
    "07_say_seven": "say which digit: class-conditional models",
    "08_vocoder": "from mel frames back to sound: a pitch, a network, and judges",
    "09_reading_aloud": "text in, speech out: durations, a melody, frames, a voice",
}

# %%
from pathlib import Path

folder = Path(ganlib.__file__).parents[1] / "notebooks" / "src"
written = {path.stem for path in folder.glob("[0-9][0-9]_*.py")}
for name, about in MAP.items():
    print(f"{'here' if name in written else 'planned':<8} {name:<36} {about}")

# %% [markdown]
# After these come, all planned: larger and style-based generators (BigGAN, StyleGAN), coarse to
# fine (StackGAN), cleaning noisy speech (pix2pix), and changing one voice into another (CycleGAN).
#
# Read 00, 01 and 02 in this order. After them, go where you like.

# %% [markdown]
# ## 7. If something does not work
#
# | what you see | what to do |
# |---|---|
# | `ModuleNotFoundError: ganlib` | The notebook runs in another Python. Start it with `make lab`. |
# | the machine is slow | `make course` runs every chapter in a quick size. Nothing needs a GPU. |
# | no player appears | The notebook is not *trusted*. Run the cell once more. |
# | you changed a cell and want it back | `make notebooks` writes the chapters again. |
#
# ## 8. Exercises
#
# 1. **Modify.** Listen to other clips of the same digits. Which cell do you change?
# 2. **Investigate.** What does `compare` say to the prediction `"1.024 seconds"`, and what to
#    `8192 / 8000`?
# 3. **Make.** Record yourself saying a digit, save it as a WAV file in a folder `me`, and load it
#    with `load_clips("me", audio_format=audio_format)`.
#
# <details><summary>Solutions</summary>
#
# 1. In `clip_of`, the index `[0]` takes the first clip that fits; write another number. In `digits`
#    only one clip of each digit is human, so drop the condition on the voice there.
# 2. A text is compared letter by letter, so "1.024 seconds" is not quite 1.024. The fraction is a
#    number, and right.
# 3. Any rate, any length, mono or stereo: it is resampled to 8000 Hz, mixed to one channel, and cut
#    or filled with zeros to 8192 samples.
#
# </details>

# %% [markdown]
# ## 9. What this chapter claimed
#
# Every chapter ends with its claims as code. If one stopped being true, the course would not build.

# %%
if models:  # the same latent gives the same clip, so what you hear can be made again
    assert samples.shape == (10, synthesizer.audio_format.clip_samples, 1)
    again, _ = synthesizer.generate(1, label=synthesizer.label_names[7], seed=7)
    assert np.allclose(again[0], samples[7], atol=1e-5)

# %%
assert np.allclose(gradient, [2.0, -6.0])  # the engine differentiates
assert clips.samples.shape[1:] == (8192, 1)  # (time, channels)
assert audio_format.duration_seconds == 8192 / 8000 == 1.024
assert [int(clips.labels[i]) for i in chosen] == list(range(10))  # one clip of each digit
assert np.abs(clips.samples).max() <= 1.0  # full scale
assert written <= set(MAP)  # the map shows every chapter that is here
