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
# # SpecGAN
#
# Speech by way of pictures: how a clip becomes a picture, how a picture becomes sound again, what
# is lost on the way, and how a network made for photographs learns to paint words.
#
# **You will hear** one word with its phase guessed in four ways, the same word with too high a
# floor, what a network paints after a few hundred steps, and what one paints that ships.
#
# **Time:** about a minute of computing on two CPU cores, less on a GPU; about two hours to read and
# try. A small network is trained on the way.
#
# **You need** spectrograms, mel bands and Griffin-Lim (chapter 01), and generator, discriminator
# and their losses (chapter 02). Convolutions are explained where they are used.
#
# | in text | in code | meaning |
# |---|---|---|
# | $S_{m,k}$ | `S` | magnitude in frame $m$ and row $k$ |
# | $\epsilon$ | `floor` | the smallest magnitude that is told from silence |
# | $\mu_k, \sigma_k$ | `mean, deviation` | of the logarithm in row $k$, over all training clips |
# | $y_{m,k}$ | `y`, `pictures` | a cell of the picture, from -1 to 1 |
# | $\varphi$ | `phase` | what the picture does not hold |
# | $G$, $D$, $z$ | `G`, `D`, `latent` | as before; $G(z)$ is a picture now |
# | $d$ | `dim` | width of the networks; the paper's is 64 |

# %%
import os

import keras
import numpy as np
from keras import layers, ops

from ganlib.classroom import compare, show_source
from ganlib.listen import play_all, player
from ganlib.pictures import COLOURS, DASHES, draw_frames, make_panels
from ganlib.plots import show, training_curves

QUICK = os.environ.get("GANLIB_QUICK", "1") == "1"  # `make course` runs the quick size
to_numpy = ops.convert_to_numpy
random = np.random.default_rng(0)

# %% [markdown]
# ## 1. From a clip to a picture
#
# Networks for pictures are older than networks for sound, and better understood. They expect a
# square of numbers between -1 and 1 in which neighbours belong together. A spectrogram is nearly
# that: time runs along one side, pitch along the other.
#
# Our clips have 8192 samples. A frame every 128 samples and 64 mel bands make a square.

# %%
from ganlib.audio import AudioFormat
from ganlib.data import default_digits, load_clips

SIZES = {"n_mels": 64, "fmin_hz": 40.0, "fmax_hz": 3900.0}
sound = AudioFormat(8000, 8192, n_fft=512, hop_length=128, **SIZES)
data_name = default_digits()


def full_scale(clips):
    return clips / np.maximum(np.abs(clips).max(axis=1, keepdims=True), 1e-3)


# %%
train, test = [load_clips(data_name, split, sound) for split in ("train", "test")]
x_train, x_test = full_scale(train.samples), full_scale(test.samples)
some = np.linspace(0, len(test) - 1, 60).astype(int)  # sixty test clips, of all digits
print(f"{data_name!r}: {len(train)} clips to learn from, {len(test)} held out")

# %% [markdown]
# **Predict.** How many cells has the picture for each sample of the clip?

# %%
from ganlib.audio import magnitude, stft
from ganlib.audio.mel import format_filterbank


def mel_magnitudes(clips):
    spectrum = to_numpy(magnitude(*stft(clips, sound.n_fft, sound.hop_length)))
    return spectrum[:, :-1] @ format_filterbank(sound)  # the last of the 65 frames is left out


# %%
S = mel_magnitudes(x_test)
prediction = ...
compare(prediction, S[0].size / sound.clip_samples)
print("S has the shape (clips, frames, rows) =", S.shape)

# %% [markdown]
# Half as many numbers, and one says more: a cell knows how much of *its* pitch sounds, and when.
# But magnitudes make a poor picture. Here is a seven, as it is and as a logarithm:

# %%
seven = np.flatnonzero(test.labels == 7)[0]
views = {"magnitude": S[seven], "its logarithm": np.log(np.maximum(S[seven], 1e-5))}

# %%
figure, panels = make_panels(2, 2, height=2.8, title="Seven", width=7.5)
for panel, (name, view) in zip(panels, views.items(), strict=True):
    image = draw_frames(panel, view, 128 / 8000, 1.0, None)
    figure.colorbar(image, ax=panel)
    panel.set(title=name, xlabel="Time (s)", ylabel="Mel band")
show(
    figure,
    alt="Left, magnitudes: black, with a few bright spots where the vowels are. Right, logarithms: "
    "vowels, hiss and the silence after the word can all be seen.",
)

# %% [markdown]
# The logarithm is how we hear, too. It needs a **floor** $\epsilon$, since the logarithm of silence
# is minus infinity. Now the numbers have to come between -1 and 1. Low bands are louder than high
# ones on average, so every row is measured by itself.

# %%
logs_train = np.log(np.maximum(mel_magnitudes(x_train), 1e-5))
mean, deviation = logs_train.mean(axis=(0, 1)), logs_train.std(axis=(0, 1))
DB = 20 / np.log(10)  # decibels in one unit of a natural logarithm

# %%
figure, (panel,) = make_panels(1, 1, height=2.6, title="The rows of all training clips")
panel.plot(DB * mean, color=COLOURS[0], label="mean")
for sign, label in ((1, "mean ± deviation"), (-1, None)):
    row = DB * (mean + sign * deviation)
    panel.plot(row, color=COLOURS[1], linestyle=DASHES[1], label=label)
