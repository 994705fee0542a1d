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
# # Training that does not collapse
#
# Two networks that learn from each other can run in circles, stop, or agree on one single sound.
# We take the remedies one by one: what each does to the gradient, what it does on a task that fits
# a screen, what it does on speech. Then you make rounds in a clinic.
#
# **You will hear** eleven sick networks, whose illness you name before the library does, the runs
# that their cures lead to, and two ways of training on the same recordings.
#
# **Time:** about a minute of computing on two CPU cores, less on a GPU; about three hours to read
# and try. Many tiny GANs and two small ones are trained live.
#
# **You need** chapter 02 (both losses and their pushes), and derivatives. Chapter 03 explains how
# sound is judged.
#
# | in text | in code | meaning |
# |---|---|---|
# | $x$, $G(z)$ | `real`, `fake` | real examples, and made ones |
# | $l(x)$ | `real_logits`, `fake_logits` | the discriminator's answer: any number |
# | $\sigma$ | `sigmoid` | the logistic function |
# | $L_D, L_G$ | `..._discriminator_loss`, `..._generator_loss` | what the two minimise |
# | $\nabla l(x)$ | `input_gradient` | how the answer changes with the *example* |
# | $e$ | `label_smoothing` | how far a target is moved |
# | $\gamma$ | `2 * penalty_weight` | weight of the R1 penalty |

# %%
import os

import keras
import numpy as np
from keras import ops

from ganlib.classroom import compare, show_source
from ganlib.listen import play_all, player
from ganlib.pictures import COLOURS, DASHES, MARKERS, make_panels
from ganlib.plots import show

QUICK = os.environ.get("GANLIB_QUICK", "1") == "1"  # `make course ARGS=--full` takes longer
to_numpy = ops.convert_to_numpy
random = np.random.default_rng(4)

# %% [markdown]
# ## 1. Five wishes
#
# In chapter 02 the discriminator was a classifier and $l$ a logit. It need not be. All that the
# game asks for is a number that is larger for real examples. Five pairs of losses are in use:
#
# | family | $L_D$ | $L_G$ |
# |---|---|---|
# | minimax | $\mathrm{E}\,s(-l(x)) + \mathrm{E}\,s(l(G(z)))$ | $-\mathrm{E}\,s(l(G(z)))$ |
# | non-saturating | the same | $\mathrm{E}\,s(-l(G(z)))$ |
# | least squares | $\mathrm{E}\,t(l(x)-1) + \mathrm{E}\,t(l(G(z)))$ | $\mathrm{E}\,t(l(G(z))-1)$ |
# | hinge | $\mathrm{E}\,r(1 - l(x)) + \mathrm{E}\,r(1 + l(G(z)))$ | $-\mathrm{E}\,l(G(z))$ |
# | Wasserstein | $\mathrm{E}\,l(G(z)) - \mathrm{E}\,l(x)$ | $-\mathrm{E}\,l(G(z))$ |
#
# with $s(u) = \ln(1 + e^u)$, the softplus, $t(u) = u^2 / 2$ and $r(u) = \max(u, 0)$.
#
# **Write** the last three of $L_D$. Each is one line; `ops.mean`, `ops.square` and `ops.relu` help.


# %%
def my_least_squares(real_logits, fake_logits):
    return 0.5 * (ops.mean(ops.square(real_logits - 1)) + ops.mean(ops.square(fake_logits)))


# %%
def my_hinge(real_logits, fake_logits):
    return ops.mean(ops.relu(1 - real_logits)) + ops.mean(ops.relu(1 + fake_logits))


# %%
def my_wasserstein(real_logits, fake_logits):
    return ops.mean(fake_logits) - ops.mean(real_logits)


# %%
from ganlib.losses import get_losses

FAMILIES = ("minimax", "non_saturating", "least_squares", "hinge", "wasserstein")
pairs = {family: get_losses(family) for family in FAMILIES}
logits = random.normal(scale=2, size=(2, 64, 1)).astype("float32")
mine = (my_least_squares, my_hinge, my_wasserstein)
loss_difference = max(
    abs(float(function(*logits)) - float(pairs[family][1](*logits)))
    for family, function in zip(FAMILIES[2:], mine, strict=True)
)
print(f"largest difference from ganlib's: {loss_difference:.1e}")

# %% [markdown]
# A loss acts through its derivative: how hard does it push the logit of a *made* example, up when
# the generator learns, down when the discriminator does?
#
# **Predict.** A made example has the logit $-4$: the discriminator is sure. With which families
# does the generator get a push of at least 1/2? Write how many of the five.

# %%
from ganlib.backend import input_gradient

line = np.linspace(-6, 6, 241).astype("float32")


# %%
def push(loss):
    """The derivative of a loss by each logit, as if it were alone."""
    return len(line) * to_numpy(input_gradient(loss, line))  # a loss is a mean over the logits


# %%
ups = {family: -push(pairs[family][0]) for family in FAMILIES}
downs = {
    family: push(lambda logit, loss=loss: loss(ops.zeros((1,)), logit))
    for family, (_, loss) in pairs.items()
}
at_minus_four = {family: float(np.interp(-4, line, up)) for family, up in ups.items()}
prediction = ...
compare(prediction, sum(up >= 0.5 for up in at_minus_four.values()))

# %%
figure, panels = make_panels(2, 2, height=3.2, title="The push on the logit of a made example")
shown = (("of the generator, up", ups), ("of the discriminator, down", downs))
for panel, (title, curves) in zip(panels, shown, strict=True):
    for i, (family, curve) in enumerate(curves.items()):
        style = {"color": COLOURS[i], "linestyle": DASHES[i % 4], "linewidth": 1 + 0.5 * (i < 4)}
        panel.plot(line, curve, label=family.replace("_", " "), **style)
    panel.set(title=title, xlabel="Logit", ylim=(-1.5, 2.5))
panels[0].legend(fontsize="small")
show(
    figure,
    alt="Generator: minimax is 0 at the left and 1 at the right, non-saturating the other way "
    "round, least squares a falling line through 1 at logit 0, hinge and Wasserstein 1 everywhere. "
    "Discriminator: minimax and non-saturating rise from 0 to 1, least squares is a rising line, "
    "hinge jumps from 0 to 1 at logit -1, Wasserstein is 1 everywhere.",
)

# %% [markdown]
# Read the left panel at its left end, where a beginner's clips lie. Minimax gives nothing. Least
# squares pulls the harder the farther away, and at logits *above* 1 it pulls back. Hinge and
# Wasserstein always push by 1. In the right panel, the discriminator of the hinge loss stops
# pushing once it is sure enough, at $-1$; that of Wasserstein never has enough.
#
# **Predict.** Real examples sit at $x = 1$, made ones at $x = 0$, and the Wasserstein discriminator
# is $l(x) = w x$. What is its loss with $w = 1000$?

