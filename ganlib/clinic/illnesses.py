"""The twelve illnesses: by which figures each is known, what it is, and what helps.

The first one that fits is the diagnosis, so what explains the others comes first: a bug before the
noise that it leaves, and silence before the missing variety of silence. Where each bound lies, and
what healthy and sick runs measured, stands in docs/clinic.md.
"""

from __future__ import annotations

from ganlib.clinic.signs import Illness, Sign
from ganlib.evaluation.watching.symptoms import ALIKE, ALIKE_WITHIN
from ganlib.metrics.health import SILENCE_DB

_ENOUGH_TO_DIFFER = 1e-7  # a relative change of weights that is not rounding

NOT_A_NUMBER = Illness(
    "not_a_number",
    "Weights are NaN: the losses of a game that ended well, and nobody who plays",
    (
        (Sign("broken_weights", "above", 0.0,
              "{value:.0f} weights of the generator are no finite numbers"),),
        (Sign("deaf", "above", 0.99,
              "the discriminator gives recordings and generated clips the same logit, to the last "
              "digit, in {value:.0%} of the last rows: it hears nothing. On a CPU, TensorFlow "
              "turns NaN into 0 behind a ReLU, and the loss is then 2 ln 2, of a perfect game"),),
    ),
    (
        "look at the recordings: one NaN is enough (np.isfinite(clips).all())",
        "lower both learning rates, --set penalty=r1 --set penalty_weight=0.5",
        "begin again: nothing heals a NaN, but ganlib stops at the first and keeps the checkpoint",
    ),
)  # fmt: skip
FORGOTTEN_STOP_GRADIENT = Illness(
    "forgotten_stop_gradient",
    "The discriminator's step trains the generator too: a stop-gradient is missing",
    ((
        Sign("foreign_step", "above", _ENOUGH_TO_DIFFER,
             "one step of the discriminator changes the generator's weights by {value:.1e} of "
             "their norm, where it must change nothing"),
    ),),
    (
        "wrap the generated clips of the discriminator's step in ops.stop_gradient",
        "give each optimizer the variables of its own network only",
    ),
)  # fmt: skip
FROZEN_DISCRIMINATOR = Illness(
    "frozen_discriminator",
    "The discriminator never learns: its optimizer was given the wrong variables",
    (
        (Sign("own_step", "below", _ENOUGH_TO_DIFFER,
              "one step of the discriminator changes its own weights by {value:.1e} of their norm, "
              "so it learns nothing"),),
        (Sign("fooled", "above", 0.9,
              "generated clips pass for real better than recordings do in {value:.0%} of the last "
              "half of the training (above {bound:.0%})"),
         Sign("lead", "below", -1.0,
              "their logit is ahead by {value:.1f} on average (below {bound:.0f})"),
         Sign("real_travel", "below", 0.2,
              "and that of recordings stands still (deviation {value:.2f}, below {bound:.1f})"),
         ),
    ),
    (
        "give the discriminator's optimizer discriminator.trainable_variables, after every clone",
        "if it does learn, let it learn faster: --set discriminator_learning_rate=1e-3",
    ),
)  # fmt: skip
CODEC_MISMATCH = Illness(
    "mel_mismatch",
    "Trained with one mel configuration, heard with another",
    ((
        Sign("codec_differences", "above", 0.0,
             "{value:.0f} settings of the codec that speaks differ from those of the training"),
        Sign("repainted", "above", 0.05,
             "painting the sound again with the training's codec misses the picture by {value:.2f} "
             "of its range (above {bound:.2f})"),
    ),),
    (
        "hear the run with the codec in its config.json: export the generator again with --resume",
        "--set the same sample_rate, n_fft, hop_length, n_mels, fmin_hz and fmax_hz everywhere",
    ),
)  # fmt: skip
SILENCE = Illness(
    "silence",
    "The clips are silent",
    ((
        Sign("level_db", "below", SILENCE_DB,
             "the level is {value:.0f} dB below full scale (below {bound:.0f} counts as silence)"),
    ),),
    (
        "--set signal_scale=0 measures the level of the recordings (wavegan, dense_gan)",
        "look at the recordings: ganlib data info NAME_OR_FOLDER",
    ),
)  # fmt: skip
MEMORISER = Illness(
    "memoriser",
    "The generator repeats its training recordings",
    (
        (Sign("copies", "above", "copies_of_new",
              "{value:.0%} of the clips are copies of a training recording (above {bound:.0%})",
              margin=0.2),),
        (Sign("nearness", "below", 0.5,
              "the clips are {value:.2f} times as far from the training recordings as new "
              "recordings are (below {bound:.1f})"),),
    ),
    (
        "more recordings: a network can learn a few by heart",
        "--set augmentation=shift+gain+time_cutout, so that no recording is seen twice alike",
        "fewer --steps, or a smaller --set dim",
    ),
)  # fmt: skip
DISCRIMINATOR_WINS = Illness(
    "discriminator_wins",
    "The discriminator wins too early: the generator is taught nothing more",
    ((
        Sign("discriminator_loss", "below", 0.1,
             "the discriminator's loss is {value:.3f} in the last half of the training (below "
             "{bound:.1f}): it is never wrong"),
        Sign("lead", "above", 5.0,
             "recordings lead by {value:.1f} in the logit (above {bound:.0f})"),
    ),),
    (
        "--set loss=non_saturating: minimax has no slope where the discriminator is sure",
        "--set penalty=r1 --set penalty_weight=0.5, which keeps the discriminator smooth",
        "--set discriminator_learning_rate as low as the generator's, discriminator_steps=1",
    ),
)  # fmt: skip
OSCILLATION = Illness(
    "oscillation",
    "Both players run in circles",
    (
        (Sign("unrest", "above", 0.5,
              "the discriminator's loss varies by {value:.2f} of its mean in the last half of the "
              "training (above {bound:.1f})"),
         Sign("discriminator_loss", "above", 0.1, "which is {value:.2f}")),
        (Sign("swing", "above", 3.0,
              "the logits travel {value:.1f} times the distance between recordings and generated "
              "clips, and back (above {bound:.0f})"),),
    ),
    (
        "--set beta_1=0: momentum keeps a circle going",
        "--set penalty=r1 --set penalty_weight=0.5",
        "lower both learning rates, or the generator's only (two time scales)",
        "--set average_decay=0.999: the average of a circle is its centre",
    ),
)  # fmt: skip
MODE_COLLAPSE = Illness(
    "mode_collapse",
    "Mode collapse: whatever the latent vector, nearly the same sound",
    (
        (Sign("spread", "below", ALIKE,
              "the clips differ {value:.2f} times as much as recordings do (below {bound:.2f})"),),
        (Sign("digits", "below", "few_digits",
              "only {value:.1f} digits are heard (below {bound:.1f})"),),
        (Sign("spread_within_labels", "below", ALIKE_WITHIN,
              "the clips of each label differ {value:.2f} times as much as recordings do (below "
              "{bound:.1f})"),),
        (Sign("spread_within_labels", "below", 0.25,
              "the clips of each label differ {value:.2f} times as much as recordings do (below "
              "{bound:.2f})"),
         Sign("named_as_asked", "above", 0.8,
              "although {value:.0%} of them are named as asked (above {bound:.0%}), so it is no "
              "noise: each label has one sound")),
    ),
    (
        "--set penalty=r1 --set penalty_weight=0.5, or loss=wasserstein with penalty=wgan_gp",
        "--set generator_learning_rate no higher than the discriminator's",
        "--set minibatch_stddev=true shows the discriminator how alike the clips are",
        "if it was only a few hundred steps: train longer, noise comes first",
    ),
)  # fmt: skip
IGNORED_LABELS = Illness(
    "ignored_labels",
    "The labels are ignored: the clips are varied, but not what was asked for",
    ((
        Sign("named_as_asked", "below", "by_chance",
             "{value:.0%} of the clips are named as asked (chance gives up to {bound:.0%})"),
    ),),
    (
        "--set label_head=projection, so that the discriminator judges clip and label together",
        "with label_head=auxiliary: --set auxiliary_weight=1",
        "look at the labels of the data: ganlib data info NAME_OR_FOLDER",
    ),
)  # fmt: skip
METALLIC_PHASE = Illness(
    "metallic_phase",
    "Metallic phase: the pictures are better than the sound that is made of them",
    ((
        Sign("impatience", "above", 2.0,
             "the sound misses its picture by {value:.2f} times what 60 iterations of Griffin-Lim "
             "leave (above {bound:.1f})"),
    ),),
    ("--set iterations=60: the phase needs patience, the network nothing",),
)  # fmt: skip
BUZZING = Illness(
    "buzzing",
    "Steady tones from strided upsampling",
    ((
        Sign("tone_excess_db", "above", 15.0,
             "a tone of the upsampling stands {value:.1f} dB out of the spectrum (above "
             "{bound:.0f})"),
    ),),
    (
        "--set kernel_size to a multiple of the strides (24 or 16, not 25)",
        "--set upsampling=repeat, or post_filter=true",
        "train longer: the discriminator hears the tone too",
    ),
)  # fmt: skip

ILLNESSES = (
    NOT_A_NUMBER,
    FORGOTTEN_STOP_GRADIENT, FROZEN_DISCRIMINATOR, CODEC_MISMATCH, SILENCE, MEMORISER,
    DISCRIMINATOR_WINS, BUZZING, MODE_COLLAPSE, OSCILLATION, IGNORED_LABELS, METALLIC_PHASE,
)  # fmt: skip