panel.set(xlabel="Row (mel band)", ylabel="Level (dB)")
panel.legend()
show(
    figure,
    alt="Mean and deviation of the level in each of 64 rows. The mean falls by some 10 dB from low "
    "to high bands, and the deviation is 30 to 40 dB.",
)

# %% [markdown]
# The recipe of SpecGAN (Donahue, McAuley and Puckette, 2019, arXiv 1802.04208): subtract the row's
# mean, divide by three of its deviations, and clip.
#
# $$y_{m,k} = \mathrm{clip}\left( \frac{\ln \max(S_{m,k}, \epsilon) - \mu_k}{3\,\sigma_k},
# -1, 1 \right), \qquad S_{m,k} \approx e^{\,3 \sigma_k y_{m,k} + \mu_k} .$$
#
# **Write both directions.**


# %%
def my_normalise(S, mean, deviation, floor):
    logs = np.log(np.maximum(S, floor))
    return np.clip((logs - mean) / (3 * deviation), -1, 1)


def my_denormalise(y, mean, deviation):
    return np.exp(3 * deviation * y + mean)


# %% [markdown]
# ganlib keeps both, and the sizes that belong to them, in a **codec**. It is measured once on the
# training clips, and travels with the network: whoever hears a picture with another codec hears
# something else.

# %%
from ganlib.audio.codec import SpectrogramCodec

codec = SpectrogramCodec.fit(x_train, sound, "mel", floor=1e-5)
mine = my_normalise(S, mean, deviation, 1e-5)
codec_difference = np.abs(mine - codec.encode(x_test)[..., 0]).max()
print(f"largest difference: {codec_difference:.1e}")
show_source(SpectrogramCodec.paint)

# %% [markdown]
# **Predict.** If the cells of a row followed a bell curve, which share of them would lie beyond
# three deviations, and be clipped?

# %%
from scipy.stats import norm

prediction = ...  # a share
compare(prediction, 2 * norm.sf(3), tolerance=0.2)
share_clipped = np.mean(np.abs(mine) >= 1)
print(f"of these pictures, {share_clipped:.4%} is clipped")

# %% [markdown]
# Nothing at all is clipped. So the cells do *not* follow a bell curve. What do they follow?
#
# ## 2. The floor
#
# **Predict.** The picture may use the range from -1 to 1. What is the lowest value that any cell
# of any test clip takes?

# %%
prediction = ...  # from -1 to 1
compare(prediction, mine.min())

# %%
FLOORS = (1e-5, 1e-3, 1e-2)
codecs = {floor: SpectrogramCodec.fit(x_train, sound, "mel", floor=floor) for floor in FLOORS}
pictures = {floor: codecs[floor].encode(x_test)[..., 0] for floor in FLOORS}

# %%
figure, panels = make_panels(3, 3, height=2.4, title="Values of all cells", width=8, share=True)
for panel, floor in zip(panels, FLOORS, strict=True):
    panel.hist(pictures[floor].ravel(), bins=80, range=(-1, 1), density=True, color=COLOURS[0])
    panel.set(title=f"floor {floor:g}", xlabel="y", ylim=(0, 4))
panels[0].set_ylabel("Density")
show(
    figure,
    alt="Three histograms. Each has one tall spike of cells that lie on the floor: around -0.3, "
    "-0.2 and -0.15. Left of it is nothing. Right of it lies a hump of sound, narrow and far away "
    "for the lowest floor, wide and close for the highest.",
)

# %% [markdown]
# The spike is silence. A word is shorter than its clip, and what is missing was filled with zeros,
# *exactly* zero, whose logarithm is wherever we put the floor. Real silence in a room is never
# exact, and neither is anything that a network makes.
#
# With a floor of 0.00001 the deviation $\sigma_k$ mostly measures how far away we put the silence.
# Speech is squeezed into what is left:


# %%
def on_the_floor(floor):
    lowest = (np.log(floor) - codecs[floor].mean) / (3 * np.array(codecs[floor].deviation))
    return np.mean(pictures[floor] <= np.maximum(lowest, -1) + 1e-4)


# %%
floor_table = {
    floor: (
        on_the_floor(floor),
        pictures[floor].min(),
        3 * DB * np.mean(codecs[floor].deviation),
        np.mean(np.abs(pictures[floor]) >= 1),
    )
    for floor in FLOORS
}

# %%
exact_silence = np.mean(x_test == 0)
print(f"{exact_silence:.0%} of all samples are exactly 0")
print(f"{'floor':>7}{'on the floor':>15}{'lowest':>9}{'one unit is':>14}{'clipped':>10}")
for floor, (share, lowest, unit_db, clipped) in floor_table.items():
    print(f"{floor:7g}{share:15.0%}{lowest:9.2f}{unit_db:11.0f} dB{clipped:10.2%}")

# %% [markdown]
# **Predict.** A network errs by 0.05 in a cell, which looks like nothing. By how many decibels is
# the sound wrong there, with the lowest floor?

# %%
prediction = ...  # dB
compare(prediction, 0.05 * floor_table[1e-5][2])