# %%
prediction = ...
no_bottom = float(my_wasserstein(np.full((1, 1), 1000.0), np.zeros((1, 1))))
compare(prediction, no_bottom)

# %% [markdown]
# It has no bottom. The number would be the **earth mover's distance** (how much probability has to
# be carried how far), if the slope of $l$ were nowhere above 1; without such a bound it means
# nothing. So Wasserstein needs something that holds the slope. The other losses profit from it,
# too, as we shall see.
#
# ## 2. A judge that is too good
#
# Arjovsky and Bottou (2017, arXiv 1701.04862) asked what happens to the generator when the
# discriminator learns *first*, and perfectly. We do it on the ring of chapter 02: real points on
# eight islands, made points from an untrained generator, and only $D$ learns. In `GAN` this is
# `discriminator_first`, the first of the two **stages** of two-stage training.

# %%
from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.training.engine.gan import GAN

ANGLES = np.arange(8) * np.pi / 4
CENTRES = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
SPREAD, BATCH = 0.1, 128


# %%
def ring(count, seed=0):
    random = np.random.default_rng(seed)
    island = random.integers(8, size=count)
    return (CENTRES[island] + SPREAD * random.normal(size=(count, 2))).astype("float32")


# %%
fixed_z = random.normal(size=(1000, 8)).astype("float32")

# %% [markdown]
# After every 50 updates of $D$ we ask: how long is the arrow that each made point gets, on average?


# %%
def arrows(gan):
    """Mean length of the generator loss's gradient by the made points, each by its own loss."""
    fake = gan.generator(fixed_z)
    gradient = input_gradient(
        lambda x: len(fixed_z) * gan.generator_loss(gan.discriminator(x)), fake
    )
    return float(np.linalg.norm(to_numpy(gradient), axis=1).mean())


# %%
def judge_alone(updates=300, every=50, **options):
    keras.utils.set_random_seed(4)
    G = dense_generator(2, latent_dim=8, hidden=(64, 64))
    gan = GAN(
        G, dense_discriminator(2, (64, 64)), discriminator_first=updates + 1, seed=4, **options
    )
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-2))
    lengths = [arrows(gan)]
    for look in range(updates // every):
        gan.fit(ring(every * BATCH, look), batch_size=BATCH, verbose=0)
        lengths.append(arrows(gan))
    return lengths


# %%
gradient_penalty = {"loss": "wasserstein", "penalty": "wgan_gp", "penalty_weight": 10.0}
alone = {
    "minimax": judge_alone(loss="minimax"),
    "non-saturating": judge_alone(),
    "Wasserstein + penalty": judge_alone(**gradient_penalty),
}

# %% [markdown]
# Minimax and the non-saturating loss train *the same* discriminator here; they differ in what they
# tell the generator about it. **Predict.** After 300 updates, how many times longer are the arrows
# of the non-saturating loss?

# %%
prediction = ...
advantage = alone["non-saturating"][-1] / alone["minimax"][-1]
compare(prediction, advantage, tolerance=0.5)

# %%
figure, (panel,) = make_panels(1, 1, height=2.8, title="What the generator is told")
for i, (name, lengths) in enumerate(alone.items()):
    style = {"color": COLOURS[i], "linestyle": DASHES[i], "marker": MARKERS[i]}
    panel.plot(50 * np.arange(len(lengths)), lengths, label=name, **style)
panel.set(xlabel="Updates of D alone", ylabel="Mean length of the arrow", yscale="log")
panel.legend()
show(
    figure,
    alt="On a logarithmic scale. "
    + " ".join(
        f"{name}: from {lengths[0]:.2g} over {max(lengths):.2g} to {lengths[-1]:.2g}."
        for name, lengths in alone.items()
    ),
)

# %% [markdown]
# Three answers to a judge that gets better and better. Its slopes grow, and with them the arrows of
# the non-saturating loss: no silence, but a shout. In minimax the slope is multiplied by
# $\sigma(l)$, which in the end shrinks faster than slopes grow. With a bound on the slope, the
# arrows keep the length 1 however good $D$ becomes: there it is safe, and useful, to let $D$ learn
# first and more often. That is why two-stage training belongs together with a Wasserstein loss, or
# with a penalty.
#
# ## 3. A circle
#
# The second trouble needs no networks at all (Mescheder, Geiger and Nowozin, 2018, arXiv
# 1801.04406). Real is the number 0. The generator makes the number $\theta$. The discriminator is
# $l(x) = \psi x$. With the Wasserstein loss, $L_D = \psi\theta$ and $L_G = -\psi\theta$, so a step
# of size $h$ for both at once is
#
# $$\psi \leftarrow \psi - h\,\theta, \qquad \theta \leftarrow \theta + h\,\psi .$$
#
# The goal is $\theta = \psi = 0$. **Predict.** They start at distance 1 from it. How far are they
# after 100 steps of $h = 0.1$? (Each step adds a piece at right angles.)


# %%
def dirac(steps, h=0.1, pushes=lambda logit: (1.0, 1.0), gamma=0.0, clip=np.inf, start=(0.0, 1.0)):
    """The path of (psi, theta); `pushes` gives the down-push of D and the up-push of G."""
    path = [np.array(start)]
    for _ in range(steps):
        psi, theta = path[-1]
        down, up = pushes(psi * theta)
        psi, theta = psi - h * (down * theta + gamma * psi), theta + h * up * psi
        path.append(np.array([np.clip(psi, -clip, clip), theta]))
    return np.array(path)


# %%
prediction = ...
circling = dirac(100)
compare(prediction, float(np.hypot(*circling[-1])))

# %% [markdown]
# They never arrive: $(1 + h^2)^{50} = 1.64$. Each is right to go where it goes, and together they
# run in circles. What helps?
#
# - **Another loss**: the pushes of the non-saturating one, $\sigma(l)$ and $1 - \sigma(l)$.
# - **Weight clipping** (Arjovsky, Chintala and Bottou, 2017, arXiv 1701.07875): after each step,
#   bring all weights of $D$ back into $[-c, c]$.
# - **R1**: add $\frac{\gamma}{2} |\nabla l(x)|^2$ at the real examples to $L_D$. Here it is
#   $\frac{\gamma}{2} \psi^2$, whose derivative is $\gamma \psi$.
# - **A moving average** of the generator's weights, beside the weights that play.


# %%
def non_saturating(logit):
    return 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit))


# %%
paths = {
    "Wasserstein": dirac(200),
    "non-saturating": dirac(200, pushes=non_saturating),
    "Wasserstein, clipped at 0.3": dirac(200, clip=0.3),
    "non-saturating, R1": dirac(200, pushes=non_saturating, gamma=1.0),
}
averages = {
    name: np.array([p[: k + 1, 1].mean() for k in range(len(p))]) for name, p in paths.items()
}
for name, path in paths.items():
    last = f"{np.hypot(*path[-1]):.3f} from the goal"
    print(f"{name:<28} {last}; mean of theta over the path {averages[name][-1]:6.3f}")

