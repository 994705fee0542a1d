"""Losses: pure functions of logits and features."""

from ganlib.losses.adversarial import (
    get_losses,
    hinge_discriminator_loss,
    hinge_generator_loss,
    least_squares_discriminator_loss,
    least_squares_generator_loss,
    minimax_discriminator_loss,
    minimax_generator_loss,
    non_saturating_discriminator_loss,
    non_saturating_generator_loss,
    wasserstein_discriminator_loss,
    wasserstein_generator_loss,
)
from ganlib.losses.classification import classification_loss
from ganlib.losses.penalties import (
    dragan_penalty,
    get_penalty,
    r1_penalty,
    r2_penalty,
    wgan_gradient_penalty,
)
from ganlib.losses.pitch import pitch_loss
from ganlib.losses.reconstruction import feature_distance, mel_distance, stft_distance

__all__ = [
    "classification_loss",
    "dragan_penalty",
    "feature_distance",
    "get_losses",
    "get_penalty",
    "hinge_discriminator_loss",
    "hinge_generator_loss",
    "least_squares_discriminator_loss",
    "least_squares_generator_loss",
    "mel_distance",
    "minimax_discriminator_loss",
    "minimax_generator_loss",
    "non_saturating_discriminator_loss",
    "non_saturating_generator_loss",
    "pitch_loss",
    "r1_penalty",
    "r2_penalty",
    "stft_distance",
    "wasserstein_discriminator_loss",
    "wasserstein_generator_loss",
    "wgan_gradient_penalty",
]
