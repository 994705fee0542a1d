"""Money, units, fractions and all other things that are written with digits, in words."""

from __future__ import annotations

import re

from ganlib.text.calendar import DATES, PHONES, TIMES, Rule
from ganlib.text.numbers import cardinal, decimal, fraction, one_by_one, ordinal, plural, year

_NUMBER = r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?![\d])"
_MONEY = {
    "$": ("dollar", "cent"),
    "£": ("pound", "penny"),
    "€": ("euro", "cent"),
    "¥": ("yen", "sen"),
}
_UNITS = {  # as they are written: one of it
    **{"km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "mi": "mile"},
    **{"ft": "foot", "yd": "yard", "kg": "kilogram", "g": "gram", "mg": "milligram"},
    **{"lb": "pound", "lbs": "pound", "oz": "ounce", "l": "liter", "L": "liter"},
    **{"ml": "milliliter", "mL": "milliliter", "s": "second", "sec": "second"},
    **{"ms": "millisecond", "min": "minute", "mins": "minute", "h": "hour", "hr": "hour"},
    **{"hrs": "hour", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "Hz": "hertz"},
    **{"dB": "decibel", "kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte"},
    **{"TB": "terabyte", "W": "watt", "kW": "kilowatt", "V": "volt", "kWh": "kilowatt hour"},
    **{"mph": "mile per hour", "km/h": "kilometer per hour", "kmh": "kilometer per hour"},
    **{"m/s": "meter per second", "kg/m^3": "kilogram per cubic meter", "inches": "inch"},
    **{"m^2": "square meter", "km^2": "square kilometer", "m^3": "cubic meter"},
    **{"cm^2": "square centimeter", "cm^3": "cubic centimeter", "μm": "micrometer"},
    **{"μs": "microsecond", "°C": "degree celsius", "°F": "degree fahrenheit", "°": "degree"},
    **{"%": "percent", "pp": "percentage point", "kbit/s": "kilobit per second"},
}
_ANY_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=lambda unit: -len(unit)))
_UNCHANGED = {"hertz", "kilohertz", "megahertz", "gigahertz", "percent", "yen", "sen"}
_SCALES = "hundred|thousand|million|billion|trillion"
_YEAR_AFTER = (
    r"(?:in|since|from|of|by|until|till|before|after|during|year|circa|around|spring|summer|autumn|"
    r"fall|winter|late|early|mid|to|and|between)"
)
_YEAR_ENDS = r"(?!\w|[.,]\d)"


def several(unit: str) -> str:
    """The plural of a unit: its noun, not what follows `per`, `celsius` or `hour`.

    Example:
        >>> several("mile per hour"), several("degree celsius"), several("hertz")
        ('miles per hour', 'degrees celsius', 'hertz')
    """
    noun, *rest = re.split(r" (?=per |celsius|fahrenheit)", unit, maxsplit=1)
    noun = noun if noun in _UNCHANGED else "pence" if noun == "penny" else plural(noun)
    return " ".join([noun, *rest])


def amount(number: str) -> str:
    """A number as it is said: whole or with a point.

    Example:
        >>> amount("1,000.5"), amount("12")
        ('one thousand point five', 'twelve')
    """
    number = number.replace(",", "")
    return decimal(number) if "." in number else cardinal(number)


def _money(found: re.Match[str]) -> str:
    large, small = _MONEY[found["sign"]]
    whole, _, cents = found["number"].replace(",", "").partition(".")
    if found["scale"] or (cents and len(cents) != 2):
        scale = f" {found['scale']}" if found["scale"] else ""
        return f"{amount(found['number'])}{scale} {several(large)}"
    parts = []
    if int(whole or 0) or not int(cents or 0):
        parts.append(f"{cardinal(whole)} {large if int(whole) == 1 else several(large)}")
    if int(cents or 0):
        parts.append(f"{cardinal(str(int(cents)))} {small if int(cents) == 1 else several(small)}")
    return " and ".join(parts) + " "


