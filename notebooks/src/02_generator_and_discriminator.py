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
# # Generator and discriminator
#
# Two networks play a game: one invents, the other tells what is invented from what is real. We
# derive what each of them wants, write their training loop by hand, and let it learn points first
# and sound after.
#
# **You will hear** eighth-second pieces of a voice, noise, what a generator makes of random numbers
# before you train it, and what it makes after. At the end, digits from a larger one.
#
# **Time:** about a minute of computing on two CPU cores, less on a GPU; about two hours to read and
# try. Two small GANs are trained live.
#
# **You need** chapter 01, logarithms, and the chain rule. Each loss is derived from there.
#
# | in text | in code | meaning |
# |---|---|---|
# | $x$ | `real` | a real example: a point, or a piece of sound |
# | $z$ | `z`, `latent` | a vector of random numbers |
# | $G(z)$ | `G(z)`, `fake` | what the generator makes of it |
# | $l(x)$ | `D(x)`, `real_logits`, `fake_logits` | the discriminator's *logit*: any number |
# | $D(x) = \sigma(l(x))$ | `sigmoid(D(x))` | its verdict: the probability that $x$ is real |
# | $W_g, b_g$; $W_d, b_d$ | `W_g, b_g, W_d, b_d` | weights and biases of one and of the other |
# | $L_G, L_D$ | `my_generator_loss` ... | what they minimise |

# %%
import os

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

from ganlib.classroom import compare, show_source
from ganlib.listen import play_all, player
from ganlib.plots import show, training_curves

QUICK = os.environ.get("GANLIB_QUICK", "1") == "1"  # `make course ARGS=--full` takes longer
to_numpy = ops.convert_to_numpy
keras.utils.set_random_seed(2)
random = np.random.default_rng(2)

# %% [markdown]
# ## 1. Two networks of one layer
#
# The **generator** receives a row $z$ of random numbers, all from the same bell curve, and returns
# something that has the shape of an example $x$. The simplest one is a single layer,
#
# $$G(z) = z\,W_g + b_g .$$
#
# The **discriminator** receives an example, real or made, and returns one number, the logit $l$.
# The logistic function $\sigma$ turns it into a probability:
#
# $$l(x) = x\,W_d + b_d, \qquad D(x) = \sigma(l(x)) = \frac{1}{1 + e^{-l(x)}} .$$
#
# A logit of 0 means "half and half", a large one "certainly real", a very negative one "certainly
# made".
#
# **Predict.** Let $z$ have 3 numbers and $x$ have 2. How many numbers do $W_g$ and $b_g$ hold
# together?

# %%
W_g, b_g = random.normal(size=(3, 2)), random.normal(size=2)
W_d, b_d = random.normal(size=(2, 1)), random.normal(size=1)
prediction = ...
compare(prediction, W_g.size + b_g.size)

# %% [markdown]
# **Write it**, in NumPy. A batch of $z$ has one row for each example.


# %%
def sigmoid(logit):
    return 1 / (1 + np.exp(-logit))


def my_generator(z):
    return z @ W_g + b_g


def my_discriminator(x):
    return x @ W_d + b_d


z = random.normal(size=(5, 3))
fake = my_generator(z)
verdicts = sigmoid(my_discriminator(fake))
print("z", z.shape, "-> G(z)", fake.shape, "-> D(G(z))", verdicts.shape)
print("probability of being real:", verdicts[:, 0].round(2))

# %% [markdown]
# In Keras this is a `Dense` layer. Given our numbers, does it say the same?

# %%
G = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
D = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
G.set_weights([W_g, b_g])
D.set_weights([W_d, b_d])
layer_difference = np.abs(to_numpy(D(G(z.astype("float32")))) - my_discriminator(fake)).max()
print(f"largest difference: {layer_difference:.1e}")

# %% [markdown]
# Real networks put several such layers behind each other, with a bend between them: *leaky ReLU*,
# which multiplies negative numbers by 0.2 and leaves the others. Without the bend, two layers could
# do no more than one. Their $W$ and $b$ are still all there is to learn. From now on we import:

# %%
from ganlib.models.dense_gan import dense_discriminator, dense_generator

show_source(dense_generator)

# %% [markdown]
# ## 2. What the discriminator wants
#
# It is a classifier with two classes: $y = 1$ for real, $y = 0$ for made. If it says $p = D(x)$,
# it gives the true answer the probability
#
# $$p^{\,y}\,(1 - p)^{1 - y} .$$
#
# **Maximum likelihood**: choose $W_d$ and $b_d$ such that the true answers to *all* examples
# together become as probable as possible. A product of many probabilities is tiny, so we take the
# logarithm, which turns it into a sum, and flip the sign to have something to *minimise*. With $y$
# put in and averaged over the real and over the made ones:
#
# $$L_D = -\,\mathrm{E}_x \log D(x) \;-\; \mathrm{E}_z \log\bigl(1 - D(G(z))\bigr) .$$
#
# (We add the two averages. Some programs halve the sum; divide our numbers by 2 to compare.)
#
# **Predict.** A discriminator has no idea and answers $1/2$ to everything. What is its loss?


