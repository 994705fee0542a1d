"""The player: the sound and its words are in the page, and nothing starts by itself."""

import base64
import html.parser
import io

import numpy as np
import pytest
import soundfile

from ganlib.audio.signals import tone
from ganlib.errors import AudioFileError, GanlibError, OptionError
from ganlib.listen import play_all, player, players

RATE = 16000


class Page(html.parser.HTMLParser):
    """Read a fragment: tags with attributes, text, and whether every tag is closed."""

    def __init__(self, fragment: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text, self.open = "", []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def attributes_of(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(thing) -> Page:
    page = Page(thing._repr_html_())
    assert page.open == []
    return page


def sound_of(audio: dict) -> tuple[np.ndarray, int, str]:
    kind, data = audio["src"].split(",")
    assert kind == "data:audio/wav;base64"
    stream = io.BytesIO(base64.b64decode(data, validate=True))
    subtype = soundfile.info(stream).subtype
    stream.seek(0)
    samples, rate = soundfile.read(stream, dtype="float32")
    return samples, rate, subtype


def test_the_page_carries_the_sound_itself_as_16_bit_wav():
    samples = tone(440.0, 0.25, RATE)
    (audio,) = page_of(player(samples, RATE)).attributes_of("audio")
    found, rate, subtype = sound_of(audio)
    assert (rate, subtype) == (RATE, "PCM_16")
    assert np.abs(found - samples).max() <= 2**-16


def test_the_player_has_controls_and_never_starts_by_itself():
    (audio,) = page_of(player(np.zeros(10), RATE)).attributes_of("audio")
    assert "controls" in audio
    assert "autoplay" not in audio and "loop" not in audio


def test_the_caption_says_what_is_said_and_what_it_is():
    page = page_of(player(tone(440.0, 0.1, RATE), RATE, "seven", "A woman's voice."))
    assert "seven" in page.text
    assert "A woman's voice." in page.text
    assert page.attributes_of("audio")[0]["aria-label"] == "A woman's voice."
    assert [tag for tag, _ in page.tags][:2] == ["figure", "audio"]


def test_a_clip_without_words_still_has_a_name_for_screen_readers():
    (audio,) = page_of(player(tone(440.0, 0.1, RATE), RATE)).attributes_of("audio")
    assert audio["aria-label"] == "Sound of 0.10 s"


def test_words_cannot_break_out_of_the_page():
    nasty = "\"><script>alert('x')</script>&amp; <b>"
    clips = [player(tone(440.0, 0.1, RATE), RATE, nasty, nasty)]
    page = page_of(play_all(clips, title=nasty))
    assert {tag for tag, _ in page.tags} <= {
        *("div", "p", "strong", "figure", "audio", "figcaption", "q", "br")
    }
    assert page.text.count(nasty) == 3
    assert page.attributes_of("audio")[0]["aria-label"] == nasty


@pytest.mark.parametrize(
    ("gain", "words"),
    [(3.0, "The peak of 1.50 exceeds 1 and is clipped."), (0.0, "The clip is silent."), (1, "")],
)
def test_the_caption_says_when_a_clip_is_clipped_or_silent(gain, words):
    clip = player(gain * tone(1000.0, 0.1, RATE), RATE)
    assert page_of(clip).text == words
    assert words in repr(clip)


def test_a_clipped_clip_is_held_at_full_scale():
    (audio,) = page_of(player(np.array([2.0, -2.0, 0.5]), RATE)).attributes_of("audio")
    np.testing.assert_array_equal(sound_of(audio)[0], [32767 / 32768, -1.0, 0.5])


@pytest.mark.parametrize("shape", [(1000, 1), (1000, 2)])
def test_one_or_two_channels_are_played(shape):
    clip = player(np.zeros(shape, "float32"), RATE)
    assert clip.duration_seconds == 1000 / RATE
    (audio,) = page_of(clip).attributes_of("audio")
    assert len(sound_of(audio)[0]) == 1000


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.array([0.0, np.nan]), "1 values of 2 that are NaN or infinite"),
        (np.zeros(0), "is empty"),
        (np.zeros(10, np.int16), "floating-point"),
        (np.zeros((4, 1000, 1)), r"shape \(4, 1000, 1\)"),
    ],
)
def test_what_is_no_clip_is_refused(samples, words):
    with pytest.raises(AudioFileError, match=words) as caught:
        player(samples, RATE)
    assert isinstance(caught.value, GanlibError)


def test_a_grid_shows_every_clip_in_order_under_its_title():
    clips = [player(tone(440.0, 0.1, RATE), RATE, transcript=word) for word in ("one", "two")]
    grid = play_all(clips, columns=2, title="Numbers")
    page = page_of(grid)
    assert len(page.attributes_of("audio")) == 2
    assert page.text == "Numbersonetwo"
    assert page.attributes_of("div")[0]["aria-label"] == "Numbers"
    assert "repeat(2," in page.attributes_of("div")[0]["style"]
    assert repr(grid).splitlines()[0] == "Numbers"


def test_both_names_of_the_grid_are_the_same():
    assert players is play_all


@pytest.mark.parametrize(
    ("clips", "columns", "words"),
    [
        ([], 3, "at least one clip"),
        ([np.zeros(10)], 3, "made by player"),
        ([player(np.zeros(10), RATE)], 0, "columns must be at least 1, got 0"),
    ],
)
def test_an_impossible_grid_is_refused(clips, columns, words):
    with pytest.raises(OptionError, match=words):
        play_all(clips, columns)
