"""Words sound as the dictionary says, and where it says nothing, as its other words suggest."""

import importlib.util
import time

import pytest

from ganlib.text.calendar import SPELL
from ganlib.text.dictionary import is_known, pronunciations
from ganlib.text.endings import inflected
from ganlib.text.learning import entries, error_rates, is_held_out, wrong_phones
from ganlib.text.pronouncing import pronounce
from ganlib.text.spelling import Spelling, spelled
from ganlib.text.symbols import PHONES, is_vowel


@pytest.mark.parametrize(
    ("written", "phones", "found"),
    [
        ("cat", "K AE1 T", "dictionary"),
        ("Voice", "V OY1 S", "dictionary"),
        ("a", "AH0", "dictionary"),
        ("A", "EY1", "letters"),
        ("I", "AY1", "dictionary"),
        ("FBI", "EH1 F B IY1 AY1", "letters"),
        ("NASA", "N AE1 S AH0", "dictionary"),
        ("US", "Y UW1 EH1 S", "letters"),
        ("us", "AH1 S", "dictionary"),
        ("PBX", "P IY1 B IY1 EH1 K S", "letters"),
        ("pbx", "P IY1 B IY1 EH1 K S", "letters"),
        ("CEOs", "S IY1 IY1 OW1 Z", "letters"),
        (SPELL + "am", "EY1 EH1 M", "letters"),
        ("waldo's", "W AA1 L D OW0 Z", "dictionary"),
        ("asterisk's", "AE1 S T ER0 IH0 S K S", "dictionary"),
        ("faxings", "F AE1 K S IH0 NG Z", "dictionary"),
        ("voicepanel", "V OY1 S P AE2 N AH0 L", "rules"),
        ("don't", "D OW1 N T", "dictionary"),
        ("unmuted", "AH0 N M Y UW1 T IH0 D", "rules"),
        ("rerecord", "R IY0 R AH0 K AO1 R D", "rules"),
        ("'twas", "T W AH1 Z", "dictionary"),
    ],
)
def test_a_word_sounds_as_it_should(written, phones, found):
    word = pronounce(written)
    assert (" ".join(word.phones), word.found) == (phones, found)


def test_capitals_mean_nothing_among_capitals():
    assert pronounce("US", shouted=True).phones == ("AH1", "S")
    assert pronounce("FBI", shouted=True).phones == pronounce("FBI").phones


@pytest.mark.parametrize(
    ("word", "known"),
    [("cats", "cat"), ("horses", "horse"), ("cities", "city"), ("planted", "plant")]
    + [("stopped", "stop"), ("making", "make"), ("running", "run"), ("dogs", "dog")]
    + [("tried", "try"), ("watches", "watch"), ("buzzed", "buzz"), ("hoped", "hope")],
)
def test_an_ending_sounds_as_the_dictionary_has_it(word, known):
    assert is_known(known)
    assert inflected(word) in pronunciations(word)


def test_every_phone_of_the_dictionary_is_a_symbol_and_every_word_has_a_vowel_or_is_a_noise():
    for word in ("the", "rhythm", "queue", "o'clock", "x-ray"):
        assert pronunciations(word) and set(pronunciations(word)[0]) <= set(PHONES)
        assert any(is_vowel(phone) for phone in pronunciations(word)[0])


def test_the_dictionary_loads_in_less_than_a_second_in_a_fresh_place():
    from ganlib.text import dictionary

    dictionary._words.cache_clear()
    begin = time.process_time()
    assert pronunciations("cat")
    assert time.process_time() - begin < 1.0
    assert len(dictionary._words()) == 126_052


def test_the_dictionary_is_the_one_that_the_package_pocketsphinx_knows_too():
    """Another copy of CMUdict, an older one without stress: most words sound the same in both."""
    if importlib.util.find_spec("pocketsphinx") is None:
        pytest.skip("pocketsphinx is not installed")
    from pocketsphinx import get_model_path

    same = count = 0
    with open(get_model_path("en-us/cmudict-en-us.dict"), encoding="utf-8") as lines:
        for line in list(lines)[::50]:
            word, *phones = line.split()
            if is_known(word):
                ours = [" ".join(p.rstrip("012") for p in way) for way in pronunciations(word)]
                same, count = same + (" ".join(phones) in ours), count + 1
    assert count > 2000
    assert same / count > 0.95


def test_the_spelling_rules_know_common_patterns():
    for word, like in [("blight", "light"), ("snation", "nation"), ("phlake", "flake")]:
        assert spelled(word)[-2:] == pronunciations(like)[0][-2:]


def test_a_word_by_rule_has_exactly_one_main_stress():
    for word in ("blorfington", "ganlib", "zyxomma", "quandropility", "strth"):
        stresses = [phone for phone in spelled(word) if phone.endswith("1")]
        assert len(stresses) == any(is_vowel(phone) for phone in spelled(word))


def test_the_shipped_rules_know_most_phones_of_words_in_the_dictionary():
    from ganlib.text import dictionary, spelling

    words = {word: list(pronunciations(word)) for word in list(dictionary._words())[::400]}
    rates = error_rates(spelling._learned(), entries(words))
    assert rates["phones"] < 0.1  # they were learned from these; 8 % of words never seen


def test_a_tenth_of_the_words_is_held_out():
    from ganlib.text import dictionary

    words = list(dictionary._words())
    assert sum(map(is_held_out, words)) / len(words) == pytest.approx(0.1, abs=0.005)


def test_wrong_phones_counts_like_a_textbook():
    assert wrong_phones(tuple("kitten"), tuple("sitting")) == 3
    assert wrong_phones((), tuple("abc")) == 3


def test_the_likeliest_chain_wins_over_the_likeliest_chunk():
    """By hand: after x, "a" is said 2 in most cases; alone 1 is more frequent."""
    chunks = {"x": "xG", "1": "a0", "2": "a1"}
    counts = {"": {"1": 6, "2": 4, "x": 4}, "x": {"2": 4}}
    one = Spelling(chunks, counts)
    assert one.phones("a") == (PHONES[0][:-1] + "1",)
    assert len(one.phones("xa")) == 2