# %%
def loss_of_verdicts(on_real, on_fake):
    return -np.log(on_real).mean() - np.log(1 - on_fake).mean()


prediction = ...
no_idea = loss_of_verdicts(np.array([0.5]), np.array([0.5]))
compare(prediction, no_idea)

# %% [markdown]
# It is $2 \ln 2$, the most important number of this chapter: you will look for it in every training
# curve. Some others:

# %%
for words, on_real, on_fake in (
    ("nearly perfect", 0.99, 0.01),
    ("good", 0.9, 0.2),
    ("no idea", 0.5, 0.5),
    ("always says real", 0.9, 0.9),
    ("mistakes one for the other", 0.1, 0.9),
):
    print(f"{words:<27} L_D = {loss_of_verdicts(np.array(on_real), np.array(on_fake)):.3f}")

# %% [markdown]
# **A sign to watch.** The article that this course follows prints
# $\log D(x) + \log(1 - D(G(z)))$ as the discriminator's *loss*. It is not: it is the game's
# **value function** $V$, which the discriminator *maximises* and the generator minimises. The loss
# is $L_D = -V$. Minimise $V$ as printed, and you train a discriminator to be wrong; section 3 tries
# it.
#
# **Logits.** For a logit of $-200$, $\sigma$ is 0 in the computer's numbers, and its logarithm is
# $-\infty$. So one never computes $\log \sigma(l)$ in two steps. With
# $\mathrm{softplus}(l) = \ln(1 + e^l)$,
#
# $$-\log \sigma(l) = \mathrm{softplus}(-l), \qquad
# -\log(1 - \sigma(l)) = \mathrm{softplus}(l) .$$
#
# **Write it**, from logits, with `ops.mean` and `ops.softplus`, which run on both engines.


# %%
def my_discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))


# %% [markdown]
# Checked against the definition and against ganlib, on random logits:

# %%
from ganlib.losses import minimax_discriminator_loss

real_logits, fake_logits = random.normal(scale=3, size=(2, 64, 1)).astype("float32")
mine = float(my_discriminator_loss(real_logits, fake_logits))
by_definition = loss_of_verdicts(sigmoid(real_logits), sigmoid(fake_logits))
theirs = float(minimax_discriminator_loss(real_logits, fake_logits))
print(f"mine {mine:.6f}, by definition {by_definition:.6f}, ganlib {theirs:.6f}")
extreme = float(my_discriminator_loss(np.full((1, 1), -200.0, "float32"), fake_logits))
print(f"with a real logit of -200: {extreme:.1f}, and not infinite")

# %%
show_source(minimax_discriminator_loss)

# %% [markdown]
# ## 3. What the best discriminator knows
#
# Suppose that $x$ has the density $p(x)$ and $G(z)$ the density $q(x)$. At one place $x$, the
# discriminator picks a number $D$, and pays $-p \log D - q \log(1 - D)$. The derivative by $D$ is
# zero where $p/D = q/(1 - D)$, so
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad l^*(x) = \ln \frac{p(x)}{q(x)} .$$
#
# **Predict.** Where real examples are three times as frequent as made ones, what does the best
# discriminator answer?

# %%
prediction = ...
candidates = np.linspace(0.001, 0.999, 999)
best = candidates[np.argmin(-3 * np.log(candidates) - 1 * np.log(1 - candidates))]
compare(prediction, best, tolerance=0.01)

# %% [markdown]
# It measures a *ratio of densities* without ever being told a density. Let us see one do it. Real
# numbers come from a bell curve around $+1$, made ones from the same curve around $-1$. Then
#
# $$l^*(x) = \ln \frac{e^{-(x-1)^2/2}}{e^{-(x+1)^2/2}} = 2x ,$$
#
# and the best discriminator is one layer. **Predict** its $W_d$.
#
# We train it by gradient descent, with the gradient written by hand. The derivative of
# $\mathrm{softplus}(l)$ is $\sigma(l)$, so each example pushes its logit by
#
# $$\frac{\partial L_D}{\partial l} = \sigma(l) - 1 \;\text{ (real)}, \qquad
# \frac{\partial L_D}{\partial l} = \sigma(l) \;\text{ (made)},$$
#
# and since $l = x W_d + b_d$, the push reaches $W_d$ times $x$, and $b_d$ as it is.


# %%
def my_discriminator_gradients(W_d, b_d, real, fake):
    real_push = (sigmoid(real @ W_d + b_d) - 1) / len(real)
    fake_push = sigmoid(fake @ W_d + b_d) / len(fake)
    return real.T @ real_push + fake.T @ fake_push, real_push.sum(0) + fake_push.sum(0)


def descend(real, fake, steps=300, sign=1.0):
    W_d, b_d = np.zeros((1, 1)), np.zeros(1)
    for _ in range(steps):
        for_W, for_b = my_discriminator_gradients(W_d, b_d, real, fake)
        W_d, b_d = W_d - sign * for_W, b_d - sign * for_b
    return W_d, b_d


