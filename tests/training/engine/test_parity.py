"""Three updates by hand: TensorFlow and JAX both agree with one reference, and so with each other.

The reference is NumPy in float64 with derivatives worked out on paper; it imports nothing of ours
and nothing of an engine. The suite runs this file on each engine. The engines draw different random
numbers from the same seed, so the latent vectors are given.
"""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.training.engine.gan import GAN

UPDATES, BATCH, LATENT, HIDDEN, CLIP = 3, 6, 2, 4, 3
RATES, BETAS, R1_WEIGHT, DECAY = (0.02, 0.03), (0.3, 0.9), 0.7, 0.5
MOMENTUM, BN_EPSILON, ADAM_EPSILON = 0.8, 1e-3, 1e-7
# float32 keeps seven digits; Adam divides a gradient by its own size and so passes on its error.
TOLERANCE = {"rtol": 2e-4, "atol": 5e-6}

# The reference -----------------------------------------------------------------------------------
# G(z) = tanh(BN(z V)) U + u;  D(x) = tanh(x W + w) a + c. No bias before BN, which would take it
# away again: its gradient is rounding noise, and Adam would make a whole step of it.


def forward_g(weights, z):
    """Clips, what the way back needs, and the batch's statistics."""
    kernel, gamma, beta, out, out_bias = weights
    before = z @ kernel
    mean, variance = before.mean(0), before.var(0)
    spread = np.sqrt(variance + BN_EPSILON)
    normal = (before - mean) / spread
    hidden = np.tanh(gamma * normal + beta)
    return hidden @ out + out_bias, (z, gamma, spread, normal, hidden, out), (mean, variance)


def backward_g(kept, by_clips):
    z, gamma, spread, normal, hidden, out = kept
    by_sum = (by_clips @ out.T) * (1 - hidden**2)
    by_normal = by_sum * gamma
    centred = by_normal - by_normal.mean(0) - normal * (by_normal * normal).mean(0)
    by_before = centred / spread
    return [
        z.T @ by_before,
        (by_sum * normal).sum(0),
        by_sum.sum(0),
        hidden.T @ by_clips,
        by_clips.sum(0),
    ]


def forward_d(weights, x):
    kernel, bias, out, out_bias = weights
    hidden = np.tanh(x @ kernel + bias)
    return hidden @ out + out_bias, hidden


def backward_d(weights, x, hidden, by_logits):
    """Gradients by the weights and by the clips."""
    kernel, _, out, _ = weights
    by_sum = (by_logits @ out.T) * (1 - hidden**2)
    return [x.T @ by_sum, by_sum.sum(0), hidden.T @ by_logits, by_logits.sum(0)], by_sum @ kernel.T


def r1(weights, x):
    """E |grad D(x)|^2 with its gradients: grad D(x) = W s, s = a (1 - h^2)."""
    kernel, _, out, out_bias = weights
    hidden = forward_d(weights, x)[1]
    slope = out[:, 0] * (1 - hidden**2)
    gradient = slope @ kernel.T
    by_gradient = 2 * gradient / len(x)
    by_slope = by_gradient @ kernel
    by_sum = by_slope * out[:, 0] * (-2 * hidden) * (1 - hidden**2)
    by_weights = [
        by_gradient.T @ slope + x.T @ by_sum,
        by_sum.sum(0),
        (by_slope * (1 - hidden**2)).sum(0)[:, None],
        np.zeros_like(out_bias),
    ]
    return (gradient**2).sum(1).mean(), by_weights


