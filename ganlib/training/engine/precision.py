"""Full precision for a moment, in a model that computes in half."""

import keras


class full_precision:
    """Let a model compute in float32 inside a `with` block, whatever its mixed-precision policy.

    Squared gradients overflow float16 and lose most digits in bfloat16.

    Example:
        >>> layer = keras.layers.Dense(1, dtype="mixed_bfloat16")
        >>> model = keras.Sequential([keras.Input((1,)), layer])
        >>> with full_precision(model):
        ...     layer.compute_dtype
        'float32'
        >>> layer.compute_dtype
        'bfloat16'
    """

    def __init__(self, model: keras.Model):
        self.layers = model._flatten_layers()

    def __enter__(self):
        self.layers = list(self.layers)
        self.policies = [layer.dtype_policy for layer in self.layers]
        for layer in self.layers:
            layer.dtype_policy = "float32"

    def __exit__(self, *error):
        for layer, policy in zip(self.layers, self.policies, strict=True):
            layer.dtype_policy = policy