prediction = ...  # W_d
bell = random.normal(size=(2, 20000, 1))
right_W, right_b = descend(bell[0] + 1, bell[1] - 1)
compare(prediction, float(right_W[0, 0]))

# %% [markdown]
# The engine differentiates for us: `value_and_grad` gives a function's value and its derivative by
# a list of variables. Does it agree with our hands?

# %%
from ganlib.backend import value_and_grad

real, made = random.normal(size=(2, 64, 2)).astype("float32")


def loss():
    return my_discriminator_loss(D(real), D(made)), None


(value, _), gradients = value_and_grad(loss, D.trainable_variables)
by_hand = my_discriminator_gradients(W_d, b_d, real, made)
pairs = zip(by_hand, gradients, strict=True)
hand_difference = max(np.abs(hand - to_numpy(engine)).max() for hand, engine in pairs)
print(f"largest difference: {hand_difference:.1e}")

# %% [markdown]
# Now the printed sign: twenty steps that minimise $V$, and twenty that minimise $L_D$. How often is
# each right about 40,000 numbers? The best possible is 84 %.


# %%
def share_right(W_d, b_d):
    real_right = (bell[0] + 1) @ W_d + b_d > 0
    fake_right = (bell[1] - 1) @ W_d + b_d < 0
    return (real_right.mean() + fake_right.mean()) / 2


right_share = share_right(*descend(bell[0] + 1, bell[1] - 1, 20))
printed_share = share_right(*descend(bell[0] + 1, bell[1] - 1, 20, sign=-1))
print(f"L_D minimised: right {right_share:.0%}.  V minimised, as printed: {printed_share:.0%}.")

# %% [markdown]
# ### The loss measures a distance
#
# Put $D^*$ into $L_D$. What comes out is
#
# $$L_D(D^*) = 2 \ln 2 - 2\,\mathrm{JSD}(p, q), \qquad
# \mathrm{JSD}(p, q) = \tfrac12 \int p \ln \frac{p}{m} + \tfrac12 \int q \ln \frac{q}{m},
# \quad m = \frac{p + q}{2} .$$
#
# The **Jensen-Shannon divergence** is 0 when the two densities are the same and $\ln 2$ when they
# never overlap. So $L_D$ of the *best* discriminator runs from $2 \ln 2$ (no difference left) to 0
# (nothing in common). Any other discriminator has a larger loss: what we read off a training curve
# is only a bound, however honest.
#
# We test it: the integral as a curve, discriminators that we train as dots.


# %%
def best_loss(distance):
    x = np.linspace(-12, 12, 4001)
    p, q = [np.exp(-((x - c) ** 2) / 2) / np.sqrt(2 * np.pi) for c in (distance / 2, -distance / 2)]
    return np.sum(p * np.log1p(q / p) + q * np.log1p(p / q)) * (x[1] - x[0])


distances = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
trained_losses = []
for distance in distances:
    real, made = bell[0] + distance / 2, bell[1] - distance / 2
    W, b = descend(real, made)
    trained_losses.append(loss_of_verdicts(sigmoid(real @ W + b), sigmoid(made @ W + b)))

# %%
figure = Figure(figsize=(7, 3), layout="constrained")
axes = figure.subplots()
fine = np.linspace(0, 8, 81)
axes.plot(fine, [best_loss(d) for d in fine], color="#0072B2", label="2 ln 2 - 2 JSD")
axes.plot(distances, trained_losses, "o", color="#D55E00", label="trained, one layer")
axes.set(xlabel="Distance of the two bell curves", ylabel="Loss of D", ylim=(0, None))
axes.axhline(2 * np.log(2), color="0.45", linewidth=0.8)
axes.text(8, 2 * np.log(2) - 0.03, "2 ln 2", ha="right", va="top")
axes.legend()
show(figure, alt="The loss falls from 2 ln 2 at distance 0 towards 0; flat from about 6 on.")

# %% [markdown]
# The generator would like to climb this curve to the left. Look at its right end: it is flat. Far
# from the goal there is no slope to follow. That is the trouble of the next section.

# %% [markdown]
# ## 4. What the generator wants
#
# Only the second term of $V$ contains $G$. In the **minimax** game, the generator minimises what
# the discriminator maximises:
#
# $$L_G = \mathrm{E}_z \log\bigl(1 - D(G(z))\bigr) .$$
#
# Goodfellow and his co-authors, who invented the game in 2014, proposed another loss with the same
# goal in the same paper, and used it. It is called **non-saturating**: make the made ones pass for
# real.
#
# $$L_G = -\,\mathrm{E}_z \log D(G(z)) .$$
#
# **Write both**, from logits.


# %%
def my_minimax_loss(fake_logits):
    return -ops.mean(ops.softplus(fake_logits))


def my_generator_loss(fake_logits):
    return ops.mean(ops.softplus(-fake_logits))


# %%
from ganlib.losses import minimax_generator_loss, non_saturating_generator_loss

