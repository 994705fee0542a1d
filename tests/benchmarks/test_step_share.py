"""Operations counted from built networks, beside those counted on paper; and the table of them."""

import keras
import pytest
from click.testing import CliRunner

from benchmarks import step_share
from benchmarks.operations import layers_of, of_an_iteration
from benchmarks.step_share import Row, measure, of_a_step, of_layers, put_into, table
from benchmarks.wavegan_step import options_of
from ganlib.models.specgan import specgan_discriminator, specgan_generator
from ganlib.training.building import build
from ganlib.training.config import Config

TINY = {"dim": 2, "batch_size": 4, "clip_samples": 8192, "signal_scale": 0.1}


@pytest.mark.parametrize("recipe", ["paper", "fast"])
def test_a_built_wavegan_has_the_operations_that_were_counted_on_paper(recipe):
    options = options_of(recipe, TINY)
    gan = build(Config("wavegan", "", "", "cpu", options, [*"0123456789"], seed=0))
    generator, discriminator = layers_of(options, 4)
    assert of_layers(gan.generator, 4) == [generator]
    assert of_layers(gan.discriminator, 4) == [discriminator]
    assert of_a_step(gan, options) == of_an_iteration(options, 4)


def test_specgan_computes_layer_by_layer_what_wavegan_does():
    # Kernels of 5 x 5 and strides of 2 x 2, instead of 25 and 4, over as many values.
    generator, discriminator = layers_of(options_of("paper", {"dim": 4}), batch=2)
    assert of_layers(specgan_generator(dim=4), 2) == [generator]
    assert of_layers(specgan_discriminator(dim=4), 2) == [discriminator]


def test_a_normalised_discriminator_costs_what_it_costs_without():
    sizes = {"frames": 16, "rows": 16, "dim": 2}
    plain = of_layers(specgan_discriminator(**sizes), 1)
    assert of_layers(specgan_discriminator(**sizes, normalization="spectral"), 1) == plain


def test_a_classifier_needs_no_gradient_by_the_clips():
    layers = keras.layers
    model = keras.Sequential([keras.Input((8, 1)), layers.Conv1D(2, 3), layers.Flatten()])
    model.add(layers.Dense(5))
    convolution, dense = 2 * 6 * 3 * 2, 2 * 12 * 5
    assert of_a_step(model, {"batch_size": 1}) == 2 * convolution + 3 * dense


def test_of_two_judges_each_is_counted_by_itself():
    image = keras.Input((4, 4, 1))
    networks = [
        keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(f, 3)]) for f in (1, 2)
    ]
    both = keras.Model(image, [network(image) for network in networks])
    assert of_layers(both, 1) == [[2 * 2 * 2 * 9], [2 * 2 * 2 * 18]]


def test_a_step_is_timed_as_a_run_builds_it(few_clips):
    row = measure("digits", "quick", few_clips, repetitions=2, warm_up=1)
    assert row.recipe == "digits" and row.operations > 1e6
    assert row.step_seconds > row.draw_seconds > 0 and 0 < row.waiting < 1


def test_the_table_says_the_share_of_the_peak_and_of_waiting():
    row = Row("digits", 48, operations=int(8e9), step_seconds=0.095, draw_seconds=0.005)
    last = table([row], best=100e9 / 0.95).splitlines()[-1]
    assert last == "| digits | 48 | 8.00 | 95.0 | 84 | 80% | 5.00 | 5.0% |"


def test_the_table_replaces_what_stands_between_its_marks_and_nothing_else(tmp_path):
    page = tmp_path / "README.md"
    begin, end = step_share.MARKS
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    for _ in range(2):
        put_into(page, "new", step_share.MARKS)
    assert page.read_text() == f"before\n{begin}\nnew\n{end}\nafter\n"


def test_the_page_of_the_benchmarks_has_a_place_for_the_table():
    text = step_share.PAGE.read_text(encoding="utf-8")
    assert [text.count(mark) for mark in step_share.MARKS] == [1, 1]


def test_the_command_prints_a_table_and_writes_it(tmp_path, monkeypatch, few_clips):
    page = tmp_path / "README.md"
    page.write_text("\n".join(step_share.MARKS))
    monkeypatch.setattr(step_share, "PAGE", page)
    few = "--recipe dense_gan --preset quick --repetitions 1 --warm-up 1 --matrix 64"
    result = CliRunner().invoke(step_share.main, [*few.split(), "--data", few_clips, "--write"])
    assert result.exit_code == 0, result.output
    assert "| dense_gan | " in page.read_text() and "GFLOP/s" in result.output
