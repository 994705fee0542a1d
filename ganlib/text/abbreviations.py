"""Abbreviations, titles, Roman numerals and signs in words."""

from __future__ import annotations

import re

from ganlib.text.calendar import SPELL
from ganlib.text.numbers import cardinal, ordinal

_ALWAYS = {  # with their full stop, whatever comes after
    **{"mr": "mister", "mrs": "missus", "ms": "ms", "messrs": "messieurs", "prof": "professor"},
    **{"gen": "general", "col": "colonel", "capt": "captain", "lt": "lieutenant"},
    **{"sgt": "sergeant", "sen": "senator", "rep": "representative", "gov": "governor"},
    **{"rev": "reverend", "hon": "honorable", "pres": "president", "mt": "mount", "ft": "fort"},
    **{"vs": "versus", "approx": "approximately", "dept": "department", "est": "established"},
    **{"vol": "volume", "tel": "telephone", "ext": "extension", "mon": "monday"},
    **{"tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday"},
    **{"thur": "thursday", "thurs": "thursday", "fri": "friday", "feb": "february"},
    **{"nov": "november", "sept": "september", "oct": "october", "dec": "december"},
    **{"aug": "august", "jan": "january"},
}
_CAPITAL_ONLY = {"mon", "tue", "wed", "fri", "gen", "col", "rep", "hon", "ms", "est", "mt", "jan"}
_MAY_END = {  # its full stop may also end the sentence
    **{"etc": "et cetera", "jr": "junior", "sr": "senior", "inc": "incorporated"},
    **{"ltd": "limited", "corp": "corporation", "bros": "brothers", "ave": "avenue"},
    **{"blvd": "boulevard", "rd": "road", "ln": "lane", "hwy": "highway"},
    **{"e.g": "for example", "i.e": "that is", "a.k.a": "also known as"},
    **{"p.s": SPELL + "ps", "ph.d": SPELL + "phd", "co": "company"},
}
_BEFORE_NUMBER = {"no": "number", "nos": "numbers", "p": "page", "pp": "pages", "fig": "figure"}
_BEFORE_NUMBER |= {"ch": "chapter", "sec": "section", "art": "article", "vol": "volume"}
_RULERS = (
    "Henry Louis Charles George Edward Elizabeth James Philip Pius Paul William Richard "
    "Napoleon Catherine Frederick Alexander Nicholas Benedict Gregory Francis Mary Ramses "
    "Ivan Peter Leo Clement Innocent Urban Ferdinand Wilhelm Christian Gustav Otto Alfonso "
    "Felipe Juan"
)
_NUMBERED = (
    "Chapter Part Volume Book Act Scene Section War Phase Type Level Appendix Article Title "
    "Grade Class Apollo"
)
_ROMAN = re.compile(
    rf"\b(?P<name>(?P<ruler>{_RULERS.replace(' ', '|')})"
    rf"|(?P<counted>{_NUMBERED.replace(' ', '|')})|[A-Z][a-z]+) "
    r"(?P<numeral>X{0,3}(?:IX|IV|V?I{0,3}))(?![\w'])"
)
_DOT = r"(?:\.|(?![\w.]))"
_ENDS = re.compile(r"[\"')]*(?:\s+[\"'(]*[A-Z]|\s*$)")

SIGNS = [  # longest first; "#" and "*" as on a telephone
    (re.compile(r"#(?=\s?\d)"), " number "),
    (re.compile(r"#(?=[A-Za-z])"), " hashtag "),
    (re.compile(r"(?<=\d)\s?\*\s?(?=\d)"), " times "),
    (re.compile(r"(?<=\d)\s?\^2(?!\d)"), " squared "),
    (re.compile(r"(?<=\d)\s?\^3(?!\d)"), " cubed "),
    (re.compile(r"(?<=\d)\s?\^\s?(?=\d)"), " to the power of "),
    (re.compile(r"(?<=\d)\s-\s(?=\d)"), " minus "),
    (re.compile(r"(?<=\d) / (?=\d)"), " divided by "),
    (re.compile(r"(?<!\S)~(?=\d)"), " about "),
    (re.compile(r"(?<=[\w\s])<\s?(?=\d)"), " less than "),
    (re.compile(r"(?<=[\w\s])>\s?(?=\d)"), " more than "),
    (re.compile(r"\*+(?=\w)|(?<=\w)\*+"), " "),  # emphasis
    (re.compile(r"(?<![#\S])#(?![#\S])|(?<=\s)#(?=[\s.,;!?]|$)"), " pound "),
    (re.compile(r"(?<!\S)\*(?=[\s.,;!?]|$)"), " star "),
]
_LAST_SIGNS = {"&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent"}
_LAST_SIGNS |= {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "°": "degrees", "μ": "mu"}


