"""Pictures: what is drawn stands where it belongs, says what it is, and leaves nothing open."""

import html.parser
import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure

from ganlib import pictures
from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone, vowel
from ganlib.errors import OptionError
from ganlib.plots import (
    describe,
    mel_spectrogram,
    points,
    show,
    spectrogram,
    training_curves,
    waveform,
)

RATE = 8000
DRAWINGS = {
    "waveform": lambda: waveform(tone(440.0, 0.1, RATE), RATE, title="A"),
    "waveforms": lambda: waveform({"a": np.ones(80), "b": np.zeros((80, 1))}, RATE),
    "spectrogram": lambda: spectrogram(vowel(120.0, "hod", 0.2, RATE), RATE),
    "grid": lambda: spectrogram({str(n): np.ones(900) for n in range(5)}, RATE, columns=3),
    "mel": lambda: mel_spectrogram(np.zeros((1, 20, 80)), AudioFormat(), title="M"),
    "curves": lambda: training_curves({"loss": [2.0, np.nan, 1.0]}, levels={"2 ln 2": 1.386}),
    "points": lambda: points({"real": np.zeros((3, 2)), "fake": np.ones((4, 2))}),
}


class Images(html.parser.HTMLParser):
    """Collect the attributes of every image of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[dict] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        assert tag == "img"
        self.found.append(dict(attributes))


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_picture_is_a_png_with_words_and_labelled_axes(name):
    figure = DRAWINGS[name]()
    assert isinstance(figure, Figure)
    picture = show(figure, dpi=40)
    assert picture.png.startswith(b"\x89PNG")
    assert len(picture.alt) > 20
    assert picture.alt == figure.get_label()
    words = [figure.get_supxlabel()] + [panel.get_xlabel() for panel in figure.axes]
    assert any(words) or name == "points"  # a plane of points has no unit


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_same_arrays_give_the_same_bytes(name):
    assert show(DRAWINGS[name](), dpi=40).png == show(DRAWINGS[name](), dpi=40).png


def test_alternative_text_is_escaped_and_survives_the_page():
    text = 'A "loud" <b>tone</b> & more'
    (image,) = Images(show(Figure(), alt=text)._repr_html_()).found
    assert image["alt"] == text
    assert image["src"].startswith("data:image/png;base64,")
    assert describe(Figure(), text).alt == text


def test_a_picture_without_words_is_refused():
    for text in ("", "  "):
        with pytest.raises(OptionError, match="the figure has no description"):
            show(Figure(), alt=text)


def test_no_figure_stays_open_and_no_setting_changes():
    import matplotlib
    import matplotlib.pyplot

    before = dict(matplotlib.rcParams)
    for draw in DRAWINGS.values():
        show(draw(), dpi=30)
    assert matplotlib.pyplot.get_fignums() == []
    assert dict(matplotlib.rcParams) == before


def test_a_waveform_runs_over_its_seconds():
    clip = tone(440.0, 0.5, RATE)
    (panel,) = waveform(clip, RATE).axes
    times, values = panel.lines[0].get_data()
    np.testing.assert_array_equal(values, clip)
    np.testing.assert_allclose(times, np.arange(4000) / RATE)
    assert panel.get_xlim() == (0.0, 0.5)
    assert waveform(clip, RATE, seconds=(0.1, 0.2)).axes[0].get_xlim() == (0.1, 0.2)


def test_a_tone_lies_at_its_frequency_in_the_spectrogram():
    figure = spectrogram(tone(1000.0, 0.5, RATE, amplitude=1.0), RATE, n_fft=256, hop_length=64)
    panel = figure.axes[0]
    (image,) = panel.images
    cells = np.asarray(image.get_array())
    left, right, bottom, top = image.get_extent()
    row_hz = bottom + (cells[:, 30].argmax() + 0.5) * (top - bottom) / len(cells)
    assert row_hz == pytest.approx(1000.0)
    assert cells[:, 30].max() == pytest.approx(0.0, abs=0.01)
    assert left + 0.5 * (right - left) / cells.shape[1] == pytest.approx(0.0)  # frame 0 at 0 s
    assert panel.get_xlim() == (0.0, 0.5)
    assert panel.get_ylim() == (0.0, 4000.0)
    assert image.get_clim() == (-80.0, 0.0)
    assert "Strongest at 1000 Hz" in figure.get_label()


def test_a_grid_has_a_panel_for_each_clip_and_one_colour_bar():
    figure = DRAWINGS["grid"]()
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in shown] == ["0", "1", "2", "3", "4", ""]
    assert len(figure.axes) == 7


def test_mel_bands_are_labelled_with_their_centres_in_hz():
    audio_format = AudioFormat()
    figure = mel_spectrogram(np.zeros((20, 80)), audio_format)
    labels = [float(label.get_text()) for label in figure.axes[0].get_yticklabels()]
    from ganlib.audio.mel import mel_filterbank

    peaks = mel_filterbank(16000, 65536, 80).argmax(axis=0) * 16000 / 65536
    assert labels[0] == pytest.approx(peaks[0], abs=1.0)
    assert labels[-1] == pytest.approx(peaks[-1], abs=1.0)


def test_curves_stand_at_their_steps_and_differ_in_more_than_colour():
    history = {"a": [1.0, 2.0], "b": [3.0, np.nan], "empty": [], "bad": [np.nan]}
    figure = training_curves(history, every=50)
    lines = figure.axes[0].lines
    assert [line.get_label() for line in lines] == ["a", "b"]
    np.testing.assert_array_equal(lines[0].get_xdata(), [50, 100])
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert lines[0].get_color() != lines[1].get_color()
    assert "a from 1 to 2; b from 3 to 3" in figure.get_label()


def test_a_level_is_drawn_where_it_says():
    figure = training_curves({"a": [1.0]}, levels={"ln 2": 0.693})
    assert figure.axes[0].lines[-1].get_ydata()[0] == 0.693
    assert [text.get_text() for text in figure.axes[0].texts] == ["ln 2"]


def test_points_are_drawn_to_one_scale_and_differ_in_more_than_colour():
    figure = DRAWINGS["points"]()
    (panel,) = figure.axes
    assert panel.get_aspect() == 1.0
    first, second = panel.collections
    np.testing.assert_array_equal(second.get_offsets(), np.ones((4, 2)))
    assert not np.array_equal(first.get_paths()[0].vertices, second.get_paths()[0].vertices)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: waveform({}, RATE), "nothing to draw"),
        (lambda: waveform(np.zeros((2, 80)), RATE), r"one clip of shape .*got \(2, 80\)"),
        (lambda: waveform(np.zeros(0), RATE), r"got \(0,\)"),
        (lambda: spectrogram(np.full(900, np.nan), RATE), "NaN or infinity"),
        (lambda: training_curves({}), "nothing to draw"),
        (lambda: training_curves({"a": [np.nan]}), "finite number"),
        (lambda: points({"a": np.zeros((2, 3))}), r"expected 'a' of shape \(n, 2\)"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, words):
    with pytest.raises(OptionError, match=words):
        draw()


def seen_by(kind: str, colour: str) -> np.ndarray:
    """Return a colour in CIELAB as a dichromat sees it (Vienot, Brettel & Mollon 1999)."""
    code = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    confused = {
        "protan": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
        "deutan": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
    }[kind]
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    parts = to_xyz @ (np.array(confused) @ linear) / to_xyz.sum(axis=1)
    small = (6 / 29) ** 3
    x, y, z = np.where(parts > small, np.cbrt(parts), parts / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least_difference(kind: str, colours: tuple[str, ...]) -> float:
    """Return the smallest distance of two colours; 2.3 is just noticeable side by side."""
    pairs = itertools.combinations([seen_by(kind, colour) for colour in colours], 2)
    return min(float(np.linalg.norm(one - other)) for one, other in pairs)


@pytest.mark.parametrize("kind", ["protan", "deutan"])
def test_colours_stay_apart_for_colour_blind_readers_the_first_four_most_of_all(kind):
    assert least_difference(kind, pictures.COLOURS[:4]) > 30.0
    assert least_difference(kind, pictures.COLOURS) > 15.0
    assert least_difference(kind, ("#1F77B4", "#9467BD")) < 10.0  # matplotlib's blue and purple