# %%
figure, panels = make_panels(4, 4, height=2.6, title="Four games of two numbers", width=9)
for panel, (name, path) in zip(panels, paths.items(), strict=True):
    panel.plot(*path.T, color=COLOURS[0], linewidth=0.8)
    panel.plot(*path[0], MARKERS[0], color=COLOURS[1])
    panel.plot(*path[-1], MARKERS[2], color=COLOURS[2])
    panel.plot(0, 0, "+", color="black", markersize=10)
    panel.set_title(name.replace(", ", ",\n"), fontsize="small")
    panel.set(xlabel="D: psi", aspect="equal", xlim=(-3, 3), ylim=(-3, 3))
panels[0].set_ylabel("G: theta")
show(
    figure,
    alt="From the circle at theta 1 to the square. Wasserstein spirals outwards. Non-saturating "
    "turns around the goal, the cross, a little nearer each time. Clipped, the path goes back and "
    "forth in a low box. With R1 it runs straight into the goal.",
)

# %% [markdown]
# The non-saturating loss circles, too, and comes nearer so slowly that you would call it standing
# still. Clipping ends the growth, not the circle. R1 is friction: it takes speed from $D$ at the
# real examples, and the circle ends in the goal. And the *average* over a circle is near its
# centre, although no player ever is. `GAN` keeps such an average (`average_decay`), and it is what
# you hear in every chapter.
#
# ## 4. Holding the slope
#
# Three ways to bound $|\nabla l|$, from the crude to the fine.
#
# **Weight clipping** bounds it by force. **WGAN-GP** (Gulrajani et al., 2017, arXiv 1704.00028)
# asks for a slope of 1 on the way between real and made examples:
#
# $$\mathrm{E}\,\bigl(|\nabla l(\hat x)| - 1\bigr)^2, \qquad
# \hat x = \alpha x + (1 - \alpha)\,G(z), \quad \alpha \sim \mathrm{U}(0, 1) .$$
#
# **DRAGAN** (Kodali et al., 2017, arXiv 1705.07215) asks for the same in a cloud of noise around
# the real examples, and **R1** for a slope of 0 at the real examples themselves.
#
# **Write** WGAN-GP and R1. `input_gradient(D, x)` gives $\nabla l$, one row for each example.


# %%
def my_wgan_gp(D, real, fake):
    alpha = random.uniform(size=(len(real), 1)).astype("float32")
    slope = input_gradient(D, alpha * real + (1 - alpha) * fake)
    return ops.mean(ops.square(ops.norm(slope, axis=1) - 1))


def my_r1(D, real):
    return ops.mean(ops.sum(ops.square(input_gradient(D, real)), axis=1))


# %% [markdown]
# **Predict.** A test that finds the usual bugs: let $l(x) = \frac12 |x|^2$, put every real example
# at 0 and every made one at a distance of 3. At $\hat x$ the slope is then $3 (1 - \alpha)$. What
# is the penalty, averaged over $\alpha$?


# %%
def bowl(x):
    return 0.5 * ops.sum(ops.square(x), axis=1, keepdims=True)


zeros = np.zeros((4000, 2), "float32")
far = np.tile(np.array([[3.0, 0.0]], "float32"), (4000, 1))
prediction = ...
in_the_bowl = float(my_wgan_gp(bowl, zeros, far))
compare(prediction, in_the_bowl, tolerance=0.1)

# %%
from ganlib.losses import dragan_penalty, r1_penalty, wgan_gradient_penalty

theirs = float(wgan_gradient_penalty(bowl, zeros, far, seed=4))
r1_difference = abs(float(my_r1(bowl, far)) - float(r1_penalty(bowl, far)))
print(
    f"WGAN-GP: yours {in_the_bowl:.3f}, ganlib's {theirs:.3f}; R1: difference {r1_difference:.1e}"
)
show_source(wgan_gradient_penalty, dragan_penalty)

# %% [markdown]
# (Whoever draws $\alpha$ from a bell curve, as some programs do, finds 4 here.)
#
# A penalty is dear: it sends a batch through $D$ and differentiates the *gradient*. Karras et al.
# (2020, arXiv 1912.04958) compute R1 only on every 16th step: **lazy**. **Predict.** By which
# factor must its weight grow, if it is computed on every 8th step and shall hold as strongly?


# %%
def held(interval, updates=16):
    """Mean of the penalty over updates of a D of slope 3 that does not learn."""
    G = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
    D = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
    D.set_weights([np.array([[3.0], [0.0]]), np.zeros(1)])
    gan = GAN(G, D, penalty="r1", penalty_interval=interval, seed=4)
    gan.compile(keras.optimizers.SGD(1e-12), keras.optimizers.SGD(1e-12))
    data = ops.convert_to_tensor(ring(8))
    return [float(gan.update(data)["penalty"]) for _ in range(updates)]


# %%
always, lazy = held(1), held(8)
prediction = ...
compare(prediction, max(lazy) / max(always))
print("lazy:", np.round(lazy, 1))

# %% [markdown]
# Nothing but this factor changes: the mean over eight steps is the same, and seven of them are
# cheap. Note how R1 and the other two differ. R1 is small where real and made cannot be told apart,
# and lets $D$ be flat; WGAN-GP pulls *up* slopes below 1 as well.
#
# ## 5. Batch normalisation, and why not with a penalty
#
# **Batch normalisation** brings each feature to mean 0 and deviation 1 over the batch. DCGAN has it
# in both networks, and its authors found that nothing would train without (Radford et al., 2016).
# In the discriminator it has a price. **Predict.** A batch of four examples. We ask how the logit
# of the *first* changes with each of the four. With batch normalisation, how many of the four
# gradients are not zero?

# %%
from ganlib.layers import SpectralNormalization


# %%
def judge(normalization="none", hidden=(64, 64), last=()):
    """A fully connected discriminator of points; `last` are layers before the logit."""
    x = example = keras.Input((2,))
    for width in hidden:
        dense = keras.layers.Dense(width)
        x = (SpectralNormalization(dense) if normalization == "spectral" else dense)(x)
        if normalization == "batch":
            x = keras.layers.BatchNormalization()(x)
        if normalization == "layer":
            x = keras.layers.LayerNormalization()(x)
        x = keras.layers.LeakyReLU(negative_slope=0.2)(x)
    for layer in last:
        x = layer(x)
    dense = keras.layers.Dense(1)
    return keras.Model(
        example, (SpectralNormalization(dense) if normalization == "spectral" else dense)(x)
    )