def _measure(found: re.Match[str]) -> str:
    unit = _UNITS[found["unit"]]
    said = unit if found["number"] == "1" else several(unit)
    return f"{amount(found['number'])} {said} "


def _mixed(found: re.Match[str]) -> str:
    part = fraction(found[2], found[3])
    return f"{cardinal(found[1])} and {part.replace('one half', 'a half')}"


def _decade(found: re.Match[str]) -> str:
    digits = found[1]
    return plural(year(digits) if len(digits) == 4 else cardinal(digits))


def _dotted(found: re.Match[str]) -> str:
    parts = found[0].split(".")
    return (" dot " if len(parts) == 4 else " point ").join(cardinal(part) for part in parts)


FIGURES: list[Rule] = [
    *DATES,
    *PHONES,
    (re.compile(r"(?<=\d)\s?--\s?(?=[$£€¥]?\d)|(?<=\d)-(?=[$£€¥]?\d)"), lambda _: " to "),
    *TIMES,
    (re.compile(r"(?<![\w'])'?(\d{4}|\d0)'?s\b"), _decade),
    (re.compile(r"(?<![\w.,$])911(?!\w|[.,]\d)"), lambda _: "nine one one"),
    (re.compile(r"(?<![\w.])24/7(?![\w/])"), lambda _: "twenty four seven"),
    (re.compile(r"(?<=\d):(?=\d)"), lambda _: " to "),
    (
        re.compile(
            r"(?P<sign>[$£€¥])\s?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
            rf"(?:\s?(?P<scale>{_SCALES})\b)?"
        ),
        _money,
    ),
    (re.compile(r"\b(\d{1,6}) (\d{1,3})/(\d{1,3})(?![\w/])"), _mixed),
    (
        re.compile(r"(?<![\w/.])(\d{1,4})/(\d{1,4})(?![\w/])"),
        lambda found: fraction(found[1], found[2]),
    ),
    (
        re.compile(rf"{_NUMBER}\s?(?P<unit>{_ANY_UNIT})(?![\w^/])"),
        _measure,
    ),
    (
        re.compile(r"\b(\d[\d,]{0,14})(?:st|nd|rd|th)\b", re.IGNORECASE),
        lambda found: ordinal(found[1].replace(",", "")),
    ),
    (re.compile(r"\b\d{1,4}(?:\.\d{1,5}){2,3}(?![\d.]*\d)"), _dotted),
    (
        re.compile(rf"\b({_YEAR_AFTER})\s+(1[1-9]\d\d|20\d\d){_YEAR_ENDS}", re.IGNORECASE),
        lambda found: f"{found[1]} {year(found[2])}",
    ),
    (re.compile(rf"(?<![\w.,$])((?:19|20)\d\d){_YEAR_ENDS}"), lambda found: year(found[1])),
    (re.compile(r"(?<![\w)])-(?=[\d.]\d*)"), lambda _: " minus "),
    (re.compile(r"(?<=[A-Za-z])[-.]?(?=\d)|(?<=\d)-?(?=[A-Za-z])"), lambda _: " "),
    (re.compile(_NUMBER), lambda found: amount(found["number"])),
    (re.compile(r"\d{16,}"), lambda found: one_by_one(found[0])),
    (re.compile(r"\d+"), lambda found: cardinal(found[0])),
]


def say_figures(text: str) -> str:
    """Write out everything that has digits.

    Args:
        text: cleaned text.

    Returns:
        The text without digits; letters that are said one by one stand behind `SPELL`.

    Example:
        >>> say_figures("On 2026-11-27 we paid $3.50 for 5 km.")
        'On november twenty seventh, twenty twenty six we paid three dollars and fifty cents  for
        five kilometers .'
    """
    for pattern, say in FIGURES:
        text = pattern.sub(lambda found, say=say: f"{say(found)}", text)  # type: ignore[misc]
    return text
