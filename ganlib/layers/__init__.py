"""Layers: one idea a file."""

from ganlib.layers.augmentation import Cutout, RandomBrightness, RandomGain
from ganlib.layers.conditioning import (
    ConditionalBatchNormalization,
    LabelEmbedding,
    Projection,
)
from ganlib.layers.downsampling import StridedConv1D, polyphase_convolution
from ganlib.layers.grouped import GroupedConv1D, grouped_convolution
from ganlib.layers.minibatch import LabelStandardDeviation, MinibatchStandardDeviation
from ganlib.layers.noise import GaussianNoise
from ganlib.layers.normalization import (
    PixelNormalization,
    SpectralNormalization,
    WeightNormalization,
)
from ganlib.layers.phase_shuffle import PhaseShuffle, RandomTimeShift, shift_in_time
from ganlib.layers.upsampling import (
    TransposedConv1D,
    UpsampleConv1D,
    polyphase_transposed_convolution,
    zero_insertion_transposed_convolution,
)

__all__ = [
    "ConditionalBatchNormalization",
    "Cutout",
    "GaussianNoise",
    "GroupedConv1D",
    "LabelEmbedding",
    "LabelStandardDeviation",
    "MinibatchStandardDeviation",
    "PhaseShuffle",
    "PixelNormalization",
    "Projection",
    "RandomBrightness",
    "RandomGain",
    "RandomTimeShift",
    "SpectralNormalization",
    "StridedConv1D",
    "TransposedConv1D",
    "UpsampleConv1D",
    "WeightNormalization",
    "grouped_convolution",
    "polyphase_convolution",
    "polyphase_transposed_convolution",
    "shift_in_time",
    "zero_insertion_transposed_convolution",
]