# %% [markdown]
# So a higher floor gives the network a finer brush. Too high a floor drowns the quiet sounds: the
# *f* of four and five, the *th* of three. Where is the best one?
#
# Ask someone who was not there when the codec was made: PocketSphinx, a recogniser of English that
# may choose one of ten words. It gets clips that went through the picture and back. We asked it
# about the 300 test clips of `fsdd` (60 iterations of the fast algorithm of the next section):
#
# | $\epsilon$ | frames of 512 | frames of 256 |
# |---|---:|---:|
# | 0.00001 | 74 % | 63 % |
# | 0.001 | 76 % | 79 % |
# | 0.01 | 77 % | 54 % |
# | as recorded, no picture | 76 % | 76 % |
#
# A share of 300 clips is known to about 5 percentage points. So with long frames the floor makes no
# difference that these clips could prove. With short ones it does, and both ends are bad: a low
# floor leaves a haze in every pause, and a high one takes away the consonants. (Is 79 % *better*
# than the recording? This recogniser likes a faint hiss, which everything below the floor becomes.
# With a little noise added, recordings get 81 %. `docs/adr/0008` has all of these tables.)
#
# That was the way there and back. For a network it matters more. Of the small conditional network
# of chapter 07, trained with frames of 512 for 3000 steps, PocketSphinx named 46 % as asked with
# the floor at 0.00001, and 66 % at 0.001 (one run each, 200 to 400 clips; a second sample of 300
# clips of the same two networks: 52 and 69 %). At 0.01 it was 69 %, and the network knew far fewer
# ways to say each word. The small presets of this course take 0.001, and frames of 256.
#
# On a few clips, here and now:

# %%
from ganlib.evaluation.measuring.recogniser import recognised_digits

short = AudioFormat(8000, 8192, n_fft=256, hop_length=128, **SIZES)
short_codecs = {
    floor: SpectrogramCodec.fit(x_train[::3], short, "mel", floor=floor) for floor in FLOORS
}

# %%
rebuilt = {"as recorded": x_test[some]}
for floor, each in short_codecs.items():
    rebuilt[f"floor {floor:g}"] = each.decode(each.encode(x_test[some]))

# %%
understood = {}
for name, clips in rebuilt.items():
    heard = recognised_digits(clips, 8000)
    if heard is not None:
        understood[name] = np.mean(heard == test.labels[some])
        print(f"{name:<14} {understood[name]:.0%} of {len(some)} clips named rightly")


# %%
def at_level(clip, rms=0.08, peak=0.9):
    return clip * min(rms / (clip.std() + 1e-9), peak / (np.abs(clip).max() + 1e-9))


# %%
four = np.flatnonzero(test.labels[some] == 4)[0]
play_all(
    [
        player(at_level(clips[four, :, 0]), 8000, "four", f"{name}, frames of 256")
        for name, clips in rebuilt.items()
    ],
    columns=2,
    title="Listen for the beginning, and for the pause at the end",
)

# %% [markdown]
# ## 3. What the picture does not hold
#
# A picture holds magnitudes, and no phase. Chapter 01 found a phase with the algorithm of Griffin
# and Lim: put any phase on $S$, find the sound whose transform comes nearest, keep the phase of
# *its* transform, and repeat. SpecGAN took 16 rounds of it. Here is the faster form of 2013
# (Perraudin, Balazs and Sondergaard). With $P$ for "nearest sound, and its transform",
#
# $$t_n = P\left( S\, \frac{c_{n-1}}{|c_{n-1}|} \right), \qquad
# c_n = t_n + \alpha\,(t_n - t_{n-1}) .$$
#
# It looks where the last round moved, and goes on in that direction. With $\alpha = 0$ it is the
# algorithm of 1984. **Write it**, with complex numbers.

# %%
from ganlib.audio import inverse_stft


def to_sound(X, n_fft, hop):
    return to_numpy(inverse_stft(X.real, X.imag, n_fft, hop, length=8192))


def to_frames(audio, n_fft, hop):
    real, imaginary = [to_numpy(part) for part in stft(audio, n_fft, hop)]
    return real + 1j * imaginary


# %%
def my_griffin_lim(S, phase, n_fft, hop, iterations, alpha):
    c, before = np.exp(1j * phase), 0
    for _ in range(iterations):
        t = to_frames(to_sound(S * c / np.abs(c), n_fft, hop), n_fft, hop)
        c, before = t + alpha * (t - before), t
    return to_sound(S * c / np.abs(c), n_fft, hop)


# %%
from ganlib.audio import griffin_lim

target = np.abs(to_frames(random.normal(size=(1, 8192)).astype("float32"), 256, 64))
start = 2 * np.pi * np.random.default_rng(0).random((129, target.shape[1])).T[None]

# %%
phase_differences = []
for alpha in (0.0, 0.99):
    ours = my_griffin_lim(target, start, 256, 64, 5, alpha)
    theirs = to_numpy(griffin_lim(target, 256, 64, 5, momentum=alpha, length=8192))
    phase_differences.append(np.abs(ours - theirs).max())
print(f"largest difference from ganlib's: {max(phase_differences):.1e}, of noise with deviation 1")

# %% [markdown]
# How far does the result miss the picture? **Spectral convergence**, from chapter 01, is the share
# of the magnitudes that is missed:

# %%
from ganlib.audio import spectral_convergence

few = x_test[some[::3]]
S_few = np.abs(to_frames(few, 512, 128))