generator_difference = max(
    abs(float(my_minimax_loss(fake_logits)) - float(minimax_generator_loss(fake_logits))),
    abs(float(my_generator_loss(fake_logits)) - float(non_saturating_generator_loss(fake_logits))),
)
print(f"largest difference: {generator_difference:.1e}")
show_source(minimax_generator_loss, non_saturating_generator_loss)

# %% [markdown]
# **Predict.** The generator has won: $D = 1/2$ everywhere. What is its non-saturating loss?

# %%
prediction = ...
won = float(my_generator_loss(np.zeros((1, 1), "float32")))
compare(prediction, won)

# %% [markdown]
# So at the end of a perfect game the discriminator's loss is $2 \ln 2 = 1.386$ and the generator's
# $\ln 2 = 0.693$ (minimax: $-0.693$).
#
# Both losses fall as the logit grows. They differ in *how steeply*:
#
# $$\frac{\partial}{\partial l}\bigl(-\mathrm{softplus}(l)\bigr) = -\sigma(l), \qquad
# \frac{\partial}{\partial l}\,\mathrm{softplus}(-l) = -(1 - \sigma(l)) .$$
#
# **Predict.** Early in training the discriminator sees through everything and gives
# $D(G(z)) = 0.01$. How many times stronger is the non-saturating push than the minimax one?

# %%
from ganlib.backend import input_gradient

logits = np.linspace(-8, 8, 161).astype("float32")
push_minimax = -to_numpy(input_gradient(lambda logit: -ops.softplus(logit), logits))
push_other = -to_numpy(input_gradient(lambda logit: ops.softplus(-logit), logits))
surely_made = np.array([np.log(0.01 / 0.99)], "float32")  # the logit of D = 0.01
strong = input_gradient(lambda logit: ops.softplus(-logit), surely_made)
push_ratio = float(strong[0] / input_gradient(lambda logit: -ops.softplus(logit), surely_made)[0])
prediction = ...
compare(prediction, push_ratio)

# %%
figure = Figure(figsize=(7, 3), layout="constrained")
left, right = figure.subplots(1, 2, sharex=True)
for panel, minimax, other, title in (
    (left, -np.logaddexp(0, logits), np.logaddexp(0, -logits), "Loss"),
    (right, push_minimax, push_other, "Push on the logit"),
):
    panel.plot(logits, minimax, "--", color="#D55E00", label="minimax")
    panel.plot(logits, other, color="#0072B2", label="non-saturating")
    panel.set(xlabel="Logit of a made example", title=title)
left.legend()
show(
    figure,
    alt="Both losses fall. Minimax is flat at negative logits, where its push is 0 and that of the "
    "non-saturating loss is 1; at positive logits it is the other way round.",
)

# %% [markdown]
# Minimax pushes hardest where the generator has won already, and not at all where it is hopeless.
# Non-saturating does the opposite. That is why we use it.
#
# ### How the push reaches the generator
#
# The generator never sees a real example. All it learns comes *through* the discriminator: from
# the logit back to $G(z)$ by way of $W_d$, and on to $W_g$ by way of $z$. For one layer each,
#
# $$\frac{\partial L_G}{\partial G(z)} = -(1 - \sigma(l))\,W_d^\top, \qquad
# \frac{\partial L_G}{\partial W_g} = \mathrm{E}\; z^\top \frac{\partial L_G}{\partial G(z)}, \qquad
# \frac{\partial L_G}{\partial b_g} = \mathrm{E}\; \frac{\partial L_G}{\partial G(z)} .$$


# %%
def my_generator_gradients(z):
    logits = my_discriminator(my_generator(z))
    push = -(1 - sigmoid(logits)) @ W_d.T / len(z)  # (batch, 2): where each point should go
    return z.T @ push, push.sum(0)


# %%
z = random.normal(size=(64, 3)).astype("float32")
_, gradients = value_and_grad(lambda: (my_generator_loss(D(G(z))), None), G.trainable_variables)
pairs = zip(my_generator_gradients(z), gradients, strict=True)
chain_difference = max(np.abs(hand - to_numpy(engine)).max() for hand, engine in pairs)
print(f"largest difference: {chain_difference:.1e}")

# %% [markdown]
# ## 5. The training loop
#
# The two take turns. **The discriminator's step**: fresh real examples, fresh made ones, one step
# down $L_D$ for $W_d$ and $b_d$ alone. `stop_gradient` says that $G$ is not to be changed here.


# %%
def discriminator_step(G, D, optimizer, real, z):
    fake = ops.stop_gradient(G(z))

    def loss():
        return my_discriminator_loss(D(real), D(fake)), None

    (value, _), gradients = value_and_grad(loss, D.trainable_variables)
    optimizer.apply(gradients, D.trainable_variables)
    return float(value)


# %% [markdown]
# **The generator's step**: fresh $z$, one step down $L_G$ for $W_g$ and $b_g$ alone. The gradient
# passes through $D$, and $D$ stays as it is.


# %%
def generator_step(G, D, optimizer, z):
    def loss():
        return my_generator_loss(D(G(z))), None

    (value, _), gradients = value_and_grad(loss, G.trainable_variables)
    optimizer.apply(gradients, G.trainable_variables)
    return float(value)


