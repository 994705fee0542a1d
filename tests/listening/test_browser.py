"""The page in a real browser: keyboard, phone, interruption, and the file that it gives."""

import json
import re

import pytest

from ganlib.listening.ratings import collect, read_key
from tests.listening.browser import CLIPS, Listener, chromium, until, write_small_test

pytestmark = pytest.mark.slow
ENTER, BACKSPACE, TAB, DOWN = "\ue007", "\ue003", "\ue004", "\ue015"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The page, its key, and a folder for downloads."""
    root = tmp_path_factory.mktemp("page with a space")
    (root / "downloads").mkdir()
    return *write_small_test(root / "test"), root / "downloads"


@pytest.fixture(scope="module")
def browser(files):
    with chromium(files[2]) as started:
        yield started


@pytest.fixture
def listener(browser, files):
    browser.set_window_size(1280, 900)
    return Listener(browser, files[0], files[2])


def test_with_the_keyboard_alone_from_the_first_clip_to_the_table(listener, files):
    listener.begin("Ann Ö. Example")
    answers = [(digit, score) for digit, score in zip("0123x789", "12345123", strict=True)]
    for place, (digit, score) in enumerate(answers, 1):
        assert listener.text("heading") == f"Clip {place} of {CLIPS}"
        listener.rate(digit, score)
    assert listener.text("done-heading") == "Thank you"
    found = collect([listener.download()], read_key(files[1]))
    assert found.problems == [] and found.listeners == ["Ann Ö. Example"]
    given = [(rating.digit.replace("unclear", "x"), str(rating.naturalness)) for rating in
             found.ratings]  # fmt: skip
    assert given == answers
    assert len({rating.clip for rating in found.ratings}) == CLIPS


def test_an_answer_before_the_sound_does_not_count(listener):
    listener.begin()
    listener.press("7")
    assert listener.chosen() == []
    assert listener.text("status") == "Play the clip first."
    assert not listener.find("next").is_enabled()
    assert not listener.browser.find_element("css selector", "#digit input").is_enabled()


def test_each_clip_is_a_sound_that_plays_to_its_end(listener):
    listener.begin()
    listener.hear()
    until(lambda: listener.run("return audio.ended"), "the end of the clip")
    assert listener.run("return audio.duration") == pytest.approx(0.3, abs=0.01)
    assert not listener.find("problem").is_displayed()


def test_the_number_keys_answer_the_question_that_is_marked(listener):
    listener.begin()
    assert listener.focus() == "play"
    listener.hear()
    marked = "return document.querySelector('fieldset.active').id"
    assert listener.run(marked) == "digit"
    listener.press("4")
    assert (listener.focus(), listener.run(marked)) == ("naturalness", "naturalness")
    listener.press("9")
    assert listener.text("status") == "Naturalness goes from 1 to 5."
    listener.press("2")
    assert listener.chosen() == ["4", "2"]
    listener.press(BACKSPACE)
    assert listener.run(marked) == "digit"
    listener.press("x")
    assert listener.chosen() == ["unclear", "2"]
    assert listener.text("heading").startswith("Clip 1 ")


def test_enter_goes_on_only_when_both_questions_are_answered(listener):
    listener.begin()
    listener.hear()
    listener.press("4")
    listener.press(ENTER)
    assert listener.text("heading").startswith("Clip 1 ")
    listener.press("4")
    listener.press(ENTER)
    assert listener.text("heading").startswith("Clip 2 ")
    assert listener.chosen() == []
    assert listener.focus() == "play"


def test_space_plays_again_from_anywhere_and_plays_are_counted(listener):
    listener.begin()
    listener.hear()
    listener.press("4")
    listener.hear()
    listener.press("3")
    listener.hear()
    listener.press(ENTER)
    assert listener.run("return state.rows[0].plays") == 3


def test_tab_and_arrows_reach_every_answer_too(listener):
    listener.begin()
    listener.hear()
    listener.press(TAB)
    listener.press(" ")  # the first digit, as every form does it
    assert listener.chosen() == ["0"]
    listener.press(DOWN, DOWN)
    assert listener.chosen() == ["2"]
    listener.press(TAB, DOWN)
    assert listener.chosen() == ["2", "2"]
    listener.press(TAB, ENTER)
    assert listener.run("return [state.rows[0].digit, state.rows[0].naturalness]") == ["2", "2"]


def test_a_closed_window_loses_nothing(listener, files):
    listener.begin()
    listener.rate("1", "2")
    listener.rate("3", "4")
    listener.hear()
    listener.press("7")
    order, rows = listener.run("return [state.order, state.rows]")
    listener.open()
    assert listener.text("start") == f"Go on with clip 3 of {CLIPS}"
    assert listener.find("listener").get_attribute("value") == "Ann"
    listener.find("start").click()
    assert listener.text("heading") == f"Clip 3 of {CLIPS}"
    assert listener.chosen() == ["7"]
    assert listener.run("return [state.order, state.rows]") == [order, rows]
    listener.press("5")
    listener.press(ENTER)
    assert listener.run("return state.rows.length") == 3


def test_who_stops_early_can_hand_in_what_there_is(listener, files):
    listener.begin()
    listener.rate("1", "2")
    listener.find("pause").click()
    assert listener.text("done-heading") == "Stopped for now"
    found = collect([listener.download()], read_key(files[1]))
    assert len(found.ratings) == 1 and found.problems == []
    listener.find("resume").click()
    assert listener.text("heading") == f"Clip 2 of {CLIPS}"


def order_of(listener, query: str) -> list[str]:
    listener.run("localStorage.clear()")
    listener.open(query)
    listener.begin()
    return listener.run("return state.order")


def test_a_seed_gives_an_order_and_without_one_each_listener_has_another(listener, files):
    first, again, other = (order_of(listener, f"?seed={seed}") for seed in (7, 7, 8))
    assert first == again != other
    assert sorted(first) == sorted(read_key(files[1])["clips"])
    chance = {tuple(order_of(listener, "")) for _ in range(4)}
    assert len(chance) == 4


def test_the_next_person_starts_anew_but_not_by_mistake(listener):
    listener.begin()
    listener.rate("1", "2")
    listener.find("pause").click()
    listener.find("another").click()
    listener.browser.switch_to.alert.dismiss()
    assert listener.run("return state.rows.length") == 1
    listener.find("another").click()
    listener.browser.switch_to.alert.accept()
    assert listener.run("return [state, localStorage.length]") == [None, 0]
    listener.begin("Bob")
    assert listener.run("return [state.listener, state.rows.length]") == ["Bob", 0]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [('=HYPERLINK("x"),1;2', "HYPERLINK  x   1 2"), ("-1+1", "1 1"), ("Zoë", "Zoë")],
)
def test_a_name_cannot_become_a_formula_or_a_column(listener, files, typed, stored):
    listener.begin(typed)
    listener.rate("1", "2")
    listener.find("pause").click()
    found = collect([listener.download()], read_key(files[1]))
    assert found.listeners == [stored]


def test_without_a_name_there_is_a_random_one(listener):
    listener.begin("")
    assert re.fullmatch("s[0-9a-f]{8}", listener.run("return state.listener"))


def test_where_the_browser_remembers_nothing_it_says_so_and_goes_on(listener):
    broken = {"source": "Storage.prototype.setItem = () => { throw new Error('full'); };"}
    added = listener.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", broken)
    try:
        listener.open()
        listener.begin()
        listener.rate("1", "2")
        assert "Do not close or reload" in listener.text("problem")
        assert listener.text("heading").startswith("Clip 2 ")
    finally:
        listener.browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_a_damaged_memory_is_no_dead_end(listener):
    for content in ("{", "7", '{"order": ["k1"], "rows": []}'):
        listener.browser.execute_script("localStorage.setItem(storeName, arguments[0])", content)
        listener.open()
        assert listener.text("start") == "Start"


def test_on_a_phone_all_fits_and_can_be_touched(listener):
    size = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    listener.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        listener.open()
        listener.begin()
        listener.find("play").click()
        until(lambda: listener.run("return current.plays") == 1, "the sound")
        choices = listener.browser.find_elements("css selector", ".choice")
        assert min(choice.size["height"] for choice in choices) >= 44
        choices[7].click()
        listener.press("3")  # after a touch the next question is the one that is marked
        assert listener.chosen() == ["7", "3"]
        listener.find("next").click()
        assert listener.text("heading").startswith("Clip 2 ")
        assert listener.run("return document.documentElement.scrollWidth") == 390
    finally:
        listener.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


CONTRAST = """
const light = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map((x) => {
  x /= 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = (node) => { const own = getComputedStyle(node).backgroundColor;
  return own === "rgba(0, 0, 0, 0)" && node.parentElement ? behind(node.parentElement) : own; };
return [...document.querySelectorAll("h1,h2,p,li,label,legend,button,.choice span")]
  .filter((node) => node.offsetParent && node.innerText).map((node) => {
    const two = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => b - a);
    return [node.innerText.slice(0, 30), (two[0] + 0.05) / (two[1] + 0.05)]; });
"""


def test_every_text_has_the_contrast_and_every_control_the_name_that_wcag_asks_for(listener):
    seen = listener.run(CONTRAST)
    assert listener.find("listener").accessible_name == "Your name or a pseudonym"
    listener.begin()
    seen += listener.run(CONTRAST)
    listener.hear()
    listener.press("7")
    listener.press("4")
    seen += listener.run(CONTRAST)
    assert len(seen) > 40
    assert [text for text, ratio in seen if ratio < 4.5] == []
    names = [x.accessible_name for x in listener.browser.find_elements("css selector", "input")][1:]
    assert names[:10] == list("0123456789")
    assert names[10:12] == ["I cannot tell", "1 completely unnatural"]
    assert listener.find("digit").accessible_name == "Which digit was it?"
    assert listener.find("progress").accessible_name == "Clips that you have rated"
    assert listener.run("return document.documentElement.lang") == "en"
    assert listener.text("status") == "Naturalness 4, mostly natural."


def test_the_page_reaches_for_nothing_and_complains_of_nothing(listener):
    listener.browser.get_log("performance")
    listener.browser.get_log("browser")
    listener.open()
    listener.begin()
    listener.rate("1", "2")
    listener.find("pause").click()
    listener.download()
    messages = [json.loads(entry["message"])["message"] for entry in
                listener.browser.get_log("performance")]  # fmt: skip
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert asked
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert [entry["message"] for entry in listener.browser.get_log("browser")] == []