# %%
COUNTS = (0, 1, 2, 4, 8, 16, 32, 60)


def missed(iterations, momentum):
    audio = griffin_lim(S_few, 512, 128, iterations, momentum, length=8192)
    return float(spectral_convergence(S_few, audio, 512, 128).mean())


plain_missed = [missed(count, 0.0) for count in COUNTS]
fast_missed = [missed(count, 0.99) for count in COUNTS]

# %%
figure, (panel,) = make_panels(1, 1, height=2.8, title="Twenty clips, frames of 512, hop 128")
panel.plot(COUNTS, plain_missed, "o--", color=COLOURS[0], label="1984")
panel.plot(COUNTS, fast_missed, "s-", color=COLOURS[1], label="2013, fast")
panel.axvline(16, color="0.45", linewidth=0.8)
panel.text(16.5, 0.6, "16, as in the paper", va="top")
panel.set(xlabel="Iterations", ylabel="Share missed", ylim=(0, None))
panel.legend()
show(
    figure,
    alt="Both curves fall from about 0.6. From 4 iterations on the fast one lies below: at 16 it "
    "has reached what the old one reaches at about 55.",
)

# %% [markdown]
# **Predict.** How many iterations of 1984 does it take to come as close as 16 fast ones?

# %%
prediction = ...  # iterations
worth_16 = np.interp(-fast_missed[COUNTS.index(16)], -np.array(plain_missed), COUNTS)
compare(prediction, worth_16, tolerance=0.2)
print(f"16 of 1984 miss {plain_missed[5]:.3f}, 60 fast ones {fast_missed[-1]:.3f}")

# %% [markdown]
# ### Metallic
#
# Listen to what the numbers mean. The recording, phases at random, the paper's 16 iterations, and
# 60 fast ones:

# %%
S_some = np.abs(to_frames(x_test[some], 512, 128))
guessed = {"the recording": x_test[some][..., 0]}
for name, count, momentum in (
    ("random phases", 0, 0.0),
    ("16 iterations of 1984", 16, 0.0),
    ("60 fast iterations", 60, 0.99),
):
    guessed[name] = to_numpy(griffin_lim(S_some, 512, 128, count, momentum, length=8192))

# %%
nine = np.flatnonzero(test.labels[some] == 9)[0]
play_all(
    [
        player(at_level(clips[nine]), 8000, "nine", name[0].upper() + name[1:])
        for name, clips in guessed.items()
    ],
    columns=2,
)

# %% [markdown]
# The last misses a few hundredths of its picture and still sounds as if spoken into a tin. Why?
# The vocal folds make **pulses**: all frequencies of a voice swell at the same instant, again and
# again. Whether they do is a matter of phase. If each frequency swells when it likes, the pulse is
# spread over the whole frame, and a sum of many independent parts follows a bell curve.
#
# One number tells a bell curve from pulses, the **kurtosis** of the samples in a frame:
#
# $$\kappa = \frac{\mathrm{E}\,(x - \bar x)^4}{\bigl(\mathrm{E}\,(x - \bar x)^2\bigr)^2} .$$
#
# **Write it**, for the loud frames of a twentieth of a second. **Predict** what it is for random
# phases.


# %%
def loud_frames(clips, L=400):
    frames = x_test[some][:, :8000, 0].reshape(len(some), -1, L)  # loud in the recordings
    loud = frames.std(axis=-1) > 0.5 * frames.std(axis=-1).max(axis=1, keepdims=True)
    return clips[:, :8000].reshape(len(some), -1, L)[loud]


# %%
def kurtosis(frames):
    centred = frames - frames.mean(axis=1, keepdims=True)
    return (centred**4).mean(axis=1) / (centred**2).mean(axis=1) ** 2


# %%
prediction = ...
pulses = {name: kurtosis(loud_frames(clips)).mean() for name, clips in guessed.items()}
compare(prediction, pulses["random phases"], tolerance=0.1)
for name, value in pulses.items():
    print(f"{name:<24} kurtosis {value:.2f}")

# %% [markdown]
# A bell curve has a kurtosis of 3. The recordings have much more; random phases have 3; and most of
# what Griffin-Lim gives back is still near 3. It satisfies the picture without bringing back the
# pulses, because a picture with long frames shows them faintly. That is the metallic sound. Whoever
# wants pulses has to train a network to make them (a *vocoder*). Chapter 06 makes the samples
# themselves, and asks whether that brings them back.
#
# ## 4. Linear or mel?
#
# The paper's pictures are **linear**: no mel bands, but the 128 lowest of the 129 magnitudes of a
# short frame (the last, at the Nyquist frequency, is left out and later taken to be silent). At
# 16,000 Hz, with frames of 256 and a hop of 128, that is a square of 128 x 128 for 16384 samples.
# For our clips the hop is 64.
#
# **Predict.** How many times as many cells has it as the mel picture?

# %%
linear = AudioFormat(8000, 8192, n_fft=256, hop_length=64)
kinds = {
    "linear, frames of 256": SpectrogramCodec.fit(x_train[::3], linear, "linear", floor=1e-3),
    "mel, frames of 256": short_codecs[1e-3],
    "mel, frames of 512": codecs[1e-3],
}

# %%
prediction = ...
cells = {name: np.prod(kind.picture_shape) for name, kind in kinds.items()}
compare(prediction, cells["linear, frames of 256"] / cells["mel, frames of 512"])

