"""How a network is told which word to say, and how a discriminator asks whether it was said."""

import keras
from keras import ops

from ganlib.layers.normalization import SpectralNormalization


@keras.saving.register_keras_serializable("ganlib")
class LabelEmbedding(keras.layers.Layer):
    """A learned vector for each class: `e(y) = E[y]`.

    Args:
        classes: number of classes; labels are integers in 0 ... classes - 1.
        dimension: length of each vector.

    Raises:
        ValueError: if either size is below 1.

    Example:
        >>> import numpy as np
        >>> LabelEmbedding(classes=10, dimension=4)(np.array([3, 7])).shape == (2, 4)
        True
    """

    def __init__(self, classes: int, dimension: int, **kwargs):
        super().__init__(**kwargs)
        if min(classes, dimension) < 1:
            raise ValueError(
                f"classes and dimension must be at least 1, not {classes} and {dimension}."
            )
        self.classes, self.dimension = classes, dimension

    def build(self, input_shape=None):
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.classes, self.dimension),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
        )

    def call(self, labels):
        # A product with a one-hot matrix: unlike a gather its gradient is dense on every engine.
        return ops.matmul(
            ops.one_hot(ops.cast(labels, "int32"), self.classes, dtype=self.compute_dtype),
            ops.cast(self.embeddings, self.compute_dtype),
        )

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.dimension)

    def get_config(self):
        return {**super().get_config(), "classes": self.classes, "dimension": self.dimension}


@keras.saving.register_keras_serializable("ganlib")
class Projection(keras.layers.Layer):
    """The logit of a projection discriminator: `w . h + b + e(y) . h / sqrt(n)`.

    Args:
        classes: number of classes.
        spectral_normalization: of w and of the table of all e(y), which are then small enough as
            they are: `w . h + b + e(y) . h`.

    Call with `(features, labels)`: features (batch, n) and integer labels (batch,); returns logits
    (batch, 1).

    Example:
        >>> import numpy as np
        >>> Projection(classes=10)((np.zeros((2, 8), "float32"), np.array([1, 2]))).shape == (2, 1)
        True

    Reference: Miyato and Koyama (2018), cGANs with projection discriminator, arXiv 1802.05637,
        equation 5.
    Differs: divided by the root of the number of features, so that a freshly drawn embedding
        weighs as much as the unconditional term instead of drowning it.
    """

    def __init__(self, classes: int, spectral_normalization: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.classes, self.spectral_normalization = classes, spectral_normalization
        self.unconditional = keras.layers.Dense(1, dtype=self.dtype_policy)
        if spectral_normalization:
            self.unconditional = SpectralNormalization(self.unconditional)

    def build(self, input_shape):
        features = input_shape[0][-1]
        if self.spectral_normalization:
            table = keras.layers.Dense(
                features,
                use_bias=False,
                kernel_initializer=keras.initializers.RandomNormal(stddev=1.0),
                dtype=self.dtype_policy,
            )
            self.embedding = SpectralNormalization(table)
            self.embedding.build((None, self.classes))
        else:
            self.embedding = LabelEmbedding(self.classes, features, dtype=self.dtype_policy)
            self.embedding.build()
        self.unconditional.build(input_shape[0])

    def call(self, inputs):
        features, labels = inputs
        if self.spectral_normalization:
            names = ops.one_hot(ops.cast(labels, "int32"), self.classes, dtype=self.compute_dtype)
            match = ops.sum(self.embedding(names) * features, axis=-1, keepdims=True)
        else:
            match = ops.sum(self.embedding(labels) * features, axis=-1, keepdims=True)
            match = match / features.shape[-1] ** 0.5
        return self.unconditional(features) + match

    def compute_output_shape(self, input_shape):
        return (input_shape[0][0], 1)

    def get_config(self):
        config = {"classes": self.classes, "spectral_normalization": self.spectral_normalization}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable("ganlib")
class ConditionalBatchNormalization(keras.layers.BatchNormalization):
    """Batch normalisation with a gain and a bias for each class: `gain[y] * normal(x) + bias[y]`.

    So the label reaches every layer of a generator and not its input alone. Mean and variance are
    those of all clips of the batch, whatever their labels.

    Args:
        classes: number of classes.
        momentum, epsilon: as of `keras.layers.BatchNormalization`.

    Call with `(x, labels)`: x (batch, ..., channels) and integer labels (batch,); returns the shape
    of x.

    Example:
        >>> import numpy as np
        >>> layer = ConditionalBatchNormalization(classes=10)
        >>> tuple(layer((np.zeros((2, 8, 3), "float32"), np.array([1, 2]))).shape)
        (2, 8, 3)

    Reference: V. Dumoulin, J. Shlens & M. Kudlur (2017), A learned representation for artistic
        style, arXiv 1610.07629; in generators of classes: Miyato and Koyama (2018), arXiv
        1802.05637, section 4.
    """

    def __init__(self, classes: int, momentum: float = 0.9, **kwargs):
        super().__init__(momentum=momentum, **{**kwargs, "center": False, "scale": False})
        self.classes = classes

    def build(self, input_shape):
        super().build(input_shape[0])
        self.input_spec = None  # it speaks of x alone, and there are labels too
        shape = (self.classes, input_shape[0][-1])
        self.gains = self.add_weight(name="gains", shape=shape, initializer="ones")
        self.biases = self.add_weight(name="biases", shape=shape, initializer="zeros")

    def call(self, inputs, training=None):
        x, labels = inputs
        normal = super().call(x, training=training)
        names = ops.one_hot(ops.cast(labels, "int32"), self.classes, dtype=normal.dtype)
        shape = (-1, *(1,) * (len(x.shape) - 2), x.shape[-1])
        gain, bias = (
            ops.reshape(ops.matmul(names, ops.cast(table, normal.dtype)), shape)
            for table in (self.gains, self.biases)
        )
        return normal * gain + bias

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {**super().get_config(), "classes": self.classes}
