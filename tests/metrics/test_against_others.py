"""Our metrics beside other people's, on the same arrays: `requirements/comparison.txt`."""

import numpy as np
import pytest
from scipy import special

from ganlib.metrics.coverage import density_coverage, precision_recall
from ganlib.metrics.distributions import frechet_distance, inception_score, kernel_distance
from ganlib.metrics.gaussians import gaussian_statistics

RNG = np.random.default_rng(0)
PAIRS = {
    "one distribution": (RNG.normal(size=(300, 16)), RNG.normal(size=(300, 16))),
    "shifted": (RNG.normal(size=(300, 16)), RNG.normal(0.5, 1.0, size=(300, 16))),
    "narrow": (RNG.normal(size=(300, 16)), RNG.normal(0.0, 0.3, size=(300, 16))),
    "far": (RNG.normal(size=(300, 16)), RNG.normal(5.0, 1.0, size=(300, 16))),
    "like features": (RNG.gamma(0.5, size=(300, 16)), RNG.gamma(0.7, size=(300, 16))),
}
every_pair = pytest.mark.parametrize(("real", "fake"), PAIRS.values(), ids=PAIRS)


@pytest.mark.parametrize("neighbours", [3, 5])
@every_pair
def test_precision_recall_density_and_coverage_are_those_of_prdc(real, fake, neighbours):
    prdc = pytest.importorskip("prdc")
    theirs = prdc.compute_prdc(real, fake, nearest_k=neighbours)
    names = ("precision", "recall", "density", "coverage")
    ours = precision_recall(real, fake, neighbours) + density_coverage(real, fake, neighbours)
    np.testing.assert_allclose(ours, [theirs[name] for name in names], rtol=1e-12)


@every_pair
def test_the_kernel_distance_is_that_of_torchmetrics(real, fake):
    torch = pytest.importorskip("torch")
    kid = pytest.importorskip("torchmetrics.image.kid")
    theirs = kid.poly_mmd(torch.from_numpy(real), torch.from_numpy(fake))
    np.testing.assert_allclose(kernel_distance(real, fake), float(theirs), rtol=1e-9, atol=1e-12)


@every_pair
def test_the_frechet_distance_is_that_of_torchmetrics(real, fake):
    torch = pytest.importorskip("torch")
    fid = pytest.importorskip("torchmetrics.image.fid")
    statistics = [*gaussian_statistics(real), *gaussian_statistics(fake)]
    theirs = fid._compute_fid(*map(torch.from_numpy, statistics))
    np.testing.assert_allclose(frechet_distance(real, fake), float(theirs), rtol=1e-9)


@pytest.mark.filterwarnings("ignore:Metric `InceptionScore` will save all extracted features")
@pytest.mark.parametrize("splits", [2, 10])
def test_the_inception_score_is_that_of_torchmetrics_with_the_same_shuffle(monkeypatch, splits):
    torch = pytest.importorskip("torch")
    inception = pytest.importorskip("torchmetrics.image.inception")
    logits = 3 * RNG.normal(size=(500, 10))
    order = torch.from_numpy(np.random.default_rng(0).permutation(500))
    monkeypatch.setattr(torch, "randperm", lambda clips: order)
    metric = inception.InceptionScore(feature=torch.nn.Identity(), splits=splits)
    metric.update(torch.from_numpy(logits))
    mean, deviation = inception_score(special.softmax(logits, axis=1), splits)
    sample_deviation = deviation * np.sqrt(splits / (splits - 1))  # theirs divides by splits - 1
    theirs = [float(value) for value in metric.compute()]
    np.testing.assert_allclose([mean, sample_deviation], theirs, rtol=1e-6)
