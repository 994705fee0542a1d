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
# # Sound as data
#
# What a network receives instead of a voice: samples, decibels, spectrograms, mel bands, and the
# phase that everyone forgets.
#
# **You will hear** one recorded sentence in many states: whole, with too few samples, with too few
# bits, without its phase, and with a phase that we compute again. At the end, a clip that a trained
# network made.
#
# **Time:** under a minute of computing on two CPU cores, and the same on a GPU; about an hour and a
# half to read and try. Nothing is trained here.
#
# **You need** NumPy, and sine and cosine. Complex numbers appear as pairs of real ones.
#
# | in text | in code | meaning |
# |---|---|---|
# | $x_n$ | `x[n]` | sample number $n$ of a real clip |
# | $N$ | `len(x)` | number of samples |
# | $f_s$ | `f_s`, `sample_rate` | samples a second, in hertz (Hz) |
# | $L$ | `L`, `n_fft` | samples in a frame (docstrings of `fourier.py` call it $N$) |
# | $H$ | `H`, `hop_length` | samples from one frame to the next |
# | $X_{m,k}$ | `real, imaginary` | spectrum of frame $m$ at frequency bin $k$ |
# | $S_{m,k}$ | `S` | its magnitude |

# %%
import numpy as np
from keras import ops

from ganlib.classroom import compare, show_source
from ganlib.listen import play_all, player
from ganlib.plots import show, spectrogram, waveform

to_numpy = ops.convert_to_numpy

# %% [markdown]
# ## 1. A row of numbers
#
# A microphone turns the pressure of the air into a voltage, and a converter writes the voltage down
# $f_s$ times a second. That row of numbers is all there is:
#
# $$x_0, x_1, \ldots, x_{N-1}, \qquad -1 \le x_n \le 1, \qquad
# \text{duration} = \frac{N}{f_s}.$$
#
# The set `voice` ships with the course: telephone prompts, spoken by Allison Smith (licence CC
# BY-SA 3.0). We take one sentence.

# %%
from ganlib.audio import read_audio
from ganlib.data import DATASETS

SENTENCE = "your message is too short"
recordings = DATASETS["voice"].load()
found = [item for item in recordings if item.transcript.lower().strip(" .") == SENTENCE]
x, f_s = read_audio(found[0].path)
N = len(x)
print(f"{N} samples of type {x.dtype}, {f_s} a second: {N / f_s:.2f} s")

# %%
player(x, f_s, SENTENCE, "The recording: 16,000 samples a second, 16 bits each")

# %%
show(
    waveform(x, f_s, title="Your message is too short"),
    alt="The waveform of the sentence, 1.8 s: loud vowels, quieter hiss, short silences between.",
)

# %% [markdown]
# One sample says nothing. Eight hundred of them, a twentieth of a second, show the pattern of a
# vowel: it repeats with every opening of the vocal folds.
#
# **Predict.** Count the repetitions in the picture. How often do the vocal folds open in a second?
# That is the **pitch** of the voice.

# %%
show(
    waveform(x, f_s, seconds=(1.38, 1.43), title='From the vowel of "short"'),
    alt="A twentieth of a second of a vowel: the same pattern with one deep dip, ten times.",
)

# %% [markdown]
# To measure it, shift the vowel against itself. Where the shift is one period, the two agree best.