# %% [markdown]
# That is a GAN, whole. Our first real examples are points around eight centres on a circle: easy to
# draw, and hard enough, since a generator likes to visit only some of the centres.


# %%
ANGLES = np.arange(8) * np.pi / 4
CENTRES = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)


def ring(count, seed):
    random = np.random.default_rng(seed)
    spread = 0.1 * random.normal(size=(count, 2))
    return (CENTRES[random.integers(8, size=count)] + spread).astype("float32")


def networks():
    return dense_generator(2, latent_dim=8, hidden=(64, 64)), dense_discriminator(2, (64, 64))


# %% [markdown]
# **Predict.** $D$ has the layers $2 \to 64 \to 64 \to 1$. How many weights and biases are these?

# %%
G, D = networks()
prediction = ...
compare(prediction, D.count_params(), tolerance=0.001)

# %% [markdown]
# Thirty turns. Adam is gradient descent with a step size of its own for each weight.

# %%
optimizer_g, optimizer_d = [keras.optimizers.Adam(1e-3, 0.0, 0.99) for _ in range(2)]
for turn in range(30):
    z = random.normal(size=(2, 256, 8)).astype("float32")
    L_D = discriminator_step(G, D, optimizer_d, ring(256, seed=turn), z[0])
    L_G = generator_step(G, D, optimizer_g, z[1])
    if turn % 10 == 9:
        print(f"turn {turn + 1}: L_D {L_D:.3f}, L_G {L_G:.3f}")

# %% [markdown]
# ganlib's `GAN` is a `keras.Model` with the same two steps. (It can do more: labels, a penalty,
# averaged weights. Skip those lines for now.)

# %%
from ganlib.training.engine.gan import GAN

show_source(GAN.update_discriminator, GAN.update_generator)

# %% [markdown]
# Same weights, same examples, same random numbers: do three of its updates leave the same weights
# as three of our turns? `SeedGenerator(5)` deals both the same $z$.

# %%
G, D = networks()
twins = [keras.models.clone_model(network) for network in (G, D)]
for twin, network in zip(twins, (G, D), strict=True):
    twin.set_weights(network.get_weights())
gan = GAN(*twins, seed=5)
gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
seeds = keras.random.SeedGenerator(5)
optimizer_g, optimizer_d = [keras.optimizers.SGD(0.1) for _ in range(2)]
for turn in range(3):
    gan.update(ops.convert_to_tensor(ring(64, turn)))
    z = [keras.random.normal((64, 8), seed=seeds) for _ in range(2)]
    discriminator_step(G, D, optimizer_d, ring(64, turn), z[0])
    generator_step(G, D, optimizer_g, z[1])

# %%
pairs = zip(G.weights + D.weights, twins[0].weights + twins[1].weights, strict=True)
loop_difference = max(np.abs(to_numpy(a.value) - to_numpy(b.value)).max() for a, b in pairs)
print(f"largest difference in any weight: {loop_difference:.1e}")

# %% [markdown]
# ## 6. Eight islands
#
# From now on `gan.fit` runs the loop. It does the same, compiled, and much faster. One *epoch*
# below is 50 turns with 256 points each.

# %%
TURNS, BATCH = 50, 256
EPOCHS = (0, 2, 8, 32) if QUICK else (0, 2, 8, 160)
real = ring(TURNS * BATCH, seed=0)
fixed_z = random.normal(size=(1000, 8)).astype("float32")
GRID = np.linspace(-1.7, 1.7, 69, dtype="float32")
GRID_POINTS = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2)

# %% [markdown]
# We stop four times and take two pictures: of the points that $G$ makes of 1000 fixed $z$, and of
# the discriminator's verdict at every place of the plane.

# %%
keras.utils.set_random_seed(2)
G, D = networks()
gan = GAN(G, D, seed=2)
gan.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99))
snapshots, curves = [], {"discriminator_loss": [], "generator_loss": []}
for before, epoch in zip((0, *EPOCHS), EPOCHS, strict=False):
    if epoch > before:
        history = gan.fit(real, batch_size=BATCH, epochs=epoch - before, verbose=0).history
        for name, curve in curves.items():
            curve += history[name]
    verdict = sigmoid(to_numpy(D(GRID_POINTS))).reshape(len(GRID), -1)
    snapshots.append((epoch * TURNS, to_numpy(G(fixed_z)), verdict))

# %%
figure = Figure(figsize=(7.2, 6.6), layout="constrained")
for panel, (turn, fake, verdict) in zip(figure.subplots(2, 2).flat, snapshots, strict=True):
    colours = panel.contourf(GRID, GRID, verdict, np.linspace(0, 1, 11), cmap="RdBu")
    panel.plot(*real[:300].T, "o", color="#08306b", markersize=2.5, label="real")
    panel.plot(*fake[:300].T, "x", color="black", markersize=4, label="made")
    panel.set(title=f"after {turn} turns", aspect="equal", xlim=(-1.7, 1.7), ylim=(-1.7, 1.7))