# %% [markdown]
# Each has its own spectrogram, so none may judge itself (chapter 01, exercise 2). One ruler for
# all: how much of the recording's spectrogram with frames of 384 does the sound miss that came
# back?

# %%
ruler = np.abs(to_frames(few, 384, 96))
round_trip = {}
for name, kind in kinds.items():
    back = kind.decode(kind.encode(few))
    round_trip[name] = spectral_convergence(ruler, back, 384, 96).mean()
    print(f"{name:<24} {cells[name]:6d} cells   misses {round_trip[name]:.2f}")

# %% [markdown]
# The linear picture keeps more of the recording, as it should with four times the cells. Does one
# hear it? PocketSphinx, on the 300 test clips, named 77 % after the linear picture with the floor
# at 0.00001 and 16 fast iterations, and 71 % with the floor at 0.001; after the mel pictures it was
# 76 and 79 %. Four times the cells buy nothing that this recogniser hears, and the network would
# have to paint them all. So the small presets of this course use mel pictures, and the preset
# `gpu` the paper's.
#
# ## 5. The rules of DCGAN
#
# Who paints? For years, networks of convolutions had trained badly as GANs. The **DCGAN** of
# Radford, Metz and Chintala (2016, arXiv 1511.06434) made it work by five rules:
#
# 1. no pooling: a *stride* of 2 makes pictures smaller (in $D$), a transposed one larger (in $G$);
# 2. batch normalisation, but not where the picture goes in or comes out;
# 3. no fully connected layers but the first of $G$ and the last of $D$;
# 4. ReLU in $G$ and tanh at its end, leaky ReLU in $D$;
# 5. small random weights of deviation 0.02, and Adam with $\beta_1 = 0.5$.
#
# ### Why no pooling?
#
# *Max pooling* keeps the largest of four neighbours and forgets the others. A classifier may do
# that. But $G$ learns only from the derivative of $D$ by the picture, and a forgotten cell has the
# derivative 0.
#
# **Predict.** A single layer of max pooling, 2 x 2, looks at a picture. Which share of its cells
# gets the derivative 0?

# %%
from ganlib.backend import input_gradient

grain = ops.convert_to_tensor(random.normal(size=(16, 64, 64, 1)).astype("float32"))
pooling_slope = to_numpy(input_gradient(layers.MaxPooling2D(2), grain))
prediction = ...  # a share
unheard_by_pooling = np.mean(pooling_slope == 0)
compare(prediction, unheard_by_pooling)

# %% [markdown]
# That is the reason that one usually reads. Does it hold in a whole network, where eight and more
# kernels overlap and each keeps another cell? Two small discriminators look at real pictures:


# %%
def small_discriminator(pooling):
    picture = keras.Input((64, 64, 1))
    x = picture
    for filters in (8, 16, 32, 64):
        if pooling:
            x = layers.ReLU()(layers.Conv2D(filters, 3, padding="same")(x))
            x = layers.MaxPooling2D(2)(x)
        else:
            x = layers.Conv2D(filters, 4, strides=2, padding="same")(x)
            x = layers.LeakyReLU(negative_slope=0.2)(x)
    return keras.Model(picture, layers.Dense(1)(layers.Flatten()(x)))


# %%
def share_of_half(slope):
    """The smallest share of cells that holds half of the derivative's power."""
    power = np.sort(slope.reshape(len(slope), -1) ** 2, axis=1)[:, ::-1]
    return np.mean(np.cumsum(power, axis=1) < power.sum(axis=1, keepdims=True) / 2)


# %%
keras.utils.set_random_seed(5)
batch = ops.convert_to_tensor(pictures[1e-3][some[:16], :, :, None])
slopes = {
    name: to_numpy(input_gradient(small_discriminator(pooling), batch))
    for name, pooling in {"max pooling": True, "stride 2": False}.items()
}

# %%
unheard = {name: np.mean(slope == 0) for name, slope in slopes.items()}
for name, share in unheard.items():
    half = share_of_half(slopes[name])
    print(f"{name:<12} {share:.1%} have the derivative 0; {half:.1%} hold half of its power")

# %% [markdown]
# No: hardly a cell is forgotten by *all* kernels. The derivative is a little less even, no more. A
# rule of thumb may be good for other reasons than the one that is told with it. One is plain: a
# stride does not compute what it throws away. Kernels of 4 x 4 at every second place, both ways,
# cost $16/4 = 4$ products for each cell and filter; kernels of 3 x 3 at every place cost 9.
#
# ### Why batch normalisation?
#
# Rule 5 draws weights of deviation 0.02. A cell of a layer's output is a sum over $2 \times 2$
# cells of its input (a kernel of 4 x 4, of which a stride of 2 uses every second weight) and $a$
# channels. If the input has deviation 1 before a ReLU, which lets half of the power through, the
# output has the deviation
#
# $$0.02\, \sqrt{4\,a / 2} .$$
#
# **Predict.** With $a = 64$ channels, what is it?

# %%
prediction = ...
fades = 0.02 * np.sqrt(4 * 64 / 2)
compare(prediction, fades)

# %% [markdown]
# Each layer would whisper to the next, and narrower ones more softly still. **Batch normalisation**
# brings every channel back: subtract its mean over the batch, divide by its deviation, and let the
# network learn a new scale $\gamma$ and shift $\beta$,
#
# $$\hat x = \gamma\,\frac{x - \bar x}{\sqrt{s^2 + 0.001}} + \beta .$$


