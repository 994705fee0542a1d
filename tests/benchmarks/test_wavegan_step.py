"""The benchmark compares two programs that compute the same, and says so in one table."""

import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.wavegan_step import LABELS, main, options_of, table, turn_by_turn
from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator

CPU_WIDTH = {"dim": 2}


@pytest.fixture(name="torch")
def _torch():
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    return torch


def twins(torch, recipe: str):
    """Both networks of both programs, ours with random biases, theirs with our weights."""
    from benchmarks.wavegan_torch import Twin

    options = options_of(recipe, CPU_WIDTH)
    classes = len(LABELS) if options["conditional"] else 0
    shared = ("clip_samples", "dim", "kernel_size", "signal_scale")
    given = {name: options[name] for name in shared} | {"classes": classes}
    generator = wavegan_generator(
        latent_dim=options["latent_dim"],
        batch_normalization=options["batch_normalization"],
        **given,
    )
    discriminator = wavegan_discriminator(phase_shuffle=options["phase_shuffle"], **given)
    twin = Twin(options, classes)
    draw = np.random.default_rng(0)
    for mine, other in ((generator, twin.generator), (discriminator, twin.discriminator)):
        for weight in mine.weights:
            if weight.name in ("bias", "beta", "moving_mean"):
                weight.assign(draw.normal(0, 0.1, weight.shape))
        hand_over(torch, mine, other)
    return generator, discriminator, twin


def hand_over(torch, mine, other) -> None:
    """Copy Keras's weights into PyTorch's modules, which own them in other orders of axes."""
    weights = {weight.path: np.array(weight.value) for weight in mine.weights}
    modules = [*other.modules()]
    by_kind = {
        "dense": (torch.nn.Linear, (1, 0)),
        "conv": (torch.nn.modules.conv._ConvNd, (2, 1, 0)),
        "norm": (torch.nn.BatchNorm1d, None),
        "embedding": (torch.nn.Embedding, None),
    }
    left = {kind: [m for m in modules if isinstance(m, of)] for kind, (of, _) in by_kind.items()}
    renamed = {
        "kernel": "weight", "embeddings": "weight", "gamma": "weight", "beta": "bias",
        "bias": "bias", "moving_mean": "running_mean", "moving_variance": "running_var",
    }  # fmt: skip
    with torch.no_grad():
        layers: dict[str, dict] = {}
        for path, value in weights.items():
            layers.setdefault(path.rpartition("/")[0], {})[path.rpartition("/")[2]] = value
        for layer, values in layers.items():
            kind = (
                "embedding" if "embeddings" in values
                else "norm" if "gamma" in values
                else "conv" if values["kernel"].ndim == 3
                else "dense"
            )  # fmt: skip
            module = left[kind].pop(0)
            for name, value in values.items():
                order = by_kind[kind][1] if name == "kernel" else None
                target = getattr(module, renamed[name])
                target.copy_(torch.from_numpy(value.transpose(order) if order else value))
            assert layer  # every layer has a name and so found its twin
    assert not any(left.values())


@pytest.mark.parametrize("recipe", ["paper", "fast"])
def test_from_the_same_weights_both_generators_make_the_same_clips(torch, recipe):
    generator, _, twin = twins(torch, recipe)
    draw = np.random.default_rng(1)
    latent = draw.normal(size=(3, generator.inputs[0].shape[-1])).astype("float32")
    inputs, labels = latent, None
    if recipe == "fast":
        inputs = [latent, np.array([0, 4, 9], "int32")]
        labels = torch.tensor([0, 4, 9])
    mine = np.asarray(generator(inputs, training=False))
    twin.generator.eval()
    with torch.no_grad():
        other = twin.generator(torch.from_numpy(latent), labels).numpy()
    assert np.abs(mine).max() > 0.01
    np.testing.assert_allclose(other.transpose(0, 2, 1), mine, atol=2e-6)


@pytest.mark.parametrize("recipe", ["paper", "fast"])
def test_from_the_same_weights_both_discriminators_give_the_same_logits(torch, recipe):
    _, discriminator, twin = twins(torch, recipe)
    samples = discriminator.inputs[0].shape[1]
    clips = np.random.default_rng(1).normal(size=(3, samples, 1)).astype("float32")
    inputs, labels = clips, None
    if recipe == "fast":
        inputs = [clips, np.array([0, 4, 9], "int32")]
        labels = torch.tensor([0, 4, 9])
    mine = np.asarray(discriminator(inputs, training=False))
    twin.discriminator.eval()
    with torch.no_grad():
        other = twin.discriminator(torch.from_numpy(clips.transpose(0, 2, 1)), labels).numpy()
    assert np.ptp(mine) > 1e-3
    np.testing.assert_allclose(other, mine, rtol=1e-4, atol=1e-5)