# %%
four = random.normal(size=(4, 2)).astype("float32")
meddling = {}
for normalization in ("none", "layer", "spectral", "batch"):
    keras.utils.set_random_seed(4)
    D = judge(normalization)
    gradient = to_numpy(input_gradient(lambda x, D=D: D(x, training=True)[:1], four))
    meddling[normalization] = np.linalg.norm(gradient, axis=1)
    print(f"{normalization:<9}", meddling[normalization].round(4))
prediction = ...
compare(prediction, int((meddling["batch"] > 1e-6).sum()))

# %% [markdown]
# Each logit depends on the whole batch. A penalty on $\nabla l(x)$ means the slope of *one* clip's
# logit by *that* clip; with batch normalisation there is no such thing. So ganlib refuses the two
# together, and offers layer normalisation, which looks at one clip alone:

# %%
from ganlib.errors import OptionError
from ganlib.training.recipes import get_recipe

dcgan = get_recipe("dcgan")
try:
    dcgan.build(dcgan.options("quick", {"penalty": "r1"}), ())
    refusal = ""
except OptionError as error:
    refusal = str(error)
print(refusal)

# %% [markdown]
# It has a second effect. Real and made examples come in *separate* batches, and each batch is
# brought to mean 0: what all made clips have in common, their mean, is just what $D$ cannot see in
# them. And it can see a thing that one clip does not show: how the batch varies.
#
# ## 6. A bound in the weights
#
# **Spectral normalisation** (Miyato et al., 2018, arXiv 1802.05957) divides each weight matrix $W$
# by its largest singular value, the most by which it can stretch a vector. Leaky ReLU stretches by
# 1 at most. So no slope of $D$ can exceed 1, *anywhere*, at no cost in gradients of gradients.
#
# The largest singular value is found by **power iteration**: a vector that is multiplied again and
# again by $W^\top W$ turns into the direction that is stretched most. **Write it.**


# %%
def my_spectral_norm(W, iterations=50):
    u = random.normal(size=W.shape[1])
    for _ in range(iterations):
        u = W.T @ (W @ u)
        u /= np.linalg.norm(u)
    return np.linalg.norm(W @ u)


# %% [markdown]
# **Predict.** $W = \mathrm{diag}(3, 1)$. What is its spectral norm? And that of a random matrix, by
# a program that we did not write?

# %%
prediction = ...
compare(prediction, my_spectral_norm(np.diag([3.0, 1.0])))
W = random.normal(size=(64, 32))
by_svd = np.linalg.svd(W, compute_uv=False)[0]
norm_difference = abs(my_spectral_norm(W, 500) - by_svd)
print(f"yours {my_spectral_norm(W, 500):.6f}, by singular value decomposition {by_svd:.6f}")
show_source(SpectralNormalization.power_iteration, SpectralNormalization.spectral_norm)

# %% [markdown]
# ganlib does one iteration for each step of training, since $W$ moves little between two steps. The
# slopes of a network with it and of one without, at 2,000 places:

# %%
places = random.uniform(-2, 2, size=(2000, 2)).astype("float32")
steepest = {}
for normalization in ("none", "spectral"):
    keras.utils.set_random_seed(4)
    D = judge(normalization)
    D.set_weights([4 * w if w.ndim == 2 else w for w in D.get_weights()])  # steep weights
    slopes = np.linalg.norm(to_numpy(input_gradient(D, places)), axis=1)
    steepest[normalization] = slopes.max()
    print(f"{normalization:<9} steepest slope {steepest[normalization]:.2f}")

# %% [markdown]
# ## 7. Smaller helps
#
# **Label smoothing.** Tell $D$ that real examples are real with probability $1 - e$ only. What it
# can know at best is then $D^*(x) = (1 - e)\,p / (p + q)$. **Predict.** Where only real examples
# are ($q = 0$), how large does the logit become, with $e = 0.1$? Without, it is infinite.

# %%
from ganlib.losses import minimax_discriminator_loss

wide = np.linspace(-8, 8, 16001).astype("float32")
smoothed = [0.9 * np.logaddexp(0, -wide) + 0.1 * np.logaddexp(0, wide)]
highest = float(wide[np.argmin(smoothed)])
prediction = ...
compare(prediction, highest, tolerance=0.02)
one_real = np.full((1, 1), highest, "float32")
rising = minimax_discriminator_loss(one_real + 3, one_real, label_smoothing=0.1)
least = minimax_discriminator_loss(one_real, one_real, label_smoothing=0.1)
print(f"surer by 3: the loss grows by {float(rising - least):.2f}")

# %% [markdown]
# It is $\ln 9 = 2.2$: $D$ is *punished* for being surer. Only the real side is smoothed. A target
# of 0.1 for made examples would reward $G$ for staying where it is (Salimans et al., 2016, arXiv
# 1606.03498).
#
# **Minibatch standard deviation** (Karras et al., 2018, arXiv 1710.10196) lets $D$ see how much the
# examples of a batch differ, one more feature, the same for all. A generator that says the same
# thing again and again is found out at a glance. **Write it**: the deviation of each feature over
# the batch, averaged over the features.


# %%
def my_minibatch_deviation(features):
    variance = features.var(axis=0)
    return np.sqrt(variance + 1e-8).mean()


# %%
from ganlib.layers import MinibatchStandardDeviation

features = random.normal(size=(16, 8)).astype("float32")
seen = to_numpy(MinibatchStandardDeviation(group_size=16)(features))[:, -1]
deviation_difference = np.abs(seen - my_minibatch_deviation(features)).max()
collapsed = my_minibatch_deviation(np.tile(features[:1], (16, 1)))
print(f"varied {seen[0]:.3f} (difference from yours {deviation_difference:.1e})")
print(f"one example, repeated: {collapsed:.4f}")

# %% [markdown]
# **Instance noise and augmentation.** Real and made points lie on thin sets that hardly meet, so
# $D$ can be perfect (section 2). Noise on *both* makes them overlap. Changing both by chance, a
# shift, a gain, a piece cut out, also keeps $D$ from learning few recordings by heart: this is
# **differentiable augmentation** (Zhao et al., 2020, arXiv 2006.10738). Both must be changed, and
# the gradient must pass through the change. **Predict.** Someone adds noise of deviation 0.3 to the
# real points only, whose own deviation is 0.1. Which deviation will the made points have in the
# end, if training goes well?

# %%
noisy = ring(100_000)
noisy_spread = (noisy - CENTRES[np.linalg.norm(noisy[:, None] - CENTRES, axis=-1).argmin(1)]).std()
prediction = ...
compare(prediction, float(np.hypot(noisy_spread, 0.3)), tolerance=0.1)

# %% [markdown]
# The generator would learn the noise as if it belonged to the data: $\sqrt{0.1^2 + 0.3^2}$. In
# `GAN`, one method shows $D$ everything that it sees, so nobody can forget one side:

# %%
show_source(GAN.seen)

