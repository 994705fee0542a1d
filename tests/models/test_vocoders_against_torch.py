"""MelGAN and HiFi-GAN beside PyTorch, written from the papers: `requirements/comparison.txt`."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.models.hifigan import VERSIONS, hifigan_generator
from ganlib.models.hifigan_judges import hifigan_period_judge, hifigan_scale_judge
from ganlib.models.melgan import melgan_generator, melgan_judges

torch = pytest.importorskip("torch")
F = torch.nn.functional


def array(x) -> np.ndarray:
    return ops.convert_to_numpy(x.value if isinstance(x, keras.Variable) else x)


def randomised(model) -> keras.Model:
    """Lengths and biases that are no special case."""
    rng = np.random.default_rng(0)
    for weight in model.trainable_weights:
        if weight.name == "length":
            weight.assign(array(weight) * rng.uniform(0.5, 1.5, weight.shape))
        if weight.name == "bias":
            weight.assign(rng.normal(0.0, 0.1, weight.shape))
    return model


def weights(model, name: str):
    """Of a layer under weight normalisation: PyTorch's kernel, as its own norm has it, and bias."""
    layer = model.get_layer(name)
    inside, length = layer.layer, torch.from_numpy(array(layer.length))
    kernel = array(inside.kernel)  # (time..., in, out), of upsamplings (time, out, in)
    first = [kernel.ndim - 1, kernel.ndim - 2, *range(kernel.ndim - 2)]
    kernel = torch.from_numpy(np.ascontiguousarray(kernel.transpose(first)))
    length = length.reshape(-1, *[1] * (kernel.ndim - 1))
    return torch._weight_norm(kernel, length, 0), torch.from_numpy(array(inside.bias))