# %%
def ladder(normalise):
    start = keras.initializers.RandomNormal(stddev=0.02, seed=1)
    latent = keras.Input((100,))
    x = layers.Reshape((4, 4, 64))(layers.Dense(1024, kernel_initializer=start)(latent))
    outputs = []
    for filters in (32, 16, 8, 1):
        x = layers.BatchNormalization()(x) if normalise else x
        x = layers.ReLU()(x)
        options = {"padding": "same", "kernel_initializer": start.clone()}
        x = layers.Conv2DTranspose(filters, 4, 2, **options)(x)
        outputs.append(x)
    return keras.Model(latent, outputs)


z = random.normal(size=(64, 100)).astype("float32")

# %%
levels = {
    name: [float(to_numpy(layer).std()) for layer in ladder(normalise)(z, training=True)]
    for name, normalise in {"without": False, "with batch normalisation": True}.items()
}
for name, level in levels.items():
    print(f"{name:<26}" + "  ".join(f"{value:.1e}" for value in level))

# %% [markdown]
# Without it, the picture begins as an even grey, a millionth of a shade deep, and almost no
# derivative comes back through these layers. There is another way out: larger random weights.
# That is SpecGAN's, which has no batch normalisation at all, because in $D$ it does not go together
# with the gradient penalty (chapter 04).
#
# ## 6. From DCGAN to SpecGAN
#
# One more doubling, from 64 x 64 to 128 x 128, and kernels of 5 x 5. This is the model of the
# paper, built but not trained:

# %%
from ganlib.models.specgan import specgan_discriminator, specgan_generator
from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator


def print_table(model):
    print(f"{'layer':<18} {'picture':>10} {'channels':>9} {'parameters':>12}")
    for layer in model.layers:
        if layer.count_params():
            *sides, channels = layer.output.shape[1:]
            shown = " x ".join(map(str, sides))
            name = type(layer).__name__
            print(f"{name:<18} {shown:>10} {channels:9d} {layer.count_params():12,}")
    print(f"{'together':<39} {model.count_params():12,}")


# %%
full_generator, full_discriminator = specgan_generator(), specgan_discriminator()
print_table(full_generator)

# %%
print_table(full_discriminator)

# %% [markdown]
# WaveGAN, from the same article, has 16384 samples instead of 128 x 128 cells, kernels of 25
# instead of 5 x 5, and strides of 4 instead of 2 x 2.
#
# **Predict.** How many times as many parameters has SpecGAN's generator as WaveGAN's?

# %%
sizes = {
    "SpecGAN": (full_generator.count_params(), full_discriminator.count_params()),
    "WaveGAN": (wavegan_generator().count_params(), wavegan_discriminator().count_params()),
}
prediction = ...  # a factor
compare(prediction, sizes["SpecGAN"][0] / sizes["WaveGAN"][0], tolerance=0.001)
print(sizes)

# %% [markdown]
# That is no accident. The authors wanted to compare two ways of seeing sound, so they made
# everything else equal. Chapter 06 does the comparison.
#
# The two recipes beside each other, and the quick one of this course, which trades the Wasserstein
# loss and five steps of $D$ for one step, a lazy penalty and batch normalisation in $G$ alone
# (chapter 04 compares them):

# %%
from ganlib.training.recipes import get_recipe

recipe = get_recipe("specgan")
columns = [get_recipe("dcgan").options("gpu"), recipe.options("gpu"), recipe.options("quick")]

# %%
print(f"{'option':<30} {'dcgan':>14} {'specgan':>14} {'quick':>14}")
for name in sorted(set(columns[0]) & set(columns[1])):
    values = [str(column[name])[:12] for column in columns]
    if len(set(values)) > 1:
        print(f"{name:<30} {values[0]:>14} {values[1]:>14} {values[2]:>14}")

# %% [markdown]
# ## 7. Train it
#
# No labels here: like the paper's, this network is not told which digit it sees. Its pictures are
# mel pictures with frames of 256 and the floor at 0.001. In full size it is the preset `cpu`, for
# 3000 steps (`python -m course --full 05`).

# %%
import tempfile
from pathlib import Path

from ganlib.training import runs
from ganlib.training.engine.history import read_history

preset, steps = ("quick", 300) if QUICK else ("cpu", 3000)
options = {"conditional": False, "steps": steps}

# %%
with tempfile.TemporaryDirectory() as folder:
    summary = runs.start(folder, "specgan", train, data_name, preset, options, seed=0, quiet=True)
    history = read_history(Path(folder) / "history.csv")
    live = runs.load_generator(folder)
print(f"{summary.steps} steps, {history[-1]['seconds']:.0f} s; it ended because: {summary.reason}")

# %%
curves = {name: [row[name] for row in history] for name in ("discriminator_loss", "generator_loss")}
show(training_curves(curves, every=10, levels={"2 ln 2": 2 * np.log(2)}))

# %% [markdown]
# A `Synthesizer` holds generator and codec together. Its generator paints, its codec makes sound:


# %%
def paint(synthesizer, count, first=0):
    latents = [np.random.default_rng(first + i).normal(size=64) for i in range(count)]
    return to_numpy(synthesizer.generator(np.array(latents, "float32"), training=False))


