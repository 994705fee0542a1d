"""Dates, times of day and telephone numbers in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from ganlib.text.numbers import cardinal, one_by_one, ordinal, year

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
SPELL = "\x02"  # before letters that are said one by one
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_SHORT = {month[:3]: month for month in MONTHS} | {"sept": "september"}
_MONTH = rf"\b(?P<month>{'|'.join(MONTHS)}|{'|'.join(_SHORT)})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:/.-]*\d)"
_YEAR = r"(?P<year>\d{4})(?!\d)"


def _month(name: str) -> str:
    return _SHORT.get(name.lower(), name.lower())


def _date(day: str, month: int | str, years: str | None, day_first: bool = False) -> str:
    name = MONTHS[month - 1] if isinstance(month, int) else _month(month)
    said = f"the {ordinal(day)} of {name}" if day_first else f"{name} {ordinal(day)}"
    return said + (f", {year(years)}" if years else "")


def _month_day(found: re.Match[str]) -> str:
    if not 1 <= int(found["day"]) <= 31:
        return found[0]
    return _date(found["day"], found["month"], found["year"])


def _day_month(found: re.Match[str]) -> str:
    if not 1 <= int(found["day"]) <= 31:
        return found[0]
    return _date(found["day"], found["month"], found["year"], day_first=True)


def _month_year(found: re.Match[str]) -> str:
    return f"{_month(found['month'])} {year(found['year'])}"


def _iso(found: re.Match[str]) -> str:
    return _date(found["day"], int(found["month"]), found["year"])


def _slashes(found: re.Match[str]) -> str:
    first, second = int(found[1]), int(found[2])
    month, day = (second, first) if first > 12 else (first, second)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return found[0]
    years = found[3] if len(found[3]) == 4 else ("20" if int(found[3]) < 50 else "19") + found[3]
    return _date(str(day), month, years)


def _clock(found: re.Match[str]) -> str:
    hour, minute, second = int(found["hour"]), int(found["minute"]), found["second"]
    half = f" {SPELL}{found['half'][0].lower()}m" if found["half"] else ""
    if hour > 24 or minute > 59:
        return found[0].replace(":", " to ")
    if minute == 0:
        tail = "" if half else (" o'clock" if 0 < hour <= 12 else " hundred")
    else:
        tail = f" oh {cardinal(str(minute))}" if minute < 10 else f" {cardinal(str(minute))}"
    seconds = f" and {cardinal(str(int(second)))} seconds" if second else ""
    return cardinal(str(hour)) + tail + seconds + half + _stop(found)


def _hour(found: re.Match[str]) -> str:
    said = f"{cardinal(str(int(found['hour'])))} {SPELL}{found['half'][0].lower()}m"
    return said + _stop(found)


def _stop(found: re.Match[str]) -> str:
    """The full stop of `p.m.` also ends the sentence where a capital letter or nothing follows."""
    if not (found["half"] or "").endswith("."):
        return ""
    return "." if re.match(r"[\"')]*(?:\s+[\"'(]*[A-Z]|\s*$)", found.string[found.end() :]) else ""


def _phone(found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found[0])
    said = ", ".join(one_by_one(group) for group in groups)
    return (" plus " if "+" in found[0] else " ") + said + " "


_HALF = r"(?P<half>[ap]\.m\.|[ap]m\b|[AP]\.M\.|[AP]M\b)"
DATES: list[Rule] = [
    (re.compile(r"\b(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)\b"), _iso),
    (re.compile(r"(?<![\d/])(\d{1,2})[/](\d{1,2})[/](\d{4}|\d\d)(?![\d/])"), _slashes),
    (re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d.]\d)"), _slashes),
    (re.compile(rf"{_MONTH}\s+{_DAY}(?:(?:,\s*|\s+){_YEAR})?", re.IGNORECASE), _month_day),
    (
        re.compile(rf"\b(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", re.IGNORECASE),
        _day_month,
    ),
    (re.compile(rf"{_MONTH},?\s+{_YEAR}", re.IGNORECASE), _month_year),
]
PHONES: list[Rule] = [
    (re.compile(r"\+\d{1,3}(?:[ .-]?\(\d{1,4}\))?(?:[ .-]?\d{2,5}){2,5}(?!\d)"), _phone),
    (re.compile(r"\(\d{3}\)[ -]?\d{3}[ .-]\d{4}(?!\d)"), _phone),
    (re.compile(r"(?<![\d.-])(?:1-)?\d{3}([-.])\d{3}\1\d{4}(?!\d)"), _phone),
    (re.compile(r"(?<![\d.-])\d{3}-\d{4}(?![\d-])"), _phone),
    (re.compile(r"(?<![\d.-])\d{1,6}(?:-\d{1,6}){2,6}(?![\d-])"), _phone),
]
TIMES: list[Rule] = [
    (
        re.compile(
            r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?![\d:])"
            rf"(?:\s?{_HALF})?"
        ),
        _clock,
    ),
    (re.compile(rf"(?<![\d.,:])(?P<hour>1[0-2]|0?[1-9])\s?{_HALF}"), _hour),
]