# %%
def pitch_of(part, f_s):
    """Pitch from 80 to 320 Hz, and how well the sound agrees with itself one period later."""
    lags = np.arange(f_s // 320, f_s // 80)
    pairs = [(part[:-lag], part[lag:]) for lag in lags]
    agreement = [np.sum(a * b) / np.sqrt(np.sum(a**2) * np.sum(b**2)) for a, b in pairs]
    best = int(np.argmax(agreement))
    return f_s / lags[best], float(agreement[best])


vowel = slice(int(1.38 * f_s), int(1.43 * f_s))
pitch_hz, periodicity = pitch_of(x[vowel], f_s)
prediction = ...  # hertz
compare(prediction, pitch_hz, tolerance=0.1)

# %% [markdown]
# **Predict.** Our models will make clips of 16384 samples at 16000 Hz, or of 8192 samples at
# 8000 Hz. How many milliseconds does either last?

# %%
prediction = ...  # milliseconds
compare(prediction, 1000 * 16384 / 16000)

# %% [markdown]
# ## 2. Sampling: how many numbers a second?
#
# A sampled sine is $x_n = A \sin(2\pi f n / f_s)$. Add $f_s$ to its frequency and every sample's
# angle grows by a whole number of turns, $2\pi n$. The samples are the same. Frequencies that share
# their samples are **aliases**, and what we hear is the lowest of them:
#
# $$f_{\text{heard}} = \left| f - f_s\, \mathrm{round}(f / f_s) \right| \le f_s / 2.$$
#
# So $f_s$ samples a second can carry only frequencies up to $f_s / 2$, the **Nyquist frequency**.
#
# **Predict.** A sine of 5000 Hz is sampled 8000 times a second. What will be heard?

# %%
prediction = ...  # hertz
n = np.arange(8000)
aliased = np.sin(2 * np.pi * 5000 * n / 8000)
heard_hz = int(np.abs(np.fft.rfft(aliased)).argmax())  # one second of sound: bin k is k Hz
compare(prediction, heard_hz)

# %% [markdown]
# Now with a glide from 0 to 8000 Hz. Halve its rate by keeping every second sample, and it turns
# round at 4000 Hz. `resample` first removes what the new rate cannot carry.

# %%
from ganlib.audio import chirp, resample

glide = chirp(0.0, 8000.0, 2.0, 16000, amplitude=0.15)
halved = {"every second sample": glide[::2], "resampled": resample(glide, 16000, 8000)}
show(
    spectrogram(halved, 8000, columns=2, title="0 to 8000 Hz, at 8000 samples a second"),
    alt="Every second sample: a line rises to 4000 Hz and falls. Resampled: it rises and ends.",
)

# %%
play_all(
    [
        player(halved["every second sample"], 8000, "(no words)", "Aliased: up, then down again"),
        player(halved["resampled"], 8000, "(no words)", "Resampled: up, then nothing"),
    ],
    columns=2,
)

# %% [markdown]
# Speech has little above 4000 Hz, except in its hissing sounds. That is what folds down.

# %%
dropped, resampled = x[::2], resample(x, f_s, 8000)
play_all(
    [
        player(x, f_s, SENTENCE, "16,000 samples a second"),
        player(resampled, 8000, SENTENCE, "Resampled to 8000: dull, but clean"),
        player(dropped, 8000, SENTENCE, "Every second sample: the s and the sh turn harsh"),
    ]
)

# %% [markdown]
# ## 3. Quantisation: how many bits a number?
#
# A file stores whole numbers. With $B$ bits there are $2^B$ of them, and the step between two
# neighbours is $\Delta = 2 / 2^B$:
#
# $$x_n \mapsto \frac{1}{2^{B-1}}\, \mathrm{clip}\!\left(\mathrm{round}(2^{B-1} x_n),\,
# -2^{B-1},\, 2^{B-1} - 1\right).$$
#
# **Write it**, then compare it with what a 16-bit file gives back.


# %%
def quantise(x, bits):
    levels = 2 ** (bits - 1)
    return np.clip(np.round(x * levels), -levels, levels - 1) / levels


# %%
import tempfile

from ganlib.audio import write_audio

random = np.random.default_rng(0)
samples = random.uniform(-1.2, 1.2, 5000).astype("float32")  # some beyond full scale
with tempfile.TemporaryDirectory() as folder:
    path = write_audio(f"{folder}/random.wav", samples, 16000)
    stored, _ = read_audio(path)
quantise_difference = np.abs(stored - quantise(samples, 16)).max()
print(f"largest difference: {quantise_difference:.1e}")

# %% [markdown]
# The error is nearly a uniform random number between $-\Delta/2$ and $\Delta/2$, whose mean square
# is $\Delta^2 / 12$. A sine of full scale has the mean square $1/2$. Their ratio in decibels (next
# section) is
#
# $$10 \log_{10} \frac{1/2}{\Delta^2/12} = 6.02\,B + 1.76\ \text{dB}.$$
#
# **Predict.** How many decibels above its quantisation noise does an 8-bit sine stand?


# %%
def signal_to_noise_db(x, noisy):
    return 10 * np.log10(np.mean(x**2) / np.mean((noisy - x) ** 2))


prediction = ...  # dB
sine = np.sin(2 * np.pi * 997 * np.arange(16000) / 16000) * (1 - 1 / 128)
sine_snr_db = signal_to_noise_db(sine, quantise(sine, 8))
compare(prediction, sine_snr_db)

# %% [markdown]
# Speech is quieter than a full sine most of the time, so it gets less. Each bit that we take away
# costs 6 dB, and we hear hiss, then crackle.

# %%
speech_snr_db = {bits: signal_to_noise_db(x, quantise(x, bits)) for bits in (8, 6, 4)}
play_all(
    [
        player(quantise(x, bits), f_s, SENTENCE, f"{bits} bits: {snr_db:.0f} dB above the noise")
        for bits, snr_db in speech_snr_db.items()
    ]
)

# %% [markdown]
# ## 4. Decibels: loudness is a ratio
#
# We hear equal *ratios* of amplitude as equal steps of loudness. A logarithm turns ratios into
# differences:
#
# $$\text{level} = 20 \log_{10} \frac{a}{a_0}\ \text{dB}.$$
#
# The factor is 20 for amplitudes and 10 for powers, since power is amplitude squared. With
# $a_0 = 1$ the unit is decibels of *full scale*, and all levels are negative or zero.
#
# **Predict.** By how many decibels does a level change when the amplitude is halved?

# %%
prediction = ...  # dB, with its sign
compare(prediction, 20 * np.log10(0.5))

# %% [markdown]
# **Write it.** Silence would be $-\infty$, so we put a floor under the amplitude.


# %%
def to_db(amplitude, floor=1e-5):
    return 20 * np.log10(np.maximum(np.abs(amplitude), floor))


# %%
from ganlib.audio import amplitude_to_db

samples = random.normal(size=1000).astype("float32")
db_difference = np.abs(to_db(samples) - to_numpy(amplitude_to_db(samples))).max()
print(f"largest difference: {db_difference:.1e} dB")
show_source(amplitude_to_db)

# %%
rms = np.sqrt(np.mean(x**2))
print(f"peak {to_db(np.abs(x).max()):.1f} dB, root mean square {to_db(rms):.1f} dB of full scale")

# %% [markdown]
# ## 5. The short-time Fourier transform
#
# A waveform hides what we hear best: which frequencies sound when. So we cut out one **frame** of
# $L$ samples, fade its ends with a window $w$, and ask how much of each frequency it holds:
#
# $$X_{m,k} = \sum_{n=0}^{L-1} w_n\, x_{mH+n}\, e^{-2\pi i k n / L}, \qquad
# w_n = \tfrac12 - \tfrac12 \cos\frac{2\pi n}{L}.$$
#
# Frame $m$ begins $H$ samples after frame $m - 1$. **Bin** $k$ stands for the frequency
# $k f_s / L$, from $k = 0$ to $L/2$.
#
# **Predict.** At $f_s = 16000$ and $L = 512$, in which bin does a tone of 1000 Hz lie?

# %%
L, H = 512, 128
prediction = ...  # k
tone = np.sin(2 * np.pi * 1000 * np.arange(L) / f_s)
compare(prediction, int(np.abs(np.fft.rfft(tone)).argmax()))

# %% [markdown]
# Why the window? A tone that does not fit into the frame a whole number of times is cut off at the
# ends. The cut is a click, and a click holds all frequencies.

# %%
between = np.sin(2 * np.pi * 1015.625 * np.arange(L) / f_s)  # half-way between bins 32 and 33
window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(L) / L)
plain = to_db(np.abs(np.fft.rfft(between)))
faded = to_db(np.abs(np.fft.rfft(window * between)))
leak_db = {"no window": plain[100] - plain.max(), "Hann window": faded[100] - faded.max()}
for name, level in leak_db.items():
    print(f"{name:<12} {level:5.0f} dB at 3125 Hz, against 0 dB at the tone")

