"""Weight files: complete or not there, and clear about what does not fit."""

import contextlib

import h5py
import keras
import numpy as np
import pytest

from ganlib.errors import WeightsError
from ganlib.instruments.files import load_weights, save_weights
from ganlib.models.wavegan import wavegan_generator


def generator(**changes) -> keras.Model:
    """A small model with every kind of layer that the shipped ones have."""
    options = {"clip_samples": 8192, "dim": 1, "latent_dim": 3, "classes": 2}
    return wavegan_generator(**options | {"batch_normalization": True} | changes)


def arrays(path) -> dict[str, np.ndarray]:
    found = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
    return found


@contextlib.contextmanager
def files_no_larger_than(size: int):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_float32_weights_come_back_exactly(tmp_path):
    first, second = generator(), generator()
    load_weights(second, save_weights(first, tmp_path / "a.weights.h5"))
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_float16_weights_are_rounded_once_and_half_as_large(tmp_path):
    first, second = generator(), generator()
    path = save_weights(first, tmp_path / "a.weights.h5", "float16")
    load_weights(second, path)
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one.astype("float16").astype("float32"), other)
    assert {value.dtype.name for value in arrays(path).values()} == {"float16"}


def test_a_file_that_lacks_any_one_array_is_refused(tmp_path):
    path = save_weights(generator(), tmp_path / "a.weights.h5")
    names = arrays(path)
    assert len(names) == len(generator().weights)
    for name in [n for n in names if n.endswith("/0")]:
        other = tmp_path / "lacking.weights.h5"
        other.write_bytes(path.read_bytes())
        with h5py.File(other, "a") as file:
            del file[name]
        with pytest.raises(WeightsError, match=r"needs \d+ arrays|does not fit"):
            load_weights(generator(), other)


def test_another_shape_is_named(tmp_path):
    path = save_weights(generator(), tmp_path / "a.weights.h5")
    with pytest.raises(WeightsError, match=r"needs an array of shape \(\d+, \d+\), and the file"):
        load_weights(generator(dim=2), path)


@pytest.mark.parametrize("content", [b"", b"no HDF5", b"\x89HDF\r\n\x1a\n" + bytes(90)])
def test_what_is_no_weight_file_is_refused(tmp_path, content):
    path = tmp_path / "a.weights.h5"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="does not fit the model"):
        load_weights(generator(), path)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path):
    path = save_weights(generator(), tmp_path / "a.weights.h5")
    before = path.read_bytes()
    with (
        files_no_larger_than(len(before) // 2),
        pytest.raises(WeightsError, match="File too large"),
    ):
        save_weights(generator(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_the_room_that_is_tried_is_at_least_what_the_file_needs(tmp_path, monkeypatch, dtype):
    """A trial smaller than the file would let HDF5 run into the full disk."""
    from ganlib.instruments import files

    tried = []
    real = files.os.fsync

    def fsync(number):
        tried.append(files.os.fstat(number).st_size)
        real(number)

    monkeypatch.setattr(files.os, "fsync", fsync)
    path = save_weights(generator(), tmp_path / "a.weights.h5", dtype)
    assert tried[0] >= path.stat().st_size
