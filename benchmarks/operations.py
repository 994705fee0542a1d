"""How many floating-point operations an iteration needs, counted on paper.

A multiplication and an addition are two operations. Counted are the products with kernels, which
are nearly all there is; activations, shuffles, normalisation and optimizers are left out. A
convolution costs the same three times: forward, its gradient by the kernel, and that by its input.
"""


def convolution(batch: int, positions: int, kernel_size: int, channels: int, filters: int) -> int:
    """Operations of a convolution with so many output (transposed: input) positions.

    Padding is counted like sound, as in the published figures of other networks.

    Example:
        >>> convolution(batch=1, positions=4, kernel_size=3, channels=1, filters=2)
        48
    """
    return 2 * batch * positions * kernel_size * channels * filters


def layers_of(options: dict, batch: int) -> tuple[list[int], list[int]]:
    """Operations of a forward pass, layer by layer: of the generator and of the discriminator."""
    samples, dim, kernel = options["clip_samples"], options["dim"], options["kernel_size"]
    lengths = [16]
    while lengths[-1] < samples:
        lengths.append(min(4 * lengths[-1], samples))
    channels = [dim * 2**power for power in reversed(range(len(lengths) - 1))]
    channels.append(options["channels"])
    dense = 2 * batch * 16 * channels[0]
    # The label's vector of 32 stands beside the latent one.
    latent = options["latent_dim"] + (32 if options["conditional"] else 0)
    generator = [dense * latent]
    for index, length in enumerate(lengths[:-1]):
        generator.append(convolution(batch, length, kernel, *channels[index : index + 2]))
    # The discriminator meets its lengths the other way round, with the widths of its own.
    strides = [after // before for before, after in zip(lengths, lengths[1:], strict=False)]
    discriminator, width, length = [], options["channels"], samples
    for index, stride in enumerate(strides):
        length //= stride
        filters = dim * 2**index
        discriminator.append(convolution(batch, length, kernel, width, filters))
        width = filters
    return generator, [*discriminator, dense]


def of_an_iteration(options: dict, batch: int) -> int:
    """Operations of all discriminator steps and the generator step of one iteration.

    What a step needs, in forward passes of G and D:

    - a discriminator step: G to make clips; D on real and on generated ones, and for both the
      gradients by kernels and inputs (but not by the clips themselves);
    - its penalty, when it is due: D, its gradient by the clips, and through that gradient once more
      by kernels and by the gradient's own inputs, where the last layer has nothing left to give;
    - the generator step: G and D, back through D to its input, and G's kernels and inputs.
    """
    generator, discriminator = layers_of(options, batch)
    return of_networks(generator, [discriminator], options)


def of_networks(generator: list[int], judges: list[list[int]], options: dict) -> int:
    """The same for any networks, from the operations of their layers.

    Args:
        generator: operations of a forward pass, layer by layer.
        judges: the same for each discriminator that sees the clips by itself.
        options: of the recipe.
    """
    g, d = sum(generator), sum(map(sum, judges))
    step = g + 2 * (3 * d - sum(judge[0] for judge in judges))
    penalty = 4 * d - sum(judge[-1] for judge in judges)
    last = 3 * g - generator[0] + 2 * d
    if options["conditional"]:  # the label's vector is trained, so the dense layer passes it on
        last += generator[0]
    due = 0.0 if options["penalty"] == "none" else 1 / options["penalty_interval"]
    return round(options["discriminator_steps"] * (step + due * penalty) + last)