# %% [markdown]
# **Write it.** `np.fft.rfft` gives the sum for all $k$ at once. Pad $L/2$ zeros at both ends, so
# that frame $m$ is centred on sample $mH$. How many frames will there be?


# %%
def my_stft(x, L, H):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(L) / L)
    padded = np.pad(x, L // 2)
    starts = range(0, len(padded) - L + 1, H)
    return np.array([np.fft.rfft(window * padded[m : m + L]) for m in starts])


prediction = ...  # frames of N = 16384 samples with H = 128
noise = random.normal(size=16384).astype("float32")
compare(prediction, len(my_stft(noise, L, H)))

# %% [markdown]
# There are $1 + \lfloor N/H \rfloor$ frames. Now the library's version, which works on batches, on
# both engines, and has gradients. It returns the real and the imaginary part.

# %%
from ganlib.audio import magnitude, stft

real, imaginary = [to_numpy(part)[0] for part in stft(noise[None], L, H)]
mine = my_stft(noise, L, H)
stft_difference = np.abs(mine - (real + 1j * imaginary)).max()
print(f"shape {mine.shape}, largest difference: {stft_difference:.1e}")
show_source(stft)

# %% [markdown]
# The magnitude $S = |X|$ in decibels, drawn as brightness, is the **spectrogram**. Find the *ss* of
# "message" and the *sh* of "short". Which of them reaches lower?

# %%
S = to_numpy(magnitude(*stft(x[None], L, H)))
print("(batch, frames, bins) =", S.shape)
show(
    spectrogram(x, f_s, L, H, title="Your message is too short"),
    alt="Vowels are stacks of lines below 4000 Hz. The ss at 0.57 s is bright above 5000 Hz, "
    "the sh at 1.2 s from 2000 Hz up.",
)

# %% [markdown]
# ### One cannot have both
#
# A frame of $L$ samples lasts $L / f_s$ seconds, and its bins lie $f_s / L$ hertz apart.
#
# **Predict.** What is the product of the two, for any $L$?

# %%
prediction = ...
compare(prediction, (L / f_s) * (f_s / L))

# %% [markdown]
# Longer frames tell close frequencies apart and blur time; shorter ones do the opposite. This is a
# law, not a lack of skill. A test: two tones 125 Hz apart, and two clicks 16 ms apart. How deep is
# the valley between them, for frames of different length?


# %%
def valley_db(levels, first, second):
    """Depth of the middle below the lower of two peaks, in dB, between 0 and 60."""
    middle = levels[(first + second) // 2]
    depth_db = 10 * np.log10(min(levels[first], levels[second]) / max(middle, 1e-12))
    return float(np.clip(depth_db, 0, 60))


time = np.arange(4096) / f_s
tones = np.sin(2 * np.pi * 1000 * time) + np.sin(2 * np.pi * 1125 * time)
clicks = np.zeros(4096)
clicks[[1920, 2176]] = 1.0  # 256 samples, 16 ms


# %%
def valleys(L, step=16):
    across = np.mean(np.abs(my_stft(tones, L, step)[64:-64]) ** 2, axis=0)  # frequency
    along = np.mean(np.abs(my_stft(clicks, L, step)) ** 2, axis=1)  # time
    between_tones = valley_db(across, 1000 * L // f_s, 1125 * L // f_s)
    return between_tones, valley_db(along, 1920 // step, 2176 // step)


depth = {length: valleys(length) for length in (256, 512, 1024, 2048)}
print("   L   frame       bin   between tones   between clicks")
for length, (tones_db, clicks_db) in depth.items():
    sizes = f"{length:4}  {1000 * length / f_s:4.0f} ms  {f_s / length:5.1f} Hz"
    print(f"{sizes}  {tones_db:11.0f} dB  {clicks_db:12.0f} dB")

# %% [markdown]
# (60 dB stands for 60 or more.) The same law in speech: short frames show each pulse of the vocal
# folds as a vertical stripe, and long frames the harmonics of the pitch as horizontal lines.

# %%
part = x[int(1.45 * f_s) : int(1.6 * f_s)]  # the end of "short", where the voice falls
pulses = spectrogram(part, f_s, n_fft=64, hop_length=8, title="Frames of 4 ms: pulses")
pulses.axes[0].set_ylim(0, 2500)
show(
    pulses, alt="Short frames: vertical stripes, one for each pulse of the voice; no lines across."
)

# %%
harmonics = spectrogram(part, f_s, n_fft=1024, hop_length=8, title="Frames of 64 ms: harmonics")
harmonics.axes[0].set_ylim(0, 2500)
show(harmonics, alt="Long frames: horizontal lines at multiples of the pitch; no stripes.")

# %% [markdown]
# ## 6. Mel: frequencies as the ear groups them
#
# The step from 200 to 300 Hz sounds large, that from 6200 to 6300 Hz sounds like nothing. The
# **mel** scale stretches frequency until equal steps sound equal. We use Slaney's form:
#
# $$\text{mel}(f) = \frac{3 f}{200} \ \ (f < 1000), \qquad
# 15 + 27\, \frac{\ln(f / 1000)}{\ln 6.4} \ \ (f \ge 1000).$$
#
# **Predict.** 500 Hz are 7.5 mel. How many mel are 6400 Hz?

# %%
from ganlib.audio.mel import hz_to_mel, mel_to_hz

prediction = ...  # mel
compare(prediction, float(hz_to_mel(np.array(6400.0))))

# %% [markdown]
# A **mel band** sums the magnitudes under a triangle. Band $i$ rises from the edge $f_i$ to
# $f_{i+1}$ and falls to $f_{i+2}$. The edges are equally spaced in mel, and each triangle has the
# area 1, so its height is $2 / (f_{i+2} - f_i)$. **Write it.**


# %%
def my_filterbank(f_s, L, bands):
    edges = mel_to_hz(np.linspace(0, hz_to_mel(np.array(f_s / 2)), bands + 2))
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    f = np.arange(L // 2 + 1)[:, None] * f_s / L
    rising = (f - low) / (centre - low)
    falling = (high - f) / (high - centre)
    return np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)


# %%
from ganlib.audio import mel_filterbank

sizes = [(16000, 512, 80), (8000, 256, 40), (22050, 1024, 80)]
mel_difference = max(np.abs(my_filterbank(*size) - mel_filterbank(*size)).max() for size in sizes)
print(f"largest difference: {mel_difference:.1e}")

# %% [markdown]
# The logarithm of the bands is what most speech networks see. `AudioFormat` holds all the sizes
# that define them. A network trained with one set of sizes makes noise when it is used with
# another.

# %%
from ganlib.audio import AudioFormat, log_mel
from ganlib.plots import mel_spectrogram

audio_format = AudioFormat(f_s, clip_samples=N, n_fft=L, hop_length=H, n_mels=80)
log_mel_frames = to_numpy(log_mel(x[None], audio_format))
show_source(log_mel)
show(
    mel_spectrogram(log_mel_frames, audio_format, title="80 mel bands"),
    alt="The spectrogram in mel bands: the lines of the vowels now take up the lower half.",
)

# %% [markdown]
# **Predict.** One frame has $L/2 + 1 = 257$ magnitudes. To what share of that do 80 bands shrink
# it?

# %%
prediction = ...  # between 0 and 1
compare(prediction, log_mel_frames.size / S.size)

# %% [markdown]
# ## 7. Phase: the other half
#
# $X_{m,k}$ is complex: a magnitude $S$ and an angle $\varphi$, the **phase**, which says where in
# its cycle the frequency stands when the frame begins:
#
# $$X_{m,k} = S_{m,k}\,(\cos\varphi_{m,k} + i \sin\varphi_{m,k}).$$
#
# A spectrogram keeps $S$ and throws $\varphi$ away. Drawn as a picture, the phase looks like noise.

# %%
from matplotlib.figure import Figure

spectrum = my_stft(x, L, H)
true_phase = np.angle(spectrum)
figure = Figure(figsize=(7, 2.6), layout="constrained")
axes = figure.subplots()
axes.imshow(true_phase.T, origin="lower", aspect="auto", cmap="twilight", extent=(0, N / f_s, 0, 8))
axes.set(xlabel="Time (s)", ylabel="Frequency (kHz)", title="Phase of the sentence")
show(figure, alt="The phase of every frame and bin as colour: grain everywhere, hardly a pattern.")

# %% [markdown]
# **Predict.** Delay a clip by a single sample. By how many degrees does the phase of its 4000 Hz
# component turn, at $f_s = 16000$?

# %%
prediction = ...  # degrees, without sign
k = 4000 * L // f_s
wave = np.cos(2 * np.pi * 4000 * np.arange(L + 1) / f_s)
now, delayed = [np.angle(np.fft.rfft(part)[k], deg=True) for part in (wave[1:], wave[:-1])]
compare(prediction, abs(now - delayed))

# %% [markdown]
# A delay of one sample cannot be heard. The magnitudes hardly notice it either, but the complex
# numbers do: a network that made them would have to be right to the sample.


# %%
def relative_change(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(a)


shifted = my_stft(np.roll(x, 1), L, H)
change_of_magnitude = relative_change(np.abs(spectrum), np.abs(shifted))
change_of_complex = relative_change(spectrum, shifted)
print(f"magnitudes change by {change_of_magnitude:.1%}, complex numbers by {change_of_complex:.1%}")

# %% [markdown]
# So is phase useless? Put other phases on the same magnitudes and listen. `inverse_stft` goes back
# from $X$ to samples.
#
# **Predict.** With all phases zero, every frame becomes a pulse at its centre, and there is one
# frame every $H$ samples. What pitch will be heard?

# %%
from ganlib.audio import inverse_stft


def with_phase(S, phase):
    parts = S * np.cos(phase), S * np.sin(phase)
    return to_numpy(inverse_stft(*parts, L, H, length=N))


zero_phase = with_phase(S, 0 * S)[0]
buzz_hz, _ = pitch_of(zero_phase, f_s)
prediction = ...  # hertz
compare(prediction, buzz_hz)

# %% [markdown]
# Random phases make the frames cancel each other in part, so we bring the results to one loudness.

# %%
random_phase = with_phase(S, 2 * np.pi * np.random.default_rng(0).random(S.shape))[0]
phases = {
    "Its own phase: the recording": with_phase(S, true_phase[None])[0],
    "Random phase: rough, as if from inside a pipe": random_phase,
    "Zero phase: one pitch throughout, a machine": zero_phase,
}
play_all([player(0.1 * audio / audio.std(), f_s, SENTENCE, text) for text, audio in phases.items()])

# %%
print("vowel of 'short'  pitch   agreement with itself one period later")
agreements = {}
for text, audio in phases.items():
    hz, agreement = pitch_of(audio[vowel], f_s)
    agreements[text.split()[0]] = agreement
    print(f"{text.split(':')[0]:<16} {hz:4.0f} Hz   {agreement:.2f}")

# %% [markdown]
# The words survive, because the magnitudes carry them. Random phases keep the pitch, since frames
# of 32 ms are long enough to show harmonics, but the pulses of the voice are smeared. Zero phases
# replace the pitch by the rate of the frames.
#
# But the frames overlap, by three quarters here, and neighbours must agree on the samples that they
# share. That ties the phases to the magnitudes, so tightly that little freedom is left. One that
# always remains: $-x$ has the spectrogram of $x$.

# %%
upside_down = to_numpy(magnitude(*stft(-x[None], L, H)))
print(f"largest difference: {np.abs(upside_down - S).max():.1e}")

# %% [markdown]
# ## 8. Griffin-Lim: the phase from the magnitude
#
# Put any phase on $S$, and the result is usually the transform of no sound at all: its frames
# contradict each other. Griffin and Lim (1984) let them negotiate.
#
# 1. Find the sound whose transform comes nearest (`inverse_stft`).
# 2. Transform it. Its frames now agree, but its magnitudes are wrong.
# 3. Keep its phase, put $S$ back, and repeat.
#
# **Write it.**


# %%
def my_griffin_lim(S, phase, L, H, iterations, length):
    for _ in range(iterations):
        audio = inverse_stft(S * np.cos(phase), S * np.sin(phase), L, H, length=length)
        real, imaginary = [to_numpy(part) for part in stft(audio, L, H)]
        phase = np.arctan2(imaginary, real)
    return to_numpy(inverse_stft(S * np.cos(phase), S * np.sin(phase), L, H, length=length))


# %% [markdown]
# On random input, from the same first phases, both give the same sound. (`momentum=0` is the
# algorithm of 1984.)

# %%
from ganlib.audio import griffin_lim

noise = random.normal(size=(1, 2048)).astype("float32")
target = to_numpy(magnitude(*stft(noise, 256, 64)))
start = 2 * np.pi * np.random.default_rng(0).random((129, target.shape[1])).T[None]
mine = my_griffin_lim(target, start, 256, 64, iterations=5, length=2048)
theirs = griffin_lim(target, 256, 64, iterations=5, momentum=0.0, length=2048)
griffin_lim_difference = np.abs(mine - to_numpy(theirs)).max()
print(f"largest difference: {griffin_lim_difference:.1e}")

# %% [markdown]
# The library adds one idea, of 2013: where the last step moved, go further in that direction. Find
# the line with `momentum`.

# %%
show_source(griffin_lim)

# %% [markdown]
# How close do we come? **Spectral convergence** is the share of the spectrogram that is missed:
#
# $$C = \frac{\lVert S - |\hat X| \rVert}{\lVert S \rVert}, \qquad
# \hat X = \text{transform of the result}.$$

# %%
from ganlib.audio import spectral_convergence


def missed(iterations, momentum):
    audio = griffin_lim(S, L, H, iterations, momentum, length=N)
    return float(spectral_convergence(S, audio, L, H)[0])


COUNTS = (0, 1, 2, 4, 8, 16, 32, 64)
plain_missed = [missed(count, 0.0) for count in COUNTS]
fast_missed = [missed(count, 0.99) for count in COUNTS]
for row in zip(COUNTS, plain_missed, fast_missed, strict=True):
    print("{:3} iterations: 1984 misses {:.3f}, 2013 misses {:.3f}".format(*row))

# %%
figure = Figure(figsize=(7, 3), layout="constrained")
axes = figure.subplots()
axes.plot(COUNTS, plain_missed, "o--", color="#0072B2", label="1984")
axes.plot(COUNTS, fast_missed, "s-", color="#D55E00", label="2013, with momentum")
axes.set(xlabel="Iterations", ylabel="Share missed", ylim=(0, None))
axes.legend()
show(figure, alt="Both curves fall; from 4 iterations on the newer lies below the older.")

# %% [markdown]
# The 1984 algorithm can never get worse from one step to the next; that is a theorem. The faster
# one may, and is better all the same.

# %%
rebuilt = {count: to_numpy(griffin_lim(S, L, H, count, length=N))[0] for count in (0, 8, 64)}
play_all(
    [
        player(audio, f_s, SENTENCE, f"Griffin-Lim, {count} iterations")
        for count, audio in rebuilt.items()
    ]
)

# %% [markdown]
# A network that makes mel bands asks for one step more: from 80 bands back to 257 magnitudes. What
# was summed inside a band cannot be told apart any more, so this is only an estimate.

# %%
from ganlib.audio import mel_to_magnitude

S_from_mel = to_numpy(mel_to_magnitude(np.exp(log_mel_frames), audio_format))
from_mel = to_numpy(griffin_lim(S_from_mel, L, H, 64, length=N))[0]
mel_missed = float(spectral_convergence(S, from_mel[None], L, H)[0])
player(from_mel, f_s, SENTENCE, f"From 80 mel bands: misses {mel_missed:.2f} of the spectrogram")

# %% [markdown]
# ## 9. Reading sound inside TensorFlow
#
# A few thousand clips fit into memory. A hundred thousand do not, and then they have to be read
# while the network trains. TensorFlow does this with `tf.data`: a row of steps, compiled into a
# *graph* and run by many threads, without Python in between. **tensorflow-io** adds the steps that
# decode and resample sound.

# %%
from importlib.util import find_spec

from ganlib.data.stream import stream, tensorflow_io

HAVE_TENSORFLOW = find_spec("tensorflow") is not None
if HAVE_TENSORFLOW:
    import tensorflow as tf
tfio = tensorflow_io() if HAVE_TENSORFLOW else None
print("tensorflow-io", "decodes." if tfio else "does not load here: soundfile and soxr decode.")

# %% [markdown]
# **Write it:** from a path to samples. A FLAC file holds whole numbers of 16 bits.


# %%
def decode(path):
    if tfio is None:  # ordinary Python, called from the graph
        return tf.numpy_function(lambda p: read_audio(p.decode())[0][:, None], [path], tf.float32)
    whole = tfio.audio.decode_flac(tf.io.read_file(path), dtype=tf.int16)
    return tf.cast(whole, tf.float32) / 2**15


if HAVE_TENSORFLOW:
    paths = [str(item.path) for item in recordings[:8]]
    for audio in tf.data.Dataset.from_tensor_slices(paths).map(decode).take(3):
        print("(time, channels) =", audio.shape)

# %% [markdown]
# Files differ in length, a batch may not. `stream` decodes, resamples, mixes to one channel, cuts
# and pads, all in the graph. Where tensorflow-io does not load, it calls soundfile and soxr
# instead. Do both give the same samples?

# %%
half_rate = AudioFormat(8000, 8192)


def read_batch(audio_format, decoder):
    batches = stream("digits", audio_format, 16, seed=None, split="test", decoder=decoder)
    samples, labels = next(iter(batches))
    return samples.numpy()


if HAVE_TENSORFLOW:
    print("(batch, time, channels) =", read_batch(half_rate, "auto").shape)

# %%
difference = {16000: 0.0, 8000: 0.0}
for rate in difference if HAVE_TENSORFLOW else ():
    a, b = [read_batch(AudioFormat(rate, 8192), name) for name in ("auto", "soundfile")]
    difference[rate] = float(np.sqrt(np.mean((a - b) ** 2) / np.mean(b**2)))
    print(f"the files are at 16000 Hz; read at {rate} Hz, they differ by {difference[rate]:.1%}")

# %% [markdown]
# At the file's own rate: not at all. Resampled, a little. Each resampler has its own filter, and
# near the Nyquist frequency, 4000 Hz here, they disagree on what to let through:

# %%
share_above = 1.0
if difference[8000] > 0:
    spectra = np.fft.rfft((a - b)[..., 0])  # a and b are those at 8000 Hz
    power = np.mean(np.abs(spectra) ** 2, axis=0)
    share_above = power[np.fft.rfftfreq(8192, 1 / 8000) > 3400].sum() / power.sum()
    print(f"{share_above:.2%} of the difference lies above 3400 Hz")

# %% [markdown]
# ## 10. What a network sees
#
# Now the clips that the next chapters train on.

# %%
from ganlib.data import default_digits, load_clips

data_name = default_digits()
clips = load_clips(data_name, split="test", audio_format=half_rate)
print(f"{data_name!r}: {clips.samples.shape} = (clips, time, channels), {clips.samples.dtype}")

# %% [markdown]
# People stood near the microphone or far from it. Loudness is a difference that a small network
# would spend its capacity on, so every clip is brought to the same peak:
#
# $$x \mapsto \frac{x}{\max_n |x_n|}.$$
#
# **Predict.** A clip peaks at 0.25. By how many decibels is it raised?


# %%
def peak_normalise(samples):
    peaks = np.abs(samples).max(axis=(1, 2), keepdims=True)
    return samples / np.maximum(peaks, 1e-3)  # silence stays silence


prediction = ...  # dB
quiet = 0.25 * np.sin(np.arange(1000.0)).reshape(1, 1000, 1)
raised_db = to_db(peak_normalise(quiet).std()) - to_db(quiet.std())
compare(prediction, raised_db)

# %%
normal = peak_normalise(clips.samples)
gains_db = -to_db(np.abs(clips.samples).max(axis=(1, 2)))
print(f"clips are raised by {gains_db.min():.1f} to {gains_db.max():.1f} dB")

# %% [markdown]
# A training step sees one **batch**. Which clips it holds is decided by the seed and the step's
# number alone, so that a run that was interrupted can go on as if nothing had happened.

# %%
samples, labels = clips.batch(step=0, batch_size=32, seed=1)
again, _ = clips.batch(step=0, batch_size=32, seed=1)
print("real", samples.shape, "labels", labels.shape, "same again:", np.array_equal(samples, again))

# %% [markdown]
# The discriminator $D$ takes such a batch and returns one number for each clip. The generator $G$
# takes a batch of latents $z$ and returns something of the same shape as the real batch. Both are
# untrained here; they are small versions of chapter 06's.

# %%
import keras

from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator

keras.utils.set_random_seed(0)
G = wavegan_generator(clip_samples=8192, dim=2, latent_dim=64)
D = wavegan_discriminator(clip_samples=8192, dim=2, seed=0)
z = np.random.default_rng(0).normal(size=(32, 64)).astype("float32")
fake = to_numpy(G(z))
logits = to_numpy(D(samples))
print("z", z.shape, "-> G(z)", fake.shape, "   x", samples.shape, "-> D(x)", logits.shape)

# %% [markdown]
# A real "seven", noise of the same power, and what the untrained $G$ makes. Training means: change
# $G$ until $D$ cannot tell the third from the first.

# %%
sevens = np.flatnonzero(clips.labels == 7)
real_clip = normal[sevens[0], :, 0]
noise_clip = real_clip.std() * np.random.default_rng(1).normal(size=8192)
untrained_clip = peak_normalise(fake)[0, :, 0]
show(
    waveform({"real x": real_clip, "noise": noise_clip, "untrained G(z)": untrained_clip}, 8000),
    alt="A real clip: a burst and silence. Noise, and an untrained generator: the same all along.",
)

# %% [markdown]
# ## 11. A machine's voice
#
# What does training change? Compare this generator with one that ganlib ships, trained beforehand.

# %%
from ganlib import pretrained

names = sorted(pretrained.names(), key=lambda name: not name.startswith("wavegan"))
trained = None
if names:
    synthesizer = pretrained.load(names[0])
    generated, digits = synthesizer.generate(32, seed=0)
    rate = synthesizer.audio_format.sample_rate
    trained = np.array([resample(clip, rate, 8000) for clip in generated])
print(f"{names[0]} made {len(trained)} clips" if names else "no trained weights have landed yet")

# %%
voices = {"real": real_clip, "untrained": untrained_clip}
if names:
    voices["trained"] = trained[7, :, 0]
words = {
    "real": ("seven", f"x, a real clip from {data_name!r}"),
    "untrained": ("(no words)", "G(z) before training"),
    "trained": ("seven, if it worked", "G(z) with the shipped weights, asked for 7"),
}
louder = {name: v * min(0.08 / v.std(), 0.9 / np.abs(v).max()) for name, v in voices.items()}
play_all([player(v, 8000, *words[name]) for name, v in louder.items()])

# %%
show(
    spectrogram(louder, 8000, n_fft=256, hop_length=64, columns=len(louder)),
    alt="Real: hiss and vowels follow each other. Untrained: stripes that never change. Trained, "
    "if present: broad shapes like the real one's, a haze, and thin lines across.",
)

# %% [markdown]
# The thin horizontal lines, at round frequencies such as 1000, 2000 and 3000 Hz, are whistles. They
# come from the way in which $G$ stretches a few numbers into thousands of samples. Chapter 06 finds
# the cause and measures it.
#
# A first, crude number: how far is the average spectrum of the clips from that of real ones? We
# take the mean of the log-mel frames over clips and time, and its distance in decibels over the 40
# bands. What lies 60 dB below full scale counts as silence.


# %%
few_bands = AudioFormat(8000, 8192, n_fft=256, hop_length=64, n_mels=40)


def average_spectrum_db(samples):
    frames = to_numpy(log_mel(peak_normalise(samples), few_bands, floor=1e-3))
    return 20 / np.log(10) * frames.mean(axis=(0, 1))


makers = {"other real clips": normal[1::2], "untrained": fake}
if names:
    makers["trained"] = trained
real_db = average_spectrum_db(normal[::2])
away_db = {name: np.abs(average_spectrum_db(s) - real_db).mean() for name, s in makers.items()}
for name, distance_db in away_db.items():
    print(f"{name:<18} {distance_db:5.1f} dB away")

# %% [markdown]
# An average says nothing about words: noise with the right spectrum would score as well. Chapter 03
# builds better judges.

# %% [markdown]
# ## 12. Exercises
#
# 1. **Modify.** With $f_s = 8000$, which tone sounds the same as one of 9500 Hz? Compute it, then
#    check it with the cell of section 2.
# 2. **Modify.** Run 64 iterations of Griffin-Lim with frames of 128, 512 and 2048 samples and a hop
#    of a quarter. Which misses least of its own spectrogram? Then judge all in frames of 512.
# 3. **Investigate.** Peak-normalise a clip that holds one loud click. What happens to the speech?
# 4. **Find the bug.** `20 * np.log10(np.mean(x**2))` is meant to be the level of $x$ in decibels of
#    full scale. What is wrong, and by what factor is every answer off?
# 5. **Make.** Whisper: keep the magnitudes of the sentence, take new random phases, and let
#    Griffin-Lim run for a few iterations only. At how many does the whisper become a voice?
#
# <details><summary>Solutions</summary>
#
# 1. $|9500 - 8000| = 1500$ Hz.
# 2. Of their own spectrograms they miss 0.082, 0.027 and 0.020: the longest frames win. In frames
#    of 512 they miss 0.223, 0.027 and 0.069: the longest frames blur time, which their own
#    spectrogram cannot see. Compare numbers only when one ruler measured them all.
# 3. The click sets the peak, so the speech stays quiet. A network trained on many such clips would
#    learn that speech is nearly silent.
# 4. `np.mean(x**2)` is a power, so the factor is 10. Every level comes out twice as large.
# 5. There is no sharp border: `rebuilt` holds 0, 8 and 64 iterations to start from.
#
# </details>

# %% [markdown]
# ## 13. What this chapter claimed
#
# The scoreboard of the course begins in chapter 03. Until then, its first column: how much of a
# spectrogram is missed on the way back to sound.

# %%
print(f"{'from':<34} share missed")
for name, value in {
    "257 magnitudes, random phase": fast_missed[0],
    "Griffin-Lim 1984, 64 iterations": plain_missed[-1],
    "Griffin-Lim 2013, 64 iterations": fast_missed[-1],
    "80 mel bands, 64 iterations": mel_missed,
}.items():
    print(f"{name:<34} {value:.3f}")

# %% [markdown]
# And its claims:

# %%
assert abs(pitch_hz - 10 / 0.05) < 15 and heard_hz == 3000  # ten periods in 0.05 s; an alias
assert quantise_difference == 0  # a 16-bit file is our quantise
assert abs(sine_snr_db - (6.02 * 8 + 1.76)) < 0.2  # 6 dB a bit
assert 20 < speech_snr_db[8] - speech_snr_db[4] < 28  # four bits less, about 24 dB less
assert leak_db["Hann window"] < leak_db["no window"] - 40  # why frames have windows
assert depth[1024][0] > 40 and depth[1024][1] < 1  # long frames: tones, no clicks
assert depth[256][0] < 6 and depth[256][1] > 40  # short frames: clicks, no tones
assert change_of_magnitude < 0.02 < 0.2 < change_of_complex  # one sample late
assert round(buzz_hz) == f_s / H  # without phase, the frames set the pitch
assert agreements["Random"] < agreements["Its"] - 0.05  # and random phases smear it

# %%
assert db_difference < 1e-4 and stft_difference < 1e-4  # ours is the library's
assert mel_difference < 1e-6 and griffin_lim_difference < 1e-3
assert all(np.diff(plain_missed) < 0)  # the theorem of 1984
assert all(f < p for f, p in zip(fast_missed[3:], plain_missed[3:], strict=True))  # momentum pays
assert fast_missed[-1] < 0.05 < mel_missed < 0.25 < fast_missed[0]  # mel bands lose detail
assert difference[16000] < 1e-6 and difference[8000] < 0.05  # two decoders, one sound
assert share_above > 0.99  # what they disagree on lies near the Nyquist frequency
assert abs(raised_db - 12.04) < 0.01 and np.array_equal(samples, again)
assert fake.shape == samples.shape and logits.shape == (32, 1)
assert away_db["other real clips"] < away_db["untrained"] / 4
assert not names or away_db["trained"] < away_db["untrained"] / 2
