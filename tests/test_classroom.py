"""The chapters' helpers: an answer is compared, a missing one is welcome, source is live."""

import keras
import numpy as np
import pytest

from ganlib import classroom
from ganlib.classroom import compare, show_source
from ganlib.errors import AudioFileError


def said(capsys) -> str:
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize("blank", [..., None, "", "  \n"])
def test_an_unanswered_prediction_is_welcome(capsys, blank):
    compare(blank, 1.3862944)
    assert said(capsys) == "Not answered yet; measured 1.386."


@pytest.mark.parametrize(
    ("prediction", "verdict"),
    [(1.0, "Right"), (1.049, "Right"), (1.051, "Not quite"), (0.949, "Not quite"), (True, "Right")],
)
def test_five_percent_of_the_measured_value_is_allowed(capsys, prediction, verdict):
    compare(prediction, 1.0)
    assert said(capsys).startswith(verdict)


def test_near_zero_only_the_absolute_tolerance_counts(capsys):
    compare(0.0, 5e-7)
    assert said(capsys).startswith("Right")
    compare(0.01, 5e-7)
    assert said(capsys).startswith("Not quite")


def test_arrays_and_tensors_of_the_engine_are_compared_by_value(capsys):
    compare([1, 2, 3], keras.ops.convert_to_tensor([1.0, 2.0, 3.0]))
    assert said(capsys).startswith("Right")
    compare(np.float32(2.0), keras.Variable(2.0))
    assert said(capsys).startswith("Right")
    compare((4, 1), (4, 2))
    assert said(capsys).startswith("Not quite")


def test_words_are_compared_without_case(capsys):
    compare(" Generator", "generator")
    assert said(capsys).startswith("Right")
    compare("discriminator", "generator")
    assert said(capsys).startswith("Not quite")


@pytest.mark.parametrize("strange", [object(), [1, 2], "twelve", {"a": 1}, [[1], [1, 2]], compare])
def test_a_prediction_of_the_wrong_kind_is_answered_and_never_raises(capsys, strange):
    compare(strange, 12.0)
    assert said(capsys).startswith("Not quite")


def test_show_source_prints_the_live_code_and_where_it_stands(capsys):
    show_source(AudioFileError)
    text = said(capsys)
    assert text.startswith("# ganlib/errors.py, line ")
    assert "super().__init__" in text
    assert "cannot be used, and why" not in text


def test_show_source_keeps_the_docstring_when_asked(capsys):
    show_source(AudioFileError, docstring=True)
    assert "cannot be used, and why" in said(capsys)


def test_show_source_leaves_strings_that_are_no_docstrings(capsys):
    show_source(classroom.compare)
    text = said(capsys)
    assert "Not answered yet" in text
    assert "Example:" not in text
    compile(text, "shown", "exec")


def test_show_source_shows_several_things_in_the_order_they_were_named(capsys):
    show_source(classroom.show_source, classroom.compare)
    text = said(capsys)
    assert 0 < text.index("def show_source") < text.index("def compare")


def test_show_source_refuses_a_thing_without_source():
    with pytest.raises(TypeError):
        show_source(3)