untrained = recipe.build(recipe.options("quick", {"conditional": False}), ()).generator
z = random.normal(size=(6, 64)).astype("float32")

# %%
shown = {
    "real": live.codec.encode(x_test[some[:6]]),
    "untrained": to_numpy(untrained(z, training=True)),
    f"after {steps} steps": paint(live, 6),
}

# %%
figure, panels = make_panels(18, 6, height=1.5, title="Pictures, real and painted", width=8.5)
for row, (name, examples) in enumerate(shown.items()):
    for panel, example in zip(panels[6 * row :], examples, strict=False):
        draw_frames(panel, example[..., 0], 1.0, 1.0, (-1, 1))
        panel.set_xticks([])
        panel.set_yticks([])
    panels[6 * row].set_ylabel(name, fontsize="small")
show(
    figure,
    alt="Six pictures each. Real: bright shapes of a word at the left, even silence at the right. "
    "Untrained: a fine even grain. After training: bright shapes with a chequered grain at the "
    "left, silence at the right.",
)

# %%
live_clips, _ = live.generate(100, seed=0)
play_all(
    [
        player(at_level(live_clips[i, :, 0]), 8000, "(no word yet)", f"Painted here, seed {i}")
        for i in range(6)
    ],
    title=f"After {summary.steps} steps",
)

# %% [markdown]
# It has found where words are, how loud their bands are, and that silence follows. Words take
# longer. The chequered grain, where you see one, is what a kernel of 5 x 5 at a stride of 2 leaves:
# every second cell gets more products than its neighbour. In a waveform the same unevenness is a
# whistle (chapter 06).
#
# ## 8. Trained beforehand
#
# ganlib ships a SpecGAN that learned from `fsdd` for longer, without labels.

# %%
from textwrap import fill

from ganlib import pretrained

NAME = "specgan-fsdd"
card = pretrained.card(NAME)
for field in ("title", "recipe", "time", "licence", "limits"):
    if field in card:
        print(fill(f"{field}: {card[field]}", width=90, subsequent_indent="    "))

# %%
from ganlib.evaluation.measuring.ear import shipped_ear

shipped, ear = pretrained.load(NAME), shipped_ear()
made, _ = shipped.generate(100, seed=0)
heard = ear.listen(made, 8000)
print(f"{shipped.generator.count_params():,} parameters made clips of shape {made.shape}")

# %% [markdown]
# Nobody asked for a digit, so nobody knows what it says. Here are its first ten clips, none left
# out, with what two judges hear: the classifier of chapter 03, which knows these six voices, and
# PocketSphinx. Be the third.

# %%
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WORDS += ("nothing",)  # -1

# %%
sphinx = recognised_digits(made[:10], 8000)
second = ["not asked"] * 10 if sphinx is None else [WORDS[digit] for digit in sphinx]

# %%
play_all(
    [
        player(
            at_level(made[i, :, 0]),
            8000,
            f"{WORDS[heard.named[i]]}, the classifier says",
            f"SpecGAN, seed {i}. PocketSphinx: {second[i]}",
        )
        for i in range(10)
    ],
    columns=2,
    title="The first ten",
)

# %%
painted = paint(shipped, 10)
real_pictures = shipped.codec.encode(x_test[some[:10]])

# %%
figure, panels = make_panels(20, 5, height=1.6, title="Real (above) and painted", width=8.5)
for panel, example in zip(panels, [*real_pictures, *painted], strict=True):
    draw_frames(panel, example[..., 0], 1.0, 1.0, (-1, 1))
    panel.set_xticks([])
    panel.set_yticks([])
show(
    figure,
    alt="Ten real and ten painted pictures. Both have bright curved stripes at the left, patches "
    "of hiss at the top, and even silence at the right.",
)

# %% [markdown]
# ### Pictures that no sound has
#
# Frames overlap, so not every picture is the picture of a sound. How far is a picture from the
# picture of the sound that was made from it?
#
# **Predict.** Who has the larger distance, `"real"` pictures or `"painted"` ones?


# %%
def there_and_back(codec, pictures):
    """Root mean square of what changes on the way to sound and back, in units of the picture."""
    again = codec.encode(codec.decode(pictures))
    return np.sqrt(np.mean((again - pictures) ** 2))


# %%
prediction = ...
change = {
    "real": there_and_back(shipped.codec, shipped.codec.encode(x_test[some])),
    "painted": there_and_back(shipped.codec, paint(shipped, len(some))),
}
compare(prediction, max(change, key=change.get))
for name, value in change.items():
    print(f"{name:<8} {value:.3f}")

# %% [markdown]
# ### Its row
#
# How much does it say, and how varied? The inception score and the distances of chapter 03, here of
# 100 clips each, so compare the rows with each other only.

# %%
from ganlib.evaluation.measuring.reference import shipped as shipped_reference
from ganlib.metrics.distributions import frechet_distance, inception_score

reference = shipped_reference("fsdd").test.heard
hundred = random.permutation(len(reference.features))[:100]

# %%
noise = ear.listen((0.1 * random.normal(size=(100, 8192, 1))).astype("float32"), 8000)
crowds = {"real": reference, NAME: heard, "trained here": ear.listen(live_clips, 8000)}
crowds["white noise"] = noise
print(f"{'':<14} {'inception score':>16} {'Fréchet distance':>18}")