# %% [markdown]
# **Two time scales** (Heusel et al., 2017, arXiv 1706.08500): a learning rate for each network, so
# that one can follow the other. **Several steps** of $D$ for one of $G$ aim at the same, and cost
# more.
#
# ## 8. Eight islands, many ways
#
# Now all of them on one task. We take a game that goes *wrong*: the ring, with the non-saturating
# loss, Adam with its usual momentum of 0.5, and a generator that learns twice as fast as the
# discriminator. Then each remedy is tried alone, and nothing else is changed.


# %%
SICK = {"generator_rate": 2e-3, "discriminator_rate": 1e-3, "beta_1": 0.5}
TURNS = 600 if QUICK else 3000


# %%
def play(generator_rate, discriminator_rate, beta_1, D=None, seed=0, **options):
    """Train on the ring; return the GAN and the points that it makes at twelve looks."""
    keras.utils.set_random_seed(seed)
    G, D = dense_generator(2, 8, (64, 64)), judge(**(D or {}))
    gan = GAN(G, D, average_decay=0.99, seed=seed, **options)
    adam = [keras.optimizers.Adam(r, beta_1) for r in (generator_rate, discriminator_rate)]
    gan.compile(*adam, steps_per_execution=50)  # fifty updates in one go: less waiting
    batch, looks = BATCH * gan.discriminator_steps, []
    for _ in range(12):
        real = ring(TURNS // 12 * batch, seed)
        gan.fit(real, batch_size=batch, verbose=0)
        looks.append(to_numpy(gan.generator(fixed_z)))
    return gan, looks


# %% [markdown]
# The marks of chapter 02: which share of the made points lies near a centre, and how many of the
# eight islands get at least 2 % each?


# %%
def on_islands(made):
    distance = np.linalg.norm(made[:, None] - CENTRES, axis=-1)
    near = distance.min(axis=1) < 3 * SPREAD
    visits = np.bincount(distance.argmin(axis=1)[near], minlength=8) / len(made)
    return near.mean(), int((visits > 0.02).sum())


# %%
WAYS = {
    "as it is": {},
    "minimax": {"loss": "minimax"},
    "least squares": {"loss": "least_squares"},
    "batch normalisation": {"D": {"normalization": "batch"}},
    "weight clipping": {"loss": "wasserstein", "weight_clip": 0.1},
    "WGAN-GP, five steps": {
        **gradient_penalty,
        "penalty_weight": 0.1,
        "discriminator_steps": 5,
    },
    "R1": {"penalty": "r1", "penalty_weight": 0.5},
    "spectral normalisation": {"D": {"normalization": "spectral"}},
    "minibatch deviation": {"D": {"last": [MinibatchStandardDeviation(BATCH)]}},
    "five steps of D": {"discriminator_steps": 5},
    "no momentum": {"beta_1": 0.0},
    "two time scales": {"discriminator_rate": 4e-3},
}

# %% [markdown]
# **Predict.** The first row of `WAYS` changes nothing: the generator learns twice as fast as the
# discriminator. How many islands does it visit at the end?

# %%
games = {way: play(**SICK | changes) for way, changes in WAYS.items()}
marks = {way: on_islands(looks[-1]) for way, (_, looks) in games.items()}
prediction = ...
compare(prediction, marks["as it is"][1])

# %%
figure, panels = make_panels(len(WAYS), 4, height=2.2, title=f"After {TURNS} turns", width=8)
for panel, (way, (_, looks)) in zip(panels, games.items(), strict=True):
    panel.plot(*CENTRES.T, MARKERS[0], color=COLOURS[1], markersize=11, markerfacecolor="none")
    panel.plot(*looks[-1][:300].T, ".", color=COLOURS[0], markersize=2)
    panel.set(xlim=(-1.7, 1.7), ylim=(-1.7, 1.7), aspect="equal", xticks=[], yticks=[])
    panel.set_title(way, fontsize="small")
told = [
    f"{way}: {islands} islands, {share:.0%} near one" for way, (share, islands) in marks.items()
]
show(figure, alt="Made points beside eight rings, the centres. " + "; ".join(told) + ".")

# %%
print(f"{'':<24} near a centre  islands at twelve looks      averaged generator")
averaged = {}
for way, (gan, looks) in games.items():
    visited = [on_islands(made)[1] for made in looks]
    averaged[way] = on_islands(to_numpy(gan(fixed_z)))
    shown = f"{averaged[way][0]:4.0%}, {averaged[way][1]} islands"
    print(f"{way:<24} {marks[way][0]:8.0%}       {' '.join(map(str, visited))}    {shown}")

# %% [markdown]
# Read the first line from left to right. The generator does not *stay* on an island: it runs to one
# that passes, $D$ learns that too many are there, and it runs to the next. Collapse and running in
# circles are one illness here. The average is no help to a game like that: the mean of a network
# for one island and of a network for another is a network for none.
#
# Then read down. What helps takes speed from one of the two, or gives it to the other: a gradient
# penalty, no momentum, more steps or a higher rate for $D$. Least squares pulls back what ran
# too far, and even minimax, because it pushes less, holds more islands than the loss that chapter
# 02 preferred. Spectral normalisation, a good servant elsewhere, does not help *here*: a $D$ that
# is held everywhere is too slow for this generator. Batch normalisation finds the islands and loses
# them again. A minibatch deviation tells $D$ that there is a collapse, but not in time. There is no
# best way without a task and its rates.
#
# ## 9. The same on speech
#
# Twenty-two ways, on one task: a small network that says digits on demand (chapter 07), each
# trained for the same time on the same recordings. `python -m benchmarks.strategies` wrote this
# table, and you can write your own. **Predict.** The best way is named as asked by PocketSphinx, a
# recogniser that others trained, in some share of cases. For how many of the other ways does the 95
# % interval reach up to that share?

# %%
import json
from pathlib import Path

import ganlib

path = Path(ganlib.__file__).parents[1] / "docs" / "strategies.json"
compared = json.loads(path.read_text(encoding="utf-8"))
settings = compared["settings"]
rows = {way: row for way, row in compared["rows"].items() if "figures" in row}
heard = {way: row["figures"]["recogniser_accuracy"] for way, row in rows.items()}
order = sorted(heard, key=lambda way: -heard[way]["value"])
best = order[0]
prediction = ...
close = [way for way in order[1:] if heard[way]["high"] >= heard[best]["value"]]
compare(prediction, len(close))
print(f"{settings['minutes']:g} minutes each, {settings['count']} clips, seed {settings['seed']}")

# %%
figure, (panel,) = make_panels(1, 1, height=0.3 * len(order) + 1, title="Named as asked", width=8)
for y, way in enumerate(order):
    one = heard[way]
    error = [[one["value"] - one["low"]], [one["high"] - one["value"]]]
    panel.errorbar(one["value"], y, xerr=error, color=COLOURS[0], marker="o", capsize=3)
panel.axvline(0.1, color="0.45", linewidth=0.8)
panel.text(0.11, -0.9, "chance", fontsize="small", va="center")
panel.set_yticks(range(len(order)), [way.replace("_", " ") for way in order], fontsize="small")
panel.set(xlim=(0, 1), ylim=(len(order) - 0.4, -1.4), xlabel="Share, by PocketSphinx")
told = [f"{way.replace('_', ' ')} {heard[way]['value']:.2f}" for way in order]
show(figure, alt="Shares with 95 % intervals, best first: " + ", ".join(told) + ".")

# %%
print(f"{'':<20} updates   named as asked    kernel distance   coverage")
for way in order:
    figures = rows[way]["figures"]
    kernel, coverage = figures["kernel_distance"]["value"], figures["coverage"]["value"]
    share = f"{heard[way]['value']:.2f} ({heard[way]['low']:.2f} to {heard[way]['high']:.2f})"
    print(f"{way:<20} {rows[way]['steps']:7,}   {share}   {kernel:10.2f} {coverage:12.2f}")
for way in order:
    print(f"{way}: {rows[way]['title']}")

# %% [markdown]
# What does it say? One seed and a few minutes do not rank rows whose intervals overlap, and at the
# top nearly all do: with or without R1, with smoothed labels, with noise. In a short training that
# goes well, most remedies are medicine for the healthy. The large gaps are elsewhere. The papers'
# Wasserstein recipes take five steps of $D$ for one of $G$ at low rates: a fraction of the updates,
# and in this time they have hardly begun. And some rows are named well and *cover* little: least
# squares, batch normalisation and DCGAN say clear digits in few ways, which the first column cannot
# see (chapter 03, section 5).
#
# **Now you.** Two of these ways, live and small, from the same seed on the same recordings: the
# recipe `digits`, and the hinge loss with spectral normalisation at the rates that are usual for
# pictures. **Bet** on one.

# %%
import tempfile

from ganlib.data import default_digits, load_clips
from ganlib.training import runs

data_name = default_digits()
recipe = get_recipe("digits")
STEPS = 150 if QUICK else 2000
OTHER = {
    "loss": "hinge",
    "penalty": "none",
    "discriminator_normalization": "spectral",
    "generator_learning_rate": 2e-4,
    "discriminator_learning_rate": 4e-4,
}
audio_format = recipe.audio_format(recipe.options("quick"))
train, test = [load_clips(data_name, split, audio_format) for split in ("train", "test")]


# %%
def live(changes):
    """Train in a folder that is thrown away; return what ships of a run: its generator."""
    with tempfile.TemporaryDirectory() as folder:
        changes = {"steps": STEPS, **changes}
        runs.start(folder, "digits", train, data_name, "quick", changes, seed=0, quiet=True)
        return runs.load_generator(folder)


# %%
from ganlib.evaluation.measuring.ear import shipped_ear
from ganlib.metrics.distributions import frechet_distance

ear, COUNT = shipped_ear(), 200
made = {"digits": live({}).generate(COUNT), "hinge, spectral": live(OTHER).generate(COUNT)}
few = random.permutation(len(test))[:COUNT]
at_home = ear.listen(test.samples[few], 8000).features
away = {
    way: frechet_distance(at_home, ear.listen(clips, 8000).features)
    for way, (clips, _) in made.items()
}
prediction = ...
compare(prediction, min(away, key=away.get))
for way, distance in away.items():
    print(f"{way:<16} Fréchet distance {distance:.1f}, after {STEPS} updates")

# %%
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


# %%
def at_level(clip, rms=0.08, peak=0.9):
    return clip * min(rms / (clip.std() + 1e-9), peak / (np.abs(clip).max() + 1e-9))


# %%
play_all(
    [
        player(at_level(clips[digit, :, 0]), 8000, f"(hardly a word yet; asked for {digit})", way)
        for digit in (1, 6, 7)
        for way, (clips, _) in made.items()
    ],
    columns=2,
    title=f"Two ways, {STEPS} updates each",
)

# %% [markdown]
# (So few updates show who is *quicker*, not who would be better in the end. The second way may
# well need other rates on this task. That is the honest difficulty of all such comparisons: every
# way has been compared with settings that somebody chose.)
#
# ## 10. The clinic
#
# Eleven networks, each sick with something that this chapter or an earlier one has spoken of. They
# are small and learned from spoken digits (Free Spoken Digit Dataset, CC BY-SA 4.0) for a minute or
# two. You are the doctor: listen, look at the curves, name the illness, and only then ask
# `diagnose`. Healthy ones of the same size speak poorly, too; here is one, and its curves.

# %%
from ganlib import clinic


# %%
def ward(*names):
    """Patients by letter, in an order that the names do not give away."""
    shuffled = np.random.default_rng(len(names)).permutation(sorted(names))
    return {letter: clinic.load(name) for letter, name in zip("ABCD", shuffled, strict=False)}


# %%
def listen(patients):
    return play_all(
        [
            player(
                loud(patient.clips[i, :, 0]), 8000, "(a digit, if it worked)", f"{who}, clip {i}"
            )
            for who, patient in patients.items()
            for i in (1, 17, 38)
        ],
        columns=3,
    )


# %%
def loud(clip):
    return at_level(clip) if clip.std() > 1e-3 else clip  # silence stays silence


# %%
def curves(patients):
    columns = max(2, len(patients))
    figure, panels = make_panels(2 * columns, columns, height=2.1, title="", width=2.6 * columns)
    rows = (("discriminator_loss", "generator_loss"), ("real_logit", "fake_logit"))
    for i, (who, patient) in enumerate(patients.items()):
        steps = [row["step"] for row in patient.history]
        for panel, names in zip((panels[i], panels[columns + i]), rows, strict=True):
            for k, name in enumerate(names):
                values = [row[name] for row in patient.history]
                style = {"color": COLOURS[k], "linestyle": DASHES[k], "linewidth": 1}
                panel.plot(steps, values, label=name.replace("_", " "), **style)
            panel.tick_params(labelsize="small")
        panels[i].set_title(who)
        panels[columns + i].set_xlabel("Step")
    for panel in panels[len(patients) : columns] + panels[columns + len(patients) :]:
        panel.set_visible(False)
    panels[0].legend(fontsize="x-small")
    panels[columns].legend(fontsize="x-small")
    return show(
        figure, alt="Losses above, logits below. " + " ".join(map(described, patients.items()))
    )


# %%
def described(pair):
    """Where a patient's curves end, in words."""
    who, patient = pair
    last = patient.history[len(patient.history) // 2 :]
    means = {
        name: np.mean([row[name] for row in last])
        for name in ("discriminator_loss", "generator_loss")
    }
    logits = [np.mean([row[name] for row in last]) for name in ("real_logit", "fake_logit")]
    return (
        f"{who}: in the second half D's loss is {means['discriminator_loss']:.2f} and G's "
        f"{means['generator_loss']:.2f} on average, the logits {logits[0]:.1f} (real) and "
        f"{logits[1]:.1f} (made)."
    )


# %%
healthy = {"Healthy": clinic.load("healthy_specgan")}
listen(healthy)

# %%
curves(healthy)

# %% [markdown]
# ### Round one: ears
#
# In this room are, in the order of the alphabet: `buzzing`, `mel_mismatch`, `metallic_phase` and
# `silence`. Two of them have perfectly good networks; only the way from picture to sound is wrong.
# Which two?

# %%
room = ward("buzzing", "mel_mismatch", "metallic_phase", "silence")
listen(room)

# %% [markdown]
# **Predict.** Write the four names in the order A, B, C, D, with a space between.

# %%
prediction = ...
first_room = " ".join(patient.diagnosis.illness for patient in room.values())
compare(prediction, first_room)


# %%
def report(patients):
    for who, patient in patients.items():
        print(f"{who}: {patient.diagnosis.illness}")
        for sentence in patient.diagnosis.evidence:
            print("   evidence:", sentence)
        print("   made by: ", patient.case.changes or patient.case.heard_with or patient.case.bug)
        print("   cure:    ", patient.diagnosis.advice[0])


# %%
report(room)

# %% [markdown]
# The curves would have helped little here: a loss does not hear the phase, the mel bands of the
# inverse, or a tone that is always there.
#
# ### Round two: curves
#
# `discriminator_wins`, `mode_collapse` and `oscillation`. Sections 2, 3 and 8 showed all three.

# %%
room = ward("discriminator_wins", "mode_collapse", "oscillation")
listen(room)

# %%
curves(room)

# %%
prediction = ...  # three names, in the order A, B, C
second_room = " ".join(patient.diagnosis.illness for patient in room.values())
compare(prediction, second_room)
report(room)

# %% [markdown]
# ### Round three: what neither shows
#
# `ignored_labels` and `memoriser`. Both sound better than their neighbours, and their losses are
# unremarkable. They were asked for a digit: clip 1 for "one", clip 17 for "seven", clip 38 for
# "eight". The memoriser says it rightly, which is suspicious in so small a network (chapter 03,
# section 6).

# %%
room = ward("ignored_labels", "memoriser")
listen(room)

# %%
prediction = ...  # two names, in the order A, B
third_room = " ".join(patient.diagnosis.illness for patient in room.values())
compare(prediction, third_room)
report(room)

# %% [markdown]
# ### Round four: bugs
#
# `forgotten_stop_gradient` and `frozen_discriminator`: here no option is wrong, but the program.
# Look at the lower row, the logits. If $D$ never learns, who wins? And if each step of $D$ also
# trains $G$ to be found out, where does the made logit go?

# %%
room = ward("forgotten_stop_gradient", "frozen_discriminator")
curves(room)

# %%
prediction = ...  # two names, in the order A, B
fourth_room = " ".join(patient.diagnosis.illness for patient in room.values())
compare(prediction, fourth_room)
report(room)

# %% [markdown]
# Both are found without any sound, by a question that you can ask of every training loop: **who
# moves?** One step of $D$ must change $D$ and nothing else. Here is the bug, and here the question,
# put to three training loops.

# %%
show_source(clinic.ForgottenStopGradient.update_discriminator)

# %%
moves = {}
for bug in (None, clinic.FrozenDiscriminator, clinic.ForgottenStopGradient):
    keras.utils.set_random_seed(4)
    gan = GAN(dense_generator(2, 8, (64, 64)), judge(), seed=4)
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    gan = gan if bug is None else clinic.with_bug(gan, bug)
    name = "right" if bug is None else bug.__name__
    moves[name] = clinic.who_moves(gan, ring(64), None)
    own, foreign = moves[name]["own_step"], moves[name]["foreign_step"]
    print(f"{name:<22} a step of D moves D by {own:.1e}, G by {foreign:.1e}")

# %% [markdown]
# ### A perfect loss
#
# One illness has no patient, because `fit` stops at its first sign. Of 256 points, one is NaN, not
# a number: a broken file, a logarithm of zero. The discriminator has ReLUs. We leave `fit` aside
# and hand over batch after batch ourselves, as many programs do.
#
# **Predict.** After two rounds, what is the discriminator's loss?

# %%
poisoned = ring(256)
poisoned[100, 0] = np.nan


# %%
def with_relus():
    keras.utils.set_random_seed(4)
    widths = [keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu")]
    D = keras.Sequential([keras.Input((2,)), *widths, keras.layers.Dense(1)])
    gan = GAN(dense_generator(2, 8, (64, 64)), D, seed=4)
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    return gan


# %%
deaf = with_relus()
for start in (0, 64, 128, 192) * 2:
    logs = deaf.train_on_batch(poisoned[start : start + 64], return_dict=True)
lying = logs["discriminator_loss"]
prediction = ...
compare(prediction, lying, tolerance=0.02)

# %%
kernels = [layer.get_weights()[0] for layer in deaf.discriminator.layers[:2]]
lost = [float(np.isnan(kernel).mean()) for kernel in kernels]
print(f"loss of D {lying:.4f}; of a game that ended well {2 * np.log(2):.4f}")
print(f"NaN in the first kernel {lost[0]:.0%}, in the second {lost[1]:.0%}")

# %% [markdown]
# If you compute with TensorFlow on a CPU, that is $2 \ln 2$, the very number that chapter 02 waited
# for, and the discriminator hears nothing. In a compiled step, TensorFlow multiplies, adds the
# bias and takes the ReLU in one operation, which turns NaN into 0. Every unit is silent, all logits
# are the same, and the loss is that of a judge who cannot tell. (On a GPU, with JAX or with leaky
# ReLUs the loss becomes NaN, which is honest.) So a loss is no witness. `fit` looks at the
# *weights* now and then:

# %%
from ganlib.errors import RunError

stopped, watched = "", with_relus()
try:
    watched.fit(poisoned, batch_size=64, epochs=5, verbose=0)
except RunError as error:
    stopped = str(error)
print(stopped)

# %% [markdown]
# ### Discharged
#
# Each cure leads back to a healthy run, and `diagnose` has to call it so. For a run of your own it
# is `ganlib diagnose RUN`.

# %%
cured = {case.cured_by for case in clinic.cases() if case.cured_by}
cured = {name: clinic.load(name) for name in sorted(cured)}
discharged = {name: patient.diagnosis.illness for name, patient in cured.items()}
print(discharged)
listen(cured)

# %% [markdown]
# ## 11. What a healthy training becomes
#
# Small and healthy is not yet good. The recipe `digits`, trained for longer, ships. The ten digits
# in order, none left out, the picture of three, and the row from its card.

# %%
from ganlib import pretrained

NAME = "digits-fsdd"
spoken, labels = pretrained.load(NAME).generate(10, seed=0)
play_all(
    [
        player(at_level(clip[:, 0]), 8000, f"{WORDS[digit]}, if it worked", f"{NAME}, seed {digit}")
        for digit, clip in enumerate(spoken)
    ],
    columns=2,
    title=pretrained.card(NAME)["title"],
)

# %%
from ganlib.plots import spectrogram

show(
    spectrogram(
        {f"asked for {WORDS[d]}": at_level(spoken[d, :, 0]) for d in (1, 6, 7)},
        8000,
        n_fft=256,
        hop_length=64,
        columns=3,
    ),
    alt="Three spectrograms: bands of energy that move, hisses bright at the top, dark silence.",
)

# %%
from ganlib.evaluation.measuring.figures import KINDS

card = pretrained.card(NAME)["figures"]
SHOWN = ("recogniser_accuracy", "conditional_accuracy", "kernel_distance", "coverage")
for name in SHOWN:
    one, kind = card[name], KINDS[name]
    real = "" if one["real"] is None else f"real clips {one['real']:.3f}"
    print(f"{kind.title:<40} {one['value']:.3f} ({one['low']:.3f} to {one['high']:.3f})   {real}")

# %% [markdown]
# ## 12. Exercises
#
# 1. **Investigate.** In section 3, give $D$ the larger step: replace `psi - h * (...)` by
#    `psi - 4 * h * (...)`, with the Wasserstein loss. Do two time scales stop the circle? And with
#    R1?
# 2. **Modify.** In section 8, play `as it is` and `R1` with other seeds (`seed=1`, `seed=2`), and
#    DRAGAN (`penalty="dragan", penalty_weight=1.0`) as well. Which of your conclusions survive?
# 3. **Find the bug.** Someone's WGAN-GP takes the gradient at `alpha * real + (1 - alpha) * fake`
#    with `alpha = random.uniform(size=1)`, one number for the whole batch. The bowl of section 4
#    gives the right mean over many calls. What is worse about it?
# 4. **Find the bug.** Someone sets `penalty_interval=16` in a program of their own, and forgets the
#    factor 16. Try that in section 8: `penalty_weight=0.5 / 16`. Is it R1, or the game as it is?
# 5. **Make.** Break a training of your own: `ganlib train specgan --data digits --preset quick
#    --out broken --set ...`. Let a fellow student name the illness, then ask `ganlib diagnose
#    broken`.
#
# <details><summary>Solutions</summary>
#
# 1. No. With the Wasserstein loss the circle becomes an ellipse and still grows: nothing takes
#    speed away. With R1 it spirals in, whatever the steps, as long as they are small.
# 2. That the game as it is does not hold its islands (with three seeds it ends on one to three),
#    and that R1 does. DRAGAN, with this weight, ended on one.
# 3. Its variance: one place on each way for all pairs, so the penalty jumps from step to step. For
#    the whole batch at once it may even look only at made examples.
# 4. Neither: with a sixteenth of the weight it visits two or three islands for half of the game,
#    and all of them only at its end, with 30 % of its points near one.
# 5. Try `--set generator_learning_rate=0.03 --set penalty=none`.
#
# </details>

# %% [markdown]
# ## 13. What this chapter claimed

# %%
assert loss_difference < 1e-5 and no_bottom == -1000
assert at_minus_four["minimax"] < 0.05 < 0.5 < at_minus_four["non_saturating"]
assert advantage > 10 and alone["minimax"][-1] < max(alone["minimax"])  # the better D, the less
assert alone["non-saturating"][-1] > alone["non-saturating"][0]
assert 0.3 < alone["Wasserstein + penalty"][-1] < 3  # the slope is held
assert abs(np.hypot(*circling[-1]) - 1.01**50) < 1e-9  # the circle
goals = {name: np.hypot(*path[-1]) for name, path in paths.items()}
assert goals["non-saturating, R1"] < 0.01 < 0.2 < min(goals["non-saturating"], 1) < 1
assert goals["Wasserstein"] > 2 and goals["Wasserstein, clipped at 0.3"] > 0.2
assert abs(averages["Wasserstein, clipped at 0.3"][-1]) < 0.3
assert abs(in_the_bowl - 1) < 0.1 and abs(theirs - 1) < 0.1 and r1_difference < 1e-4
assert np.allclose(np.mean(always), np.mean(lazy)) and np.allclose(max(lazy), 8 * max(always))

# %%
assert (meddling["batch"] > 1e-6).all() and "batch" in refusal
alone_in_batch = [meddling[name][1:] for name in ("none", "layer", "spectral")]
assert np.max(alone_in_batch) == 0  # without it, nobody meddles
assert norm_difference < 1e-3 and steepest["spectral"] <= 1.001 < steepest["none"]
assert abs(highest - np.log(9)) < 0.01 and rising > least
assert deviation_difference < 1e-4 and collapsed < 0.01 < seen[0]
assert marks["as it is"][1] <= 4 < 7 <= marks["R1"][1]  # a game that goes wrong, and a remedy
assert averaged["R1"][1] >= 7 > averaged["as it is"][1]  # the average needs a game that holds

# %%
assert all(0 <= one["low"] <= one["value"] <= one["high"] <= 1 for one in heard.values())
assert heard[order[-1]]["high"] < heard[best]["low"]  # there are gaps that no seed explains
assert heard["digits"]["high"] >= heard[best]["value"]  # and the recipe is among the best
figures = {way: {name: one["value"] for name, one in rows[way]["figures"].items()} for way in rows}
clear_but_few = ("least_squares", "batch_normalization", "dcgan")
assert all(figures[way]["recogniser_accuracy"] > 0.4 for way in clear_but_few)
assert all(figures[way]["coverage"] < 0.6 * figures["digits"]["coverage"] for way in clear_but_few)
slow = ("weight_clip", "wgan_gp", "wgan_gp_layer")
assert all(rows[way]["steps"] < 0.5 * rows["digits"]["steps"] for way in slow)
assert all(heard[way]["high"] < heard["digits"]["low"] for way in slow)
assert len(close) >= 5  # and most of the others cannot be told apart
assert away["digits"] < away["hinge, spectral"]
named_here = set(f"{first_room} {second_room} {third_room} {fourth_room}".split())
assert named_here == {case.name for case in clinic.cases() if case.cured_by}  # all eleven, rightly
assert set(discharged.values()) == {"healthy"}
assert moves["right"]["foreign_step"] == 0 < moves["ForgottenStopGradient"]["foreign_step"]
assert moves["FrozenDiscriminator"]["own_step"] == 0 < moves["right"]["own_step"]
assert lost[0] == 1 and (np.isnan(lying) or abs(lying - 2 * np.log(2)) < 0.02)  # it looks well
assert "no longer finite" in stopped  # the weights do not
assert spoken.std() > 0 and list(labels) == list(range(10))