panel.legend(loc="center")
figure.colorbar(colours, ax=figure.axes[:4], label="D: probability of being real")
show(
    figure,
    alt="Eight groups of real points on a circle. The made points start as a heap in the middle, "
    "scatter over the plane, gather on the circle, and end in the eight groups with a few between "
    "them. The verdict starts pale and ends red off the circle, pale where the points are.",
)

# %% [markdown]
# Read the pictures one by one. $D$ paints the plane: blue where it believes, red where it doubts.
# The made points run uphill towards the blue, and when they arrive, $D$ repaints. It ends pale,
# near $1/2$, wherever points are.
#
# **Predict.** If $G$ made points exactly like the real ones, what would $L_D$ be? Here is how near
# to it the game ended.

# %%
ends = {"L_D": np.mean(curves["discriminator_loss"][-5:])}
ends["L_G"] = np.mean(curves["generator_loss"][-5:])
prediction = ...
compare(prediction, ends["L_D"])

# %%
levels = {"2 ln 2": 2 * np.log(2), "ln 2": np.log(2)}
show(training_curves(curves, "Eight islands", every=TURNS, levels=levels))

# %% [markdown]
# The curves end where the theory says, and say nothing about the pictures: they were near the same
# numbers long before the points were good. The game's losses are a *balance*, not a mark. A mark we
# have to make ourselves. Which share of the made points lies near a centre (three standard
# deviations of the real ones), and how many of the eight centres get at least 2 % each?


# %%
def on_islands(made):
    distance = np.linalg.norm(made[:, None] - CENTRES, axis=-1)
    near = distance.min(axis=1) < 0.3
    visits = np.bincount(distance.argmin(axis=1)[near], minlength=8) / len(made)
    return near.mean(), int((visits > 0.02).sum())


marks = {f"made, {turn} turns": on_islands(fake) for turn, fake, _ in snapshots}
marks["real"] = on_islands(ring(1000, seed=1))
for name, (share, islands) in marks.items():
    print(f"{name:<16} {share:4.0%} near a centre, {islands} of 8 centres visited")

# %% [markdown]
# Some points always lie between the islands. $G$ bends one connected cloud of $z$ into eight parts,
# and a bend has no gaps: it can only cross the water quickly.

# %% [markdown]
# ## 7. A piece of sound is a point
#
# A point in the plane is two numbers. A piece of sound is 1024 of them: a point in a space of 1024
# dimensions. Nothing else changes.
#
# `voice` ships with the course: telephone prompts by Allison Smith. **Predict.** How many
# milliseconds do $N = 1024$ samples at 8000 Hz last?

# %%
from ganlib.audio import AudioFormat
from ganlib.data import load_clips

N, f_s = 1024, 8000
long_format = AudioFormat(sample_rate=f_s, clip_samples=16384)
clips = load_clips("voice", split="train", audio_format=long_format, pieces="all")
prediction = ...  # milliseconds
compare(prediction, 1000 * N / f_s)

# %% [markdown]
# We want vowels. In a vowel the sound repeats with the pitch of the voice (chapter 01): shifted by
# one period, it agrees with itself. Call the best agreement over all likely pitches its
# **periodicity**: near 1 for a vowel, near 0 for noise.