# %%
marks = {}
for name, crowd in crowds.items():
    rows = hundred if name == "real" else slice(None)
    score = inception_score(crowd.probabilities[rows], splits=1)[0]
    marks[name] = (score, frechet_distance(reference.features, crowd.features[rows]))
    print(f"{name:<14} {score:16.2f} {marks[name][1]:18.1f}")

# %% [markdown]
# And the figures on its card, measured once with more clips, as `ganlib evaluate` does; beside each
# what real clips get in the same way.

# %%
from ganlib.evaluation.measuring.figures import KINDS

SHOWN = ("inception_score", "frechet_distance", "kernel_distance", "precision", "recall")
SHOWN += ("coverage", "speakers", "copies_in_features", "dnsmos")

# %%
print(f"{'':<46} {'value':>10} {'real clips':>12}")
for name in SHOWN:
    if name in card["figures"]:
        one, places = card["figures"][name], KINDS[name].decimals
        beside = "" if one["real"] is None else f"{one['real']:.{places}f}"
        print(f"{KINDS[name].title:<46} {one['value']:10.{places}f} {beside:>12}")

# %% [markdown]
# ## 9. Exercises
#
# 1. **Make.** Paint: fill a picture with `pictures[1e-3].min()`, set the cells `[t, t]` to 1, and
#    let `codecs[1e-3]` decode it. What do you hear?
# 2. **Modify.** In section 3, take frames of 256 with a hop of 128, then of 64. What is the
#    kurtosis after 60 fast iterations? What would a network have to pay for the shorter hop?
# 3. **Find the bug.** To be fair to quiet clips, someone normalises every picture by the mean and
#    deviation of its own rows. Training goes well. What happens when they want to listen?
# 4. **Investigate.** How much of the kurtosis comes back after 300 fast iterations?
# 5. **Modify.** Train section 7 with `"floor": 1e-5` and with `"floor": 1e-2` among the options.
#    Which of the marks of section 8 changes, and can you hear it?
#
# <details><summary>Solutions</summary>
#
# 1. A tone that rises from 40 to 3900 Hz, in steps, equally fast in mel. It wavers a little: one
#    row of mel bands holds more than one frequency, and nobody said which is meant.
# 2. With `digits`, 3.4 and 3.9, of the recordings' 4.6. Frames that overlap more tie the phases
#    more closely. But the picture has twice as many columns to paint.
# 3. They cannot. A picture that the network made has no rows of its own to be measured before it
#    was normalised: $\mu_k$ and $\sigma_k$ are unknown, and the level of the word is lost.
# 4. With `digits`, nearly all of it: 4.5 of 4.6, where 60 iterations give 3.4. But that is the
#    picture of a real sound. For one that a network painted there is no such sound to be found.
# 5. One seed and 300 steps prove nothing; repeat it with three seeds before you believe a
#    difference.
#
# </details>

# %% [markdown]
# ## 10. What this chapter claimed

# %%
assert codec_difference < 1e-4 and max(phase_differences) < 0.02  # ours is the library's
assert share_clipped < 1e-4 and mine.min() > -0.5  # half of the range is never used
assert exact_silence > 0.4 and floor_table[1e-5][0] > 0.4  # because silence is exact
units = [floor_table[floor][2] for floor in FLOORS]
assert units[0] > 1.8 * units[1] > 1.8 * 1.5 * units[2]  # a higher floor, a finer brush
assert floor_table[1e-2][0] > floor_table[1e-5][0] + 0.1  # which drowns what is quiet
if understood:
    assert understood["floor 0.001"] > max(understood["floor 1e-05"], understood["floor 0.01"])
assert all(np.diff(plain_missed) < 0) and 40 < worth_16 < 75  # 16 fast ones are worth three times
assert fast_missed[-1] < plain_missed[COUNTS.index(16)] / 3
assert abs(pulses["random phases"] - 3) < 0.3 and pulses["the recording"] > 3.5
assert pulses["16 iterations of 1984"] < 3.5  # metallic: no pulses
assert pulses["60 fast iterations"] < pulses["the recording"] - 0.5  # though it misses 4 %

# %%
assert cells["linear, frames of 256"] == 4 * cells["mel, frames of 512"] == 16384
assert round_trip["linear, frames of 256"] < min(list(round_trip.values())[1:])
assert unheard_by_pooling == 0.75 and max(unheard.values()) < 0.02  # a reason that does not hold
assert abs(fades - 0.226) < 0.001 and levels["without"][-1] < 2e-4
assert min(levels["with batch normalisation"]) > 0.02
assert sizes["SpecGAN"] == sizes["WaveGAN"] == (19_065_345, 17_427_969)  # the published sizes
assert summary.reason == "done" and live_clips.shape == (100, 8192, 1)
assert np.isfinite([list(row.values()) for row in history]).all()

# %%
assert marks["trained here"][1] < 0.9 * marks["white noise"][1]  # it has begun
assert marks[NAME][1] < marks["trained here"][1]  # longer training is better
assert marks[NAME][0] > 0.5 * marks["real"][0] > marks["white noise"][0]
assert change["painted"] > change["real"]  # pictures that no sound has
assert made.shape == (100, 8192, 1) and np.abs(made).max() <= 1
