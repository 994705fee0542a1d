"""Texts that a person has said aloud, and what ganlib.text makes of them."""

import random

import pytest
from num2words import num2words

from ganlib.errors import OptionError
from ganlib.text import SYMBOLS, Sentence, Word, read

# What is written, and what a reader says; sentences are divided by " | ".
SAID = {
    "Hello, world!": "hello, world.",
    "Is it you? Yes; it is.": "is it you? | yes, it is.",
    "No mark at the end": "no mark at the end.",
    "Wait... what?": "wait, what?",
    "He stopped… Then he left.": "he stopped. | then he left.",
    "First line\n\nSecond line": "first line. | second line.",
    "wrapped\nlines": "wrapped lines.",
    "- milk\n- eggs": "milk. | eggs.",
    "“Curly” quotes (and brackets) – here": "curly quotes, and brackets, here.",
    # numbers
    "I have 3 cats and 21 dogs.": "i have three cats and twenty one dogs.",
    "1,234,567": "one million two hundred and thirty four thousand five hundred and sixty seven.",
    "Agent 007": "agent zero zero seven.",
    "Pi is 3.14159.": "pi is three point one four one five nine.",
    "-5 or .5": "minus five or zero point five.",
    "the 1st, 2nd, 3rd and 21st": "the first, second, third and twenty first.",
    "In 1805, in 1999 and in 2026.": "in eighteen oh five, in nineteen ninety nine and in twenty "
    "twenty six.",
    "1500 people": "one thousand five hundred people.",
    "the 1990s and the '80s": "the nineteen nineties and the eighties.",
    "1/2 of 3/4, 2 1/2 or 2½": "one half of three quarters, two and a half or two and a half.",
    "3-5 days": "three to five days.",
    "1990–1995": "nineteen ninety to nineteen ninety five.",
    "version 2.17.1": "version two point seventeen point one.",
    "24/7": "twenty four seven.",
    "Call 911.": "call nine one one.",
    "a 12-year-old": "a twelve year old.",
    # money and units
    "$3.50": "three dollars and fifty cents.",
    "$1 or £2.01 or €1,000": "one dollar or two pounds and one penny or one thousand euros.",
    "$0.99": "ninety nine cents.",
    "$1.5 million": "one point five million dollars.",
    "¥500": "five hundred yen.",
    "50% or 2.5 %": "fifty percent or two point five percent.",
    "5 km, 10 kg": "five kilometers, ten kilograms.",
    "1 km": "one kilometer.",
    "20 °C, 68°F": "twenty degrees celsius, sixty eight degrees fahrenheit.",
    "6 ft and 16 kHz": "six feet and sixteen kilohertz.",
    "100 km/h, 5 m²": "one hundred kilometers per hour, five square meters.",
    # dates and times
    "It's 3:45 pm.": "it's three forty five PM.",
    "At 12:00 we eat.": "at twelve o'clock we eat.",
    "at 9:05 a.m. sharp": "at nine oh five AM sharp.",
    "It was 5 p.m. Then we left.": "it was five PM. | then we left.",
    "Nov 27, 2026": "november twenty seventh, twenty twenty six.",
    "November 27th": "november twenty seventh.",
    "27 November 2026": "the twenty seventh of november, twenty twenty six.",
    "27/11/2026": "november twenty seventh, twenty twenty six.",
    "2026-11-27": "november twenty seventh, twenty twenty six.",
    "May I, please?": "may i, please?",
    # telephones
    "555-1234": "five five five, one two three four.",
    "(555) 123-4567": "five five five, one two three, four five six seven.",
    # abbreviations
    "Dr. Smith and Mr. Jones": "doctor smith and mister jones.",
    "Mrs. Jones vs. Ms. King": "missus jones versus ms king.",
    "Main St. in St. Louis": "main street in saint louis.",
    "No. 5 is #1.": "number five is number one.",
    "No. He said no.": "no. | he said no.",
    "cats, dogs, etc. are": "cats, dogs, et cetera are.",
    "e.g. this, i.e. that": "for example this, that is that.",
    "J. R. R. Tolkien": "J R R tolkien.",
    "The U.S. economy": "the US economy.",
    "Henry VIII and World War II": "henry the eighth and world war two.",
    "Chapter IV, Malcolm X": "chapter four, malcolm X.",
    "I did it.": "i did it.",
    # signs and addresses
    "salt & pepper": "salt and pepper.",
    "2 + 2 = 4": "two plus two equals four.",
    "5 * 3 and 10 - 3": "five times three and ten minus three.",
    "press * or press #": "press star or press pound.",
    "*really* good": "really good.",
    "info@nasa.gov": "info at nasa dot gov.",
    "https://www.example.org/x_1": "WWW dot example dot org slash X underscore one.",
    # words
    "The café's naïve waiter": "the cafe's naive waiter.",
    "re-enter the long-forgotten e-mail": "reenter the long forgotten e-mail.",
    "the FBI, NASA, CEOs and TVs": "the FBI, nasa, CEOs and TVs.",
    "THE CAR IS OURS, USE IT NOW": "the car is ours, use it now.",
    "IT in the US; tell us": "IT in the US, tell us.",
    "mp3, 3D, H.323": "MP three, three D, H three hundred and twenty three.",
    "good 👍 news 🎉": "good news.",
    "He said 'yes' and 'no'.": "he said yes and no.",
}


