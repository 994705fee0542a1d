"""What an auxiliary classifier adds to the game: a price for clips that do not say their label."""

from keras import ops


def classification_loss(class_logits, labels):
    """Cross-entropy of the label: `-E log p(y | x)` with p the softmax of the logits.

    In an auxiliary classifier GAN the discriminator adds it for real and for generated clips, and
    the generator for its own.

    Args:
        class_logits: (batch, classes).
        labels: integers (batch,).

    Returns:
        A scalar of at least 0; `ln classes` where nothing is known.

    Example:
        >>> import numpy as np
        >>> round(float(classification_loss(ops.zeros((4, 10)), np.arange(4))), 4)  # ln 10
        2.3026

    Reference: Odena, Olah and Shlens (2017), Conditional image synthesis with auxiliary classifier
        GANs, arXiv 1610.09585, equation 3.
    """
    class_logits = ops.cast(class_logits, "float32")
    named = ops.one_hot(ops.cast(labels, "int32"), class_logits.shape[-1], dtype="float32")
    return -ops.mean(ops.sum(named * ops.log_softmax(class_logits, axis=-1), axis=-1))
