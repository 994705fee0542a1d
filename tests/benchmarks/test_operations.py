"""Operations counted on paper, beside those counted one by one and by PyTorch's own counter."""

import pytest

from benchmarks.operations import convolution, layers_of, of_an_iteration
from benchmarks.wavegan_step import options_of

TINY = {"dim": 2, "batch_size": 4, "clip_samples": 8192}


def test_a_convolution_is_counted_like_its_loops():
    batch, positions, kernel_size, channels, filters = 2, 3, 5, 4, 6
    count = 0
    for _ in range(batch * positions * filters):
        for _ in range(kernel_size * channels):
            count += 2  # a multiplication and an addition
    assert convolution(batch, positions, kernel_size, channels, filters) == count


def test_the_full_size_layers_are_those_of_the_papers_tables():
    generator, discriminator = layers_of(options_of("paper", {"dim": 64}), batch=1)
    # (positions, channels, filters) of tables 4 and 5 of arXiv 1802.04208; kernels of 25.
    stretch = [(16, 1024, 512), (64, 512, 256), (256, 256, 128), (1024, 128, 64), (4096, 64, 1)]
    squeeze = [(4096, 1, 64), (1024, 64, 128), (256, 128, 256), (64, 256, 512), (16, 512, 1024)]
    assert generator == [2 * 100 * 16384, *(50 * a * b * c for a, b, c in stretch)]
    assert discriminator == [*(50 * a * b * c for a, b, c in squeeze), 2 * 16384]


def test_a_lazy_penalty_is_counted_as_often_as_it_is_due():
    options = options_of("paper", TINY)
    always, never = (of_an_iteration(options | {"penalty": x}, 4) for x in ("wgan_gp", "none"))
    lazy = of_an_iteration(options | {"penalty_interval": 4}, 4)
    assert lazy - never == pytest.approx((always - never) / 4, abs=1)


@pytest.mark.parametrize("recipe", ["paper", "fast"])
def test_pytorch_computes_these_and_nothing_else_but_zeros(recipe):
    torch = pytest.importorskip("torch")
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import flop_registry

    from benchmarks.wavegan_torch import Twin

    class Counter(TorchDispatchMode):
        total = 0

        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            out = function(*args, **(kwargs or {}))
            if count := flop_registry.get(function._overloadpacket):
                self.total += count(*args, **(kwargs or {}), out_val=out)
            return out

    torch.set_num_threads(1)
    options = options_of(recipe, TINY) | {"penalty_interval": 1}
    count = options["discriminator_steps"] * 4
    labels = torch.zeros(count, dtype=torch.int64) if recipe == "fast" else None
    twin = Twin(options, classes=10 if recipe == "fast" else 0)
    with Counter() as counter:
        twin.iteration(torch.zeros(count, 1, 8192).normal_(), labels)
    # The second derivative of PyTorch's LeakyReLU is a tensor of zeros, which it sends back through
    # all convolutions for each penalty. That work is not needed and so not in our count.
    zeros = options["discriminator_steps"] * 2 * sum(layers_of(options, 4)[1][:-1])
    assert of_an_iteration(options, 4) == pytest.approx(counter.total - zeros, rel=0.001)