@pytest.mark.parametrize(("text", "said"), SAID.items(), ids=list(SAID))
def test_a_text_is_said_as_a_person_would(text, said):
    assert " | ".join(map(str, read(text))) == said


def test_numbers_are_those_of_num2words():
    chance = random.Random(0)
    for number in [chance.randrange(10 ** chance.randrange(1, 13)) for _ in range(100)]:
        if 1900 <= number <= 2099:
            continue  # read as a year
        said = num2words(number).replace("-", " ").replace(",", "")
        assert str(read(f"{number:,}")[0]) == said + ".", number


def test_years_are_those_of_num2words():
    for year in range(1900, 2100, 7):
        said = num2words(year, to="year").replace("-", " ")
        assert str(read(f"In {year} it began.")[0]) == f"in {said} it began.", year


def test_dollars_are_those_of_num2words():
    for cents in range(101, 100_000, 997):
        said = num2words(cents, to="currency", currency="USD")  # a whole number counts cents
        said = (
            said.replace("-", " ").replace(", zero cents", "").replace("dollars, ", "dollars and ")
        )
        said = said.replace("one dollar, ", "one dollar and ").replace(",", "")
        assert str(read(f"${cents / 100:,.2f}")[0]) == said + ".", cents


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected English text, got none"),
        (" \n\t", "expected English text, got none"),
        ("?! ... &", r"got symbols alone: \? ! . &"),
        ("👍", "got symbols alone: 👍"),
        ("Привет", r"got Cyrillic letters alone \(Привет\)"),
        ("你好", "got Cjk letters alone"),
        ("\x02\x03", "got symbols alone"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_it_was(text, told):
    with pytest.raises(OptionError, match=told):
        read(text)


def test_something_else_than_text_is_refused():
    with pytest.raises(OptionError, match="as a string, got int"):
        read(5)


def test_symbols_begin_with_a_silence_and_end_with_the_mark():
    [sentence] = read("Yes, now?")
    assert sentence.symbols == ("sil", "Y", "EH1", "S", ",", "N", "AW1", "?")
    assert set(sentence.symbols) <= set(SYMBOLS)


def test_the_symbols_are_padding_silence_three_marks_and_the_phones():
    assert SYMBOLS[:5] == ("_", "sil", ",", ".", "?")
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 5 + 24 + 3 * 15
    assert {"AH0", "AH1", "AH2", "ZH", "NG"} <= set(SYMBOLS)


def test_ten_thousand_words_become_sentences_of_thirty_words_at_most():
    for text in ("so we went on, and " * 2000, "word " * 10_000, "Stop. " * 10_000):
        sentences = read(text)
        assert sum(len(sentence.words) for sentence in sentences) == len(text.split())
        assert max(len(sentence.words) for sentence in sentences) <= 30


def test_a_long_sentence_is_cut_at_its_commas():
    text = "one two three four five six seven eight nine ten, " * 5
    assert [len(sentence.words) for sentence in read(text)] == [30, 20]
    assert all(sentence.marks[-1] for sentence in read(text))


def test_a_long_sentence_without_commas_is_cut_before_a_conjunction():
    first, second = read("word " * 20 + "and " + "word " * 15)
    assert (len(first.words), second.words[0].text) == (20, "and")


MONSTERS = (
    "a",
    "1",
    "a-",
    "a.b",
    "1,1",
    "1 ",
    "x@",
    "www.",
    "I.",
    "1-",
    "1/",
    "1:",
    "a'",
    "A ",
    "http://",
)


@pytest.mark.parametrize("piece", MONSTERS)
def test_monstrous_texts_take_no_forever(piece):
    sentences = read(piece * (30_000 // len(piece)))
    assert all(set(sentence.symbols) <= set(SYMBOLS) for sentence in sentences)


def test_any_text_of_printable_characters_is_read_into_known_symbols():
    chance = random.Random(1)
    characters = [chr(code) for code in range(32, 127)] + list("’“–—…½²°£€éñß\n\t")
    for _ in range(500):
        text = "a" + "".join(chance.choices(characters, k=40))
        for sentence in read(text):
            assert isinstance(sentence, Sentence)
            assert len(sentence.words) == len(sentence.marks) > 0
            assert sentence.marks[-1] and all(word.phones for word in sentence.words), text
            assert set(sentence.symbols) <= set(SYMBOLS)


def test_the_thee_before_a_vowel_and_a_sentence_says_which_words_are_guessed():
    [sentence] = read("The apple and the blorf.")
    assert [word.phones for word in sentence.words if word.text == "the"] == [
        ("DH", "IY0"),
        ("DH", "AH0"),
    ]
    assert [word.text for word in sentence.by_rule] == ["blorf"]
    assert Word("and", ("AH0", "N", "D"), "dictionary") in sentence.words