# %%
def periodicity(pieces):
    """Largest agreement of each row with itself, shifted by a period of 80 to 320 Hz."""
    best = np.zeros(len(pieces))
    for lag in range(f_s // 320, f_s // 80):
        a, b = pieces[:, :-lag], pieces[:, lag:]
        power = np.sqrt(np.einsum("ij,ij->i", a, a) * np.einsum("ij,ij->i", b, b))
        best = np.maximum(best, np.einsum("ij,ij->i", a, b) / (power + 1e-9))
    return best


# %% [markdown]
# Each quarter of a second gives one piece, cut around its highest peak, so that a pulse of the
# voice always sits in the middle. A fully connected network does not know that samples have
# neighbours; alignment spares it from learning every pulse at every place. Pieces are brought to
# the same power, and those with a periodicity above 0.8 are kept.


# %%
def pieces_of(clip):
    starts = range(N // 2, len(clip) - 5 * N // 2 + 1, 2 * N)
    peaks = [start + int(np.argmax(clip[start : start + 2 * N])) for start in starts]
    return np.array([clip[peak - N // 2 : peak + N // 2] for peak in peaks])


cut = np.concatenate([pieces_of(clip) for clip in clips.samples[..., 0]])
cut = cut[cut.std(axis=1) > 0.01]
pieces = cut[periodicity(cut) > 0.8]
pieces /= pieces.std(axis=1, keepdims=True)
random.shuffle(pieces)
held_out, pieces = pieces[:256], pieces[256:]
print(f"{len(pieces)} pieces to learn from, {len(held_out)} held out to measure with")

# %% [markdown]
# The generator has the layers $32 \to 256 \to 256 \to 1024$. **Predict.** How many weights and
# biases does its *last* layer have?


# %%
def networks_for_sound():
    keras.utils.set_random_seed(2)
    G = dense_generator((N, 1), latent_dim=32, hidden=(256, 256))
    return G, dense_discriminator((N, 1), hidden=(256, 256))


G, D = networks_for_sound()
last = [layer for layer in G.layers if layer.weights][-1]
prediction = ...
compare(prediction, last.count_params(), tolerance=0.001)

# %% [markdown]
# The same `GAN`, with one thing more: `penalty="r1"` keeps the slopes of $D$ small at real pieces.
# Chapter 04 explains it, and exercise 2 asks what it does here. We measure with the *averaged*
# generator, whose weights are a running mean of the trained ones.

# %%
G, D = networks_for_sound()
gan = GAN(G, D, penalty="r1", penalty_weight=0.5, penalty_interval=8, average_decay=0.995, seed=2)
gan.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99))
fixed_z = random.normal(size=(256, 32)).astype("float32")
untrained = to_numpy(G(fixed_z))[..., 0]
EPOCHS, BATCH = (60, 64) if QUICK else (400, 64)
history = gan.fit(pieces[..., None], batch_size=BATCH, epochs=EPOCHS, verbose=0).history
trained = to_numpy(gan(fixed_z))[..., 0]
print(f"{EPOCHS} epochs of {-(-len(pieces) // BATCH)} turns")

# %%
sound_curves = {name: history[name] for name in curves}
every = -(-len(pieces) // BATCH)
show(training_curves(sound_curves, "Pieces of a voice", every=every, levels=levels))

# %% [markdown]
# The discriminator's loss stays below $2 \ln 2$: it can still tell. By section 3, the divergence of
# made from real pieces is *at least* $(2 \ln 2 - L_D)/2$. But pieces that $D$ was trained on
# flatter it: it may know them by heart. So we ask it about the held-out ones.

# %%
sound_L_D = float(np.mean(history["discriminator_loss"][-10:]))
held_out_L_D = float(my_discriminator_loss(D(held_out[..., None]), D(G(fixed_z))))
divergence = (2 * np.log(2) - held_out_L_D) / 2
print(f"L_D on pieces it was trained on {sound_L_D:.2f}, on others {held_out_L_D:.2f}")
print(f"The divergence is at least {divergence / np.log(2):.0%} of its largest value, ln 2.")

# %%
noise = random.normal(size=(256, N)).astype("float32")
makers = {"real": held_out, "noise": noise, "G untrained": untrained, "G trained": trained}
figure = Figure(figsize=(8, 5), layout="constrained")
panels = figure.subplots(4, 4, sharex=True, sharey="col")
for column, (name, rows) in zip(panels.T, makers.items(), strict=True):
    column[0].set_title(name)
    column[-1].set_xlabel("Time (ms)")
    for panel, row in zip(column, rows, strict=False):
        panel.plot(1000 * np.arange(N) / f_s, row, color="#0072B2", linewidth=0.5)
        panel.set_yticks([])
show(
    figure,
    alt="Four pieces of each. Real: pulses that repeat, louder and softer. Noise and the untrained "
    "generator: a band without pattern. Trained: pulses that repeat, with some roughness on them.",
)

# %% [markdown]
# ## 8. Listen
#
# A piece lasts an eighth of a second, too short for a word. We play eight in a row, with short
# pauses, each faded in and out.


# %%
def in_a_row(rows, count=8):
    fade = np.minimum(1, 8 * np.minimum(np.arange(N), np.arange(N)[::-1]) / N)
    silence = np.zeros((count, f_s // 12))
    row = np.concatenate([rows[:count] * fade, silence], axis=1).ravel()
    return 0.9 * row / np.abs(row).max()


words = {
    "real": ("(eight vowels, no whole word)", "Real: pieces of Allison Smith's voice"),
    "noise": ("(noise, no words)", "Random numbers of the same power"),
    "G untrained": ("(noise, no words)", "G(z) before training"),
    "G trained": ("(eight pitched sounds, no words)", "G(z) after training, here and now"),
}
play_all([player(in_a_row(makers[name]), f_s, *words[name]) for name in makers], columns=2)

# %% [markdown]
# Compare the last with the others: what has it got, and what is wrong with it? Two marks: the
# periodicity, and how far the average spectrum is from that of the held-out pieces, in decibels
# over 32 bands of 125 Hz, all brought to the same power.


# %%
def average_spectrum_db(rows):
    rows = rows / rows.std(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(rows * np.hanning(N))[:, :512]) ** 2
    return 10 * np.log10(power.reshape(len(rows), 32, 16).mean(axis=(0, 2)))


target_db = average_spectrum_db(held_out)
makers["other real"] = pieces[:256]
table = {
    name: (periodicity(rows).mean(), np.abs(average_spectrum_db(rows) - target_db).mean())
    for name, rows in makers.items()
}
print(f"{'maker':<12} {'periodicity':>12} {'spectrum':>16}")
for name, (repeats, away_db) in table.items():
    print(f"{name:<12} {repeats:12.2f} {away_db:9.1f} dB away")
too_much_db = (average_spectrum_db(trained) - target_db)[19:].mean()
print(f"above 2375 Hz, the trained generator has {too_much_db:.1f} dB too much")

# %% [markdown]
# It has learned the pitch, and it hisses: too much sound high up, where a vowel has little. Nothing
# ties an output of $G$ to its neighbours, so what each gets wrong, it gets wrong by itself, and
# that is noise. Chapter 06 builds a network in which neighbours share their weights. This is how
# its weights sound that ship with ganlib, all ten digits, the good and the bad. It is the same
# game, with the same two losses:

# %%
from ganlib import pretrained

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
synthesizer = pretrained.load("wavegan-fsdd")
rate = synthesizer.audio_format.sample_rate
spoken, labels = synthesizer.generate(10, seed=0)
asked = [int(synthesizer.label_names[label]) for label in labels]
play_all(
    [
        player(clip / np.abs(clip).max(), rate, f"{WORDS[digit]}, if it worked", "WaveGAN's G(z)")
        for clip, digit in zip(spoken, asked, strict=True)
    ],
    title="What is to come: chapter 06",
)

# %% [markdown]
# ## 9. Exercises
#
# 1. **Modify.** Train the islands with `GAN(G, D, loss="minimax", seed=2)`. Section 4 warns of it.
#    How much worse does it do, and why?
# 2. **Modify.** Train the sound without `penalty`. Which of these change: the periodicity, the
#    spectrum, the losses?
# 3. **Investigate.** In section 3, put the two bell curves at the same place. What are $W_d$, $b_d$
#    and $L_D$?
# 4. **Find the bug.** Someone writes the generator's step with `D.trainable_variables +
#    G.trainable_variables`. The program runs, and $L_G$ falls far below $\ln 2$. A success?
# 5. **Make.** Choose two rows of `fixed_z` and go from one to the other in eight equal steps. Play
#    the eight pieces with `in_a_row`. Does the voice change suddenly or little by little?
#
# <details><summary>Solutions</summary>
#
# 1. Hardly at all: over four seeds 86 to 89 % of the points end near a centre, against 88 to 90 %.
#    Here $D$ was never sure ($L_D$ of 1.26 or more at each look), and near $l = 0$ both push by
#    1/2. The warning is about a $D$ that is far ahead.
# 2. The spectrum is 7.1 to 7.2 dB away instead of 6.0 (two seeds). The periodicity is the same, and
#    so, nearly, are the losses: they would not have told you.
# 3. Both near 0, and $L_D = 2 \ln 2$: the first dot of the picture.
# 4. No: the step trains $D$ as well, to call made points real. The judge is bribed. After 200 turns
#    $L_G$ is 0.34, and no point is near a centre. $L_D$ tells: it has risen to 3.3, far above
#    $2 \ln 2$.
# 5. `t = np.linspace(0, 1, 8, dtype="float32")[:, None]`, then
#    `in_a_row(to_numpy(gan(fixed_z[:1] * (1 - t) + fixed_z[1:2] * t))[..., 0])`. Little by little:
#    $G$ is continuous, and each of the seven steps changes the piece by 12 to 21 % of the distance
#    between the two ends.
#
# </details>

# %% [markdown]
# ## 10. What this chapter claimed

# %%
assert abs(no_idea - 2 * np.log(2)) < 1e-6 and abs(won - np.log(2)) < 1e-6  # 1.386 and 0.693
assert abs(best - 3 / 4) < 1e-3  # the best discriminator: p / (p + q)
assert abs(right_W[0, 0] - 2) < 0.1 and abs(right_b[0]) < 0.1  # it finds l(x) = 2 x
assert right_share > 0.8 > 0.2 > printed_share  # the printed sign trains it to be wrong
assert np.allclose(trained_losses, [best_loss(d) for d in distances], atol=0.05)  # 2 ln 2 - 2 JSD
assert abs(push_ratio - 99) < 0.1  # the non-saturating push, where D = 0.01
assert np.allclose(push_minimax, sigmoid(logits), atol=1e-5)
assert np.allclose(push_other, 1 - sigmoid(logits), atol=1e-5)

# %%
assert layer_difference < 1e-5 and hand_difference < 1e-5 and chain_difference < 1e-5
assert abs(mine - theirs) < 1e-5 and abs(mine - by_definition) < 1e-4 and np.isfinite(extreme)
assert generator_difference < 1e-6 and loop_difference < 1e-5  # ours is the library's
first, last_mark = marks["made, 0 turns"], on_islands(snapshots[-1][1])
assert last_mark[0] > 0.6 > 0.3 > first[0] and last_mark[1] >= 7  # the islands are found
assert 1.2 < ends["L_D"] < 1.45 and 0.6 < ends["L_G"] < 0.85  # and the game is near its end
assert 0 < sound_L_D < ends["L_D"]  # sound is harder
assert table["G trained"][0] > table["G untrained"][0] + 0.2  # it found the pitch
assert table["G trained"][1] < 0.6 * table["G untrained"][1]  # and some of the spectrum
assert too_much_db > 3  # it hisses
assert table["other real"][1] < table["G trained"][1]  # but real is better
assert spoken.shape[1:] == (synthesizer.audio_format.clip_samples, 1)