def test_at_full_size_the_twin_has_the_published_numbers_of_parameters(torch):
    from benchmarks.wavegan_torch import Discriminator, Generator

    options = options_of("paper", {"dim": 64})
    with torch.device("meta"):
        sizes = [
            sum(parameter.numel() for parameter in network(options).parameters())
            for network in (Generator, Discriminator)
        ]
    assert sizes == [19_065_345, 17_427_969]


def test_the_twins_phase_shuffle_mirrors_each_example_by_its_own_shift(torch):
    from benchmarks.wavegan_torch import PhaseShuffle

    torch.manual_seed(0)
    ramp = torch.arange(8.0).expand(64, 2, 8)
    shuffled = PhaseShuffle(2)(ramp).numpy()
    padded = np.pad(np.arange(8.0), 2, mode="reflect")
    possible = {tuple(padded[start : start + 8]) for start in range(5)}
    found = [{tuple(channel) for channel in example} for example in shuffled]
    assert all(len(example) == 1 for example in found)  # one shift for all channels of an example
    assert set.union(*found) == possible


def test_the_twins_penalty_is_that_of_the_paper(torch):
    """D(x) = |x|^2 / 2 has the gradient x: between 0 and a fake of norm 3 that is (3 a - 1)^2."""
    from benchmarks.wavegan_torch import Twin

    torch.manual_seed(0)
    twin = Twin(options_of("paper", CPU_WIDTH))
    twin.discriminator.forward = lambda clips, labels: clips.square().sum(dim=(1, 2)) / 2
    real, fake = torch.zeros(20_000, 1, 9), torch.ones(20_000, 1, 9)
    # E (3 a - 1)^2 with a ~ U(0, 1) is 3 - 3 + 1 = 1.
    assert twin.penalty(real, fake, None).detach().item() == pytest.approx(1.0, abs=0.02)


def test_one_iteration_moves_all_weights_of_the_twin(torch):
    from benchmarks.wavegan_torch import Twin

    twin = Twin(options_of("paper", CPU_WIDTH | {"batch_size": 2}))
    networks = (twin.generator, twin.discriminator, twin.average)
    before = [p.detach().clone() for network in networks for p in network.parameters()]
    twin.iteration(torch.zeros(10, 1, 16384).normal_())
    after = [p for network in networks for p in network.parameters()]
    same = [torch.equal(a, b) for a, b in zip(before, after, strict=True)]
    # Wasserstein logits do not depend on the last bias; all else learns.
    assert [p.shape for p, stayed in zip(after, same, strict=True) if stayed] == [(1,)]


def test_the_functions_take_turns():
    calls: list[int] = []
    times = turn_by_turn([lambda: calls.append(0) or {}, lambda: calls.append(1) or {}], 3)
    assert calls == [0, 1] * 3
    assert [len(column) for column in times] == [3, 3]


def test_the_table_says_the_ratio_of_the_medians_and_the_share_of_the_peak():
    taken = [[(1.0, 2.0), (2.0, 2.0), (9.0, 2.0)], [(4.0, 3.0), (3.0, 3.0), (9.0, 3.0)]]
    text = table(["a", "b"], taken, [10e9, 20e9], work=int(8e9))
    assert "a is 2.00 times as fast as b (turn by turn 1.00 to 4.00; " in text
    assert "by processor seconds 1.50)" in text
    share = next(line for line in text.splitlines() if line.startswith("share"))
    assert share.split()[-2:] == ["40%", "10%"]


def test_the_command_times_ganlib_alone():
    sizes = "--recipe fast --dim 1 --batch 2 --repetitions 2 --warm-up 1 --matrix 64 --alone"
    result = CliRunner().invoke(main, sizes.split())
    assert result.exit_code == 0, result.output
    assert "seconds an iteration, median" in result.output
    assert "times as fast" not in result.output


def test_the_command_times_both(torch):
    sizes = "--dim 1 --batch 2 --samples 8192 --repetitions 2 --warm-up 1 --matrix 64"
    result = CliRunner().invoke(main, sizes.split())
    assert result.exit_code == 0, result.output
    assert "times as fast as PyTorch" in result.output


def test_without_pytorch_the_command_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 1
    assert result.output == (
        "Error: PyTorch is not installed: pip install torch==2.13.0, or give --alone.\n"
    )


def test_the_module_runs_as_a_command():
    command = [sys.executable, "-m", "benchmarks.wavegan_step", "--help"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--recipe" in done.stdout