def say_abbreviations(text: str) -> str:
    """Write out abbreviations and the signs that belong to digits, before the digits themselves.

    Example:
        >>> say_abbreviations("Dr. Smith lives in St. Ives, Elm St. No. 5.")
        'doctor Smith lives in saint Ives, Elm street number 5.'
        >>> say_abbreviations("Henry VIII saw World War II.")
        'Henry the eighth saw World War two.'
    """
    for pattern, said in SIGNS:
        text = pattern.sub(said, text)
    text = re.sub(r"\b([A-Za-z]{1,4})\.\s?(?=\d)", _before_number, text)
    text = re.sub(rf"\b([A-Z][a-z]+ )(Dr|St){_DOT}(?=\s*(?:[,;]|$|[a-z\d]|No\b))", _street, text)
    text = re.sub(rf"\b(Dr|St){_DOT}(?= [A-Z])", _title, text)
    text = re.sub(r"\b(Mr|Mrs)\b\.?", lambda found: _ALWAYS[found[1].lower()], text)
    text = re.sub(r"(?<![\w.])([A-Za-z]{2,6})\.", _always, text)
    text = re.sub(r"(?<![\w.])([A-Za-z]{1,4}(?:\.[A-Za-z]){0,2})\.", _may_end, text)
    text = re.sub(r"(?<![\w.])(?:[A-Za-z]\.){2,8}", _initials, text)
    text = re.sub(r"(?<![\w.'])(?:[A-HJ-Z])\.(?=\s+[A-Z])", _initials, text)
    text = re.sub(r"\b(?:w/o)(?!\w)", "without", text)
    return _ROMAN.sub(_roman, text)


def say_signs(text: str) -> str:
    """Write out the signs that are left when the digits are words.

    Example:
        >>> say_signs("salt & pepper").split()
        ['salt', 'and', 'pepper']
    """
    return re.sub(r"[&+=@%$£€¥°μ]", lambda found: f" {_LAST_SIGNS[found[0]]} ", text)


def _stop(found: re.Match[str]) -> str:
    return "." if _ENDS.match(found.string, found.end()) else ""


def _before_number(found: re.Match[str]) -> str:
    said = _BEFORE_NUMBER.get(found[1].lower())
    return f"{said} " if said else found[0]


def _street(found: re.Match[str]) -> str:
    said = found[1] + {"Dr": "drive", "St": "street"}[found[2]]
    return said + ("." if _ENDS.match(found.string, found.end()) and found[0][-1] == "." else "")


def _title(found: re.Match[str]) -> str:
    return {"Dr": "doctor", "St": "saint"}[found[1]]


def _always(found: re.Match[str]) -> str:
    word = found[1].lower()
    if word not in _ALWAYS or (word in _CAPITAL_ONLY and found[1][0].islower()):
        return found[0]
    return _ALWAYS[word]


def _may_end(found: re.Match[str]) -> str:
    said = _MAY_END.get(found[1].lower())
    return said + _stop(found) if said else found[0]


def _initials(found: re.Match[str]) -> str:
    letters = found[0].replace(".", "")
    return SPELL + letters.lower() + (_stop(found) if len(letters) > 1 else "")


def _roman(found: re.Match[str]) -> str:
    numeral = found["numeral"]
    if not numeral or (len(numeral) == 1 and not found["counted"]):
        return found[0]
    value = 0
    for one, after in zip(numeral, numeral[1:] + " ", strict=True):
        size = {"I": 1, "V": 5, "X": 10}
        value += -size[one] if size[one] < size.get(after, 0) else size[one]
    if found["ruler"]:
        return f"{found['name']} the {ordinal(str(value))}"
    return f"{found['name']} {cardinal(str(value))}"