def softplus(x):
    return np.logaddexp(0.0, x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def loss_d(weights, real, fake):
    """-E log D(x) - E log(1 - D(G(z))) + weight R1, its parts and its gradients."""
    (on_real, h_real), (on_fake, h_fake) = forward_d(weights, real), forward_d(weights, fake)
    loss = softplus(-on_real).mean() + softplus(on_fake).mean()
    penalty, by_penalty = r1(weights, real)
    by_real, _ = backward_d(weights, real, h_real, -sigmoid(-on_real) / len(real))
    by_fake, _ = backward_d(weights, fake, h_fake, sigmoid(on_fake) / len(fake))
    gradients = [
        a + b + R1_WEIGHT * c for a, b, c in zip(by_real, by_fake, by_penalty, strict=True)
    ]
    logs = {
        "discriminator_loss": loss,
        "penalty": penalty,
        "real_logit": on_real.mean(),
        "fake_logit": on_fake.mean(),
    }
    return logs, gradients


def loss_g(weights, discriminator, z):
    """-E log D(G(z)), its gradients and the batch's statistics."""
    clips, kept, statistics = forward_g(weights, z)
    logits, hidden = forward_d(discriminator, clips)
    _, by_clips = backward_d(discriminator, clips, hidden, -sigmoid(-logits) / len(z))
    return softplus(-logits).mean(), backward_g(kept, by_clips), statistics


class Adam:
    """Kingma and Ba (2015), arXiv 1412.6980, end of section 2, with the constant that Keras has."""

    def __init__(self, rate, weights):
        self.rate, self.count = rate, 0
        self.first = [np.zeros_like(w) for w in weights]
        self.second = [np.zeros_like(w) for w in weights]

    def step(self, weights, gradients):
        self.count += 1
        one, two = BETAS
        self.first = [one * m + (1 - one) * g for m, g in zip(self.first, gradients, strict=True)]
        self.second = [
            two * v + (1 - two) * g**2 for v, g in zip(self.second, gradients, strict=True)
        ]
        rate = self.rate * np.sqrt(1 - two**self.count) / (1 - one**self.count)
        moments = zip(weights, self.first, self.second, strict=True)
        return [w - rate * m / (np.sqrt(v) + ADAM_EPSILON) for w, m, v in moments]


def reference(g, d, real, latents, stale=False):
    """Weights, averages, statistics and losses after every update."""
    statistics = [np.zeros(HIDDEN), np.ones(HIDDEN)]
    average, average_statistics = list(g), list(statistics)
    adam_g, adam_d, logs = Adam(RATES[0], g), Adam(RATES[1], d), []
    for update in range(UPDATES):
        fake = forward_g(g, latents[update, 0])[0]
        found, gradients = loss_d(d, real[update], fake)
        before, d = d, adam_d.step(d, gradients)
        loss, gradients, batch = loss_g(g, before if stale else d, latents[update, 1])
        g = adam_g.step(g, gradients)
        statistics = [
            MOMENTUM * old + (1 - MOMENTUM) * new
            for old, new in zip(statistics, batch, strict=True)
        ]
        keep = min(DECAY, (1 + update) / (10 + update))
        average = [keep * a + (1 - keep) * w for a, w in zip(average, g, strict=True)]
        average_statistics = [
            keep * a + (1 - keep) * s for a, s in zip(average_statistics, statistics, strict=True)
        ]
        logs.append(found | {"generator_loss": loss})
    return {
        "generator": [*g, *statistics],
        "discriminator": d,
        "average": [*average, *average_statistics],
        "logs": logs,
    }


def start():
    """Weights of both networks, real clips and latent vectors, all exact in float32."""
    draw = np.random.default_rng(0)

    def normal(*shape):
        return draw.normal(0.0, 0.7, shape).astype("float32").astype("float64")

    g = [normal(LATENT, HIDDEN), 1 + normal(HIDDEN) / 4, normal(HIDDEN)]
    g += [normal(HIDDEN, CLIP), normal(CLIP)]
    g = [weight.astype("float32").astype("float64") for weight in g]
    d = [normal(CLIP, HIDDEN), normal(HIDDEN), normal(HIDDEN, 1), normal(1)]
    return g, d, normal(UPDATES, BATCH, CLIP), normal(UPDATES, 2, BATCH, LATENT)


@pytest.mark.parametrize("network", ["generator", "discriminator", "r1"])
def test_the_derivatives_on_paper_are_finite_differences(network):
    g, d, real, latents = start()
    weights, loss = {
        "generator": (g, lambda w: loss_g(w, d, latents[0, 0])[:2]),
        "discriminator": (d, lambda w: _total(w, real[0], latents[0, 0] @ g[0][:, :CLIP])),
        "r1": (d, lambda w: r1(w, real[0])),
    }[network]
    for index, gradient in enumerate(loss(weights)[1]):
        for place in np.ndindex(gradient.shape):
            values = []
            for step in (1e-5, -1e-5):
                moved = [weight.copy() for weight in weights]
                moved[index][place] += step
                values.append(loss(moved)[0])
            assert gradient[place] == pytest.approx((values[0] - values[1]) / 2e-5, abs=1e-8)


def _total(weights, real, fake):
    logs, gradients = loss_d(weights, real, fake)
    return logs["discriminator_loss"] + R1_WEIGHT * logs["penalty"], gradients


# Ours --------------------------------------------------------------------------------------------


class Told(GAN):
    """A GAN whose latent vectors are given, two batches for each update."""

    latents: np.ndarray

    def update(self, data):
        self.calls = 0
        return super().update(data)

    def generate(self, size, labels):
        batch = ops.take(ops.convert_to_tensor(self.latents), self.updates, axis=0)[self.calls]
        self.calls += 1
        return self.generator(batch, training=True)


def ours(g, d, latents) -> Told:
    layers = keras.layers
    generator = keras.Sequential(
        [
            keras.Input((LATENT,)),
            layers.Dense(HIDDEN, use_bias=False),
            layers.BatchNormalization(momentum=MOMENTUM, epsilon=BN_EPSILON),
            layers.Activation("tanh"),
            layers.Dense(CLIP),
        ]
    )
    discriminator = keras.Sequential(
        [keras.Input((CLIP,)), layers.Dense(HIDDEN, activation="tanh"), layers.Dense(1)]
    )
    for network, weights in ((generator, g), (discriminator, d)):
        for variable, value in zip(network.trainable_weights, weights, strict=True):
            variable.assign(value)
    gan = Told(
        generator,
        discriminator,
        penalty="r1",
        penalty_weight=R1_WEIGHT,
        average_decay=DECAY,
    )
    gan.latents = latents.astype("float32")
    gan.compile(
        *(keras.optimizers.Adam(rate, *BETAS, epsilon=ADAM_EPSILON) for rate in RATES),
    )
    return gan


def in_the_references_order(network) -> list[np.ndarray]:
    weights = [v for v in network.weights if "moving" not in v.name]
    statistics = [v for v in network.weights if "moving" in v.name]
    return [np.asarray(ops.convert_to_numpy(v.value)) for v in [*weights, *statistics]]


def agree(gan, logs, expected) -> None:
    networks = {
        "generator": gan.generator,
        "discriminator": gan.discriminator,
        "average": gan.average_generator,
    }
    for name, network in networks.items():
        for found, wanted in zip(in_the_references_order(network), expected[name], strict=True):
            np.testing.assert_allclose(found, wanted, **TOLERANCE, err_msg=name)
    for found, wanted in zip(logs, expected["logs"], strict=True):
        assert found == pytest.approx(wanted, rel=TOLERANCE["rtol"], abs=TOLERANCE["atol"])


def test_three_updates_by_fit_are_those_of_the_reference():
    g, d, real, latents = start()
    gan, noted = ours(g, d, latents), []
    note = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: noted.append(
            {key: float(value) for key, value in logs.items()}
        )
    )
    clips = real.reshape(-1, CLIP).astype("float32")
    gan.fit(clips, batch_size=BATCH, shuffle=False, verbose=0, callbacks=[note])
    agree(gan, noted, reference(g, d, real, latents))


def test_three_updates_one_by_one_are_those_of_the_reference():
    g, d, real, latents = start()
    gan, logs = ours(g, d, latents), []
    for clips in real:
        found = gan.update(ops.convert_to_tensor(clips.astype("float32")))
        logs.append({key: float(value) for key, value in found.items()})
    agree(gan, logs, reference(g, d, real, latents))


def test_the_tolerance_sees_a_generator_that_learns_from_the_discriminator_of_before():
    """A wrong turn that nobody hears: both networks step from the same moment."""
    right, wrong = (reference(*start(), stale=stale)["generator"] for stale in (False, True))
    differences = [np.abs(a - b).max() for a, b in zip(right, wrong, strict=True)]
    largest = max(np.abs(a).max() for a in right)
    assert max(differences) > 10 * (TOLERANCE["atol"] + TOLERANCE["rtol"] * largest)