def up(x, model, stage: int, rate: int):
    kernel, bias = weights(model, f"up_{stage}")
    return F.conv_transpose1d(x, kernel, bias, stride=rate, padding=rate // 2)


# Generators ---------------------------------------------------------------------------------------


def hifigan(mel, model, version: str):
    size = VERSIONS[version]

    def convolved(x, name, dilation=1):
        kernel, bias = weights(model, name)
        far = dilation * (kernel.shape[-1] - 1) // 2
        return F.conv1d(x, kernel, bias, padding=far, dilation=dilation)

    x = convolved(mel, "first")
    for stage, rate in enumerate(size.rates):
        x = up(F.leaky_relu(x, 0.1), model, stage, rate)
        total = 0.0
        for kernel, dilations in zip(size.kernels, size.dilations, strict=True):
            y = x
            for place, dilation in enumerate(dilations):
                name = f"field_{stage}_{kernel}_{place}"
                inside = convolved(F.leaky_relu(y, 0.1), name, dilation)
                if size.pairs:
                    inside = convolved(F.leaky_relu(inside, 0.1), f"{name}_near")
                y = y + inside
            total = total + y
        x = total / len(size.kernels)
    return torch.tanh(convolved(F.leaky_relu(x), "last"))


def melgan(mel, model):
    def convolved(x, name, mirrored=0, dilation=1):
        x = F.pad(x, (mirrored, mirrored), mode="reflect") if mirrored else x
        return F.conv1d(x, *weights(model, name), dilation=dilation)

    x = convolved(mel, "first", 3)
    for stage, rate in enumerate((8, 8, 2, 2)):
        x = up(F.leaky_relu(x, 0.2), model, stage, rate)
        for block in range(3):
            name, far = f"block_{stage}_{block}", 3**block
            inside = convolved(F.leaky_relu(x, 0.2), f"{name}_far", far, far)
            inside = convolved(F.leaky_relu(inside, 0.2), f"{name}_near")
            x = convolved(x, f"{name}_past") + inside
    return torch.tanh(convolved(F.leaky_relu(x, 0.2), "last", 3))


def check_generator(model, twin, *arguments):
    mel = np.random.default_rng(1).normal(size=(2, 12, 6)).astype("float32")
    found = array(randomised(model)(mel))[..., 0]
    expected = twin(torch.from_numpy(mel.transpose(0, 2, 1)), model, *arguments)[:, 0].numpy()
    assert np.abs(expected).max() > 1e-2
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("version", ["v2", "v3", "small"])
def test_a_hifigan_makes_what_its_twin_makes(version):
    check_generator(hifigan_generator(6, version=version), hifigan, version)


def test_a_melgan_makes_what_its_twin_makes():
    check_generator(melgan_generator(6, width=32), melgan)


# Judges -------------------------------------------------------------------------------------------


def check_judge(model, expected, clip):
    found = model(clip)
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        theirs = np.moveaxis(theirs.numpy(), 1, -1)
        np.testing.assert_allclose(array(ours), theirs, atol=1e-4 * np.abs(theirs).max())


@pytest.mark.parametrize(("samples", "period"), [(600, 3), (601, 7)])
def test_a_period_judge_answers_as_its_twin(samples, period):
    model = randomised(hifigan_period_judge(samples, period, width=32))
    clip = np.random.default_rng(2).normal(size=(2, samples, 1)).astype("float32")
    x, answers = torch.from_numpy(clip.transpose(0, 2, 1)), []
    if samples % period:
        x = F.pad(x, (0, period - samples % period), "reflect")
    x = x.view(2, 1, -1, period)
    for place in range(5):
        stride = (3, 1) if place < 4 else 1
        x = F.conv2d(x, *weights(model, f"layer_{place}"), stride=stride, padding=(2, 0))
        answers.append(x := F.leaky_relu(x, 0.1))
    answers.append(F.conv2d(x, *weights(model, "logits"), padding=(1, 0)))
    check_judge(model, answers, clip)


def test_a_scale_judge_answers_as_its_twin():
    model = randomised(hifigan_scale_judge(1025, width=128))
    clip = np.random.default_rng(2).normal(size=(2, 1025, 1)).astype("float32")
    x, answers = torch.from_numpy(clip.transpose(0, 2, 1)), []
    middle = [(2, 4), (2, 16), (4, 16), (4, 16), (1, 16)]
    for place, (stride, groups) in enumerate([(1, 1), *middle, (1, 1)]):
        kernel, bias = weights(model, f"layer_{place}")
        far = kernel.shape[-1] // 2
        x = F.conv1d(x, kernel, bias, stride=stride, padding=far, groups=groups)
        answers.append(x := F.leaky_relu(x, 0.1))
    answers.append(F.conv1d(x, *weights(model, "logits"), padding=1))
    check_judge(model, answers, clip)


def test_melgans_judges_answer_as_their_twins():
    judges = randomised(melgan_judges(2048, width=8, scales=2))
    clip = np.random.default_rng(2).normal(size=(2, 2048, 1)).astype("float32")
    found, heard = judges(clip), torch.from_numpy(clip.transpose(0, 2, 1))
    for scale in range(2):
        model, x, answers = judges.get_layer(f"scale_{scale}"), heard, []
        x = F.conv1d(F.pad(x, (7, 7), mode="reflect"), *weights(model, "layer_0"))
        answers.append(x := F.leaky_relu(x, 0.2))
        for place in range(1, 5):
            kernel, bias = weights(model, f"layer_{place}")
            x = F.conv1d(x, kernel, bias, stride=4, padding=20, groups=x.shape[1] // 4)
            answers.append(x := F.leaky_relu(x, 0.2))
        x = F.leaky_relu(F.conv1d(x, *weights(model, "layer_5"), padding=2), 0.2)
        answers += [x, F.conv1d(x, *weights(model, "logits"), padding=1)]
        for ours, theirs in zip(found[scale], answers, strict=True):
            theirs = np.moveaxis(theirs.numpy(), 1, -1)
            np.testing.assert_allclose(array(ours), theirs, atol=1e-4 * np.abs(theirs).max())
        heard = F.avg_pool1d(heard, 4, 2, padding=1, count_include_pad=False)
