"""Days and times of day in a text, as dates of the market: 2026-11-25, "next Tuesday", 下周二, "vor drei Tagen".

A date without a year is the one nearest to today, or the last one where money was taken.
"Next Tuesday", 下周二 and 来週の火曜日 are the Tuesday of the next
week, counted from Monday; "nächsten Dienstag" and "el próximo martes" are the first Tuesday after today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from tradewind.assistant.understanding.amounts import Found
from tradewind.assistant.understanding.numerals import read_east_asian, read_words
from tradewind.markets import Market
from tradewind.markets.locales import find_locale

DAY = timedelta(days=1)
_COUNT = r"(?P<count>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|[a-zäöüáéíóúß]+)"
_WEEKDAYS_EAST = "一二三四五六日"
_WEEKDAYS_JA = "月火水木金土日"

_RELATIVE: Mapping[str, int] = {
    "day after tomorrow": 2, "day before yesterday": -2, "today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1,
    "yesterday": -1,
    "übermorgen": 2, "vorgestern": -2, "heute": 0, "gestern": -1,
    "pasado mañana": 2, "anteayer": -2, "antes de ayer": -2, "hoy": 0, "ayer": -1,
    "大后天": 3, "大前天": -3, "后天": 2, "後天": 2, "前天": -2, "今天": 0, "今日": 0, "明天": 1, "明日": 1,
    "昨天": -1, "昨日": -1,
    "聽日": 1, "尋日": -1, "明後日": 2, "あさって": 2, "一昨日": -2, "おととい": -2, "きょう": 0, "本日": 0,
    "あした": 1, "きのう": -1,
}  # fmt: skip
# "morgen" is tomorrow unless it is a part of the day, "mañana" too.
_MORGEN = r"(?<!guten )(?<!heute )(?<!am )(?<!jeden )\bmorgen\b"
_MANANA = r"(?<!la )(?<!pasado )(?<!hasta )\bmañana\b"


def find_days(text: str, market: Market, language: str, today: date) -> Iterator[Found]:
    """The dates of a text; `value` is ISO. Rules may overlap, earlier ones are more certain.

    Args:
        text: what to read.
        market: says in which order day and month stand.
        language: of the text.
        today: as it is in the market's zone.
    """
    for pattern, read in _rules():
        for match in pattern.finditer(text):
            day = read(match, today, market)
            if day is not None:
                yield Found("date", match.start(), match.end(), day.isoformat())


def find_times(text: str) -> Iterator[Found]:
    """Times of day; `value` is "HH:MM"."""
    for match in _TIME.finditer(text):
        hour_text = match["hour"] or match["hour2"] or match["hour3"] or match["hour4"] or ""
        hour = int(hour_text) if hour_text.isdigit() else int(read_east_asian(hour_text) or -1)
        minute_text = match["minute"] or match["minute3"] or match["minute4"] or ""
        minute = int(minute_text) if minute_text.isdigit() else int(read_east_asian(minute_text) or 0)
        if match["half"]:
            minute = 30
        part = (
            (match["am"] or match["am2"] or match["part"] or match["part4"] or "").casefold().replace(".", "")
        )
        if part in _AFTERNOON and hour < 12:
            hour += 12
        if part in ("am", "凌晨", "上午", "午前") and hour == 12:
            hour = 0
        if 0 <= hour < 24 and 0 <= minute < 60:
            yield Found("time", match.start(), match.end(), f"{hour:02d}:{minute:02d}")


_AFTERNOON = frozenset(
    {"pm", "下午", "晚上", "傍晚", "午後", "夜", "de la tarde", "de la noche", "nachmittags", "abends"}
)
_TIME = re.compile(
    r"(?P<part>上午|下午|晚上|早上|凌晨|中午|傍晚|午前|午後|朝|夜)?(?P<hour>[0-9]{1,2}|[一二两三四五六七八九十]{1,3})[点點時]"
    r"(?:(?P<half>半)|(?P<minute>[0-9]{1,2}|[一二三四五六七八九十]{1,3})[分]?)?(?!钱)"
    r"|(?<![0-9:.])(?P<hour2>[0-9]{1,2}) ?(?P<am2>[ap]\.?m\.?)(?![a-z])"
    r"|(?<![0-9:.,])(?P<hour3>[0-9]{1,2})[:.h](?P<minute3>[0-5][0-9])(?![0-9:.])"
    r"(?: ?(?P<am>[ap]\.?m\.?|uhr|h|nachmittags|abends)"
    r"(?![a-z])|(?<=:[0-5][0-9])(?: (?:de la tarde|de la noche))?)"
    r"|(?:a las (?=[0-9])|um (?=[0-9])|(?=[0-9]{1,2} uhr))(?P<hour4>[0-9]{1,2})(?: uhr(?: (?P<minute4>[0-5][0-9]))?)?"
    r"(?: (?P<part4>de la tarde|de la noche|nachmittags|abends))?(?![0-9:.])",
    re.IGNORECASE,
)

_Read = Callable[[re.Match[str], date, Market], date | None]


@cache
def _rules() -> tuple[tuple[re.Pattern[str], _Read], ...]:
    month = rf"(?P<month>{'|'.join(sorted(map(re.escape, _months()), key=len, reverse=True))})"
    year = r"(?P<year>(?:19|20)[0-9]{2})"
    day = r"(?P<day>[0-3]?[0-9])"
    weekday = rf"(?P<weekday>{'|'.join(sorted(_weekdays(), key=len, reverse=True))})"
    ahead_back = r"(?P<unit>days?|weeks?|months?|tage?n?|wochen?|monate?n?|d[ií]as?|semanas?|mes(?:es)?)"
    written: tuple[tuple[str, _Read], ...] = (
        (rf"(?<![0-9]){year}(?P<mark>[-/.])(?P<month>[01]?[0-9])(?P=mark)(?P<day>[0-3]?[0-9])(?![0-9])", _ymd),
        (r"(?<![0-9.])(?P<first>[0-3]?[0-9])(?P<mark>[-/.])(?P<second>[0-3]?[0-9])(?P=mark)"
         r"(?P<year>(?:19|20)?[0-9]{2})(?![0-9])", _numeric),
        (r"(?:(?P<year>(?:19|20)[0-9]{2}|[一二三四五六七八九〇零]{4}) ?年 ?)?"
         r"(?P<month>[0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?月(?:份)? ?"
         r"(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?[日号號]?(?![0-9个個])", _east),
        (rf"(?<![0-9]){day}(?:st|nd|rd|th|\.)?(?: of| de)? {month}\b\.?(?:,? (?:del? )?{year})?", _named),
        (rf"\b{month}\.? (?:the )?{day}(?:st|nd|rd|th)?(?![0-9])(?:,? {year})?", _named),
        (r"(?<![0-9.,])(?P<first>[0-3]?[0-9])(?:/(?P<second>[01]?[0-9])(?![0-9.,/€$%])"
         r"|\.(?P<month>[01]?[0-9])\.(?![0-9]))", _short),
        (rf"\b(?:in|within|en|dentro de) {_COUNT} {ahead_back}\b", _ahead),
        (rf"\b{_COUNT} {ahead_back} ago\b|\b(?:vor|hace) (?P<count2>[0-9]{{1,3}}|[a-zäöüé]+) "
         r"(?P<unit2>tage?n?|wochen?|monate?n?|d[ií]as?|semanas?|mes(?:es)?)\b", _back),
        (r"(?P<count>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}) ?"
         r"(?P<unit>天|日|周|週|个星期|週間|个月|個月|か月|ヶ月)"
         r"(?:之)?(?P<way>前|后|後)", _east_way),
        (r"(?P<which>下个?|下個?|上个?|上個?|这个?|這個?|本|来週の?|先週の?|今週の?)?"
         rf"(?:周|週|星期|礼拜|禮拜)(?P<east>[{_WEEKDAYS_EAST}天])", _east_weekday),
        (rf"(?P<which>来週の?|先週の?|今週の?|次の)?(?P<east>[{_WEEKDAYS_JA}])曜日?", _ja_weekday),
        (r"\b(?P<which>next|last|this|coming|past|nächste[nrms]?|kommende[nrms]?|letzte[nrms]?|vergangene[nrms]?|"
         r"diese[nrms]?|"
         rf"pr[oó]ximo|este|pasado|(?:el )?)\s*{weekday}\b(?P<after> que viene| pr[oó]ximo| pasado)?", _weekday),
        (rf"\b(?:{'|'.join(word for word in _RELATIVE if word[0] < 'ÿ')})\b", _relative),
        ("|".join(word for word in _RELATIVE if word[0] > "ÿ"), _relative),
        (_MORGEN, lambda _match, today, _market: today + DAY),
        (_MANANA, lambda _match, today, _market: today + DAY),
    )  # fmt: skip
    return tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in written)


def _ymd(match: re.Match[str], _today: date, _market: Market) -> date | None:
    return _date(int(match["year"]), int(match["month"]), int(match["day"]))


def _numeric(match: re.Match[str], _today: date, market: Market) -> date | None:
    year = int(match["year"])
    year += 2000 if year < 100 else 0
    first, second = int(match["first"]), int(match["second"])
    month, day = (first, second) if _month_first(market, match["mark"]) else (second, first)
    return _date(year, month, day) or _date(year, day, month)


def _short(match: re.Match[str], today: date, market: Market) -> date | None:
    first, second = int(match["first"]), int(match["second"] or match["month"])
    mark = "/" if match["second"] else "."
    month, day = (first, second) if _month_first(market, mark) else (second, first)
    return _nearest(month, day, today, match.string)


def _east(match: re.Match[str], today: date, _market: Market) -> date | None:
    month, day = _count(match["month"]), _count(match["day"])
    if month is None or day is None:
        return None
    year = _count(match["year"]) if match["year"] else None
    return _date(year, month, day) if year else _nearest(month, day, today, match.string)


def _named(match: re.Match[str], today: date, _market: Market) -> date | None:
    month = _months()[match["month"].casefold().rstrip(".")]
    day = int(match["day"])
    return (
        _date(int(match["year"]), month, day) if match["year"] else _nearest(month, day, today, match.string)
    )


def _ahead(match: re.Match[str], today: date, _market: Market) -> date | None:
    return _moved(today, match["count"], match["unit"], 1)


def _back(match: re.Match[str], today: date, _market: Market) -> date | None:
    return _moved(today, match["count"] or match["count2"], match["unit"] or match["unit2"], -1)


def _east_way(match: re.Match[str], today: date, _market: Market) -> date | None:
    return _moved(today, match["count"], match["unit"], -1 if match["way"] == "前" else 1)


def _east_weekday(match: re.Match[str], today: date, _market: Market) -> date | None:
    weekday = 6 if match["east"] in "天日" else _WEEKDAYS_EAST.index(match["east"])
    return _of_week(today, weekday, _WEEK.get((match["which"] or "")[:1]))


def _ja_weekday(match: re.Match[str], today: date, _market: Market) -> date | None:
    return _of_week(today, _WEEKDAYS_JA.index(match["east"]), _WEEK.get((match["which"] or "")[:1]))


_WEEK: Mapping[str, int] = {"下": 1, "上": -1, "这": 0, "這": 0, "本": 0, "来": 1, "先": -1, "今": 0}


def _weekday(match: re.Match[str], today: date, _market: Market) -> date | None:
    weekday = _weekdays()[match["weekday"].casefold()]
    which = (match["which"] or "").casefold().strip()
    after = (match["after"] or "").strip()
    if which == "next":
        return _of_week(today, weekday, 1)
    if which.startswith(("last", "past", "letzt", "vergang", "pasado")) or after == "pasado":
        return today - DAY * ((today.weekday() - weekday - 1) % 7 + 1)
    if which in ("this", "este") or which.startswith("diese"):
        return _of_week(today, weekday, 0)
    return _of_week(today, weekday, None)


def _relative(match: re.Match[str], today: date, _market: Market) -> date | None:
    return today + DAY * _RELATIVE[match.group().casefold()]


def _of_week(today: date, weekday: int, week: int | None) -> date:
    """The weekday of the week `week` weeks on; None: the first one after today."""
    if week is None:
        return today + DAY * ((weekday - today.weekday() - 1) % 7 + 1)
    return today + DAY * (weekday - today.weekday() + 7 * week)


def _moved(today: date, count_text: str, unit: str, way: int) -> date | None:
    count = 1 if count_text.casefold() in _ARTICLES else _count(count_text)
    if count is None:
        return None
    unit = unit.casefold()
    if unit.startswith(("w", "周", "週", "个星", "sem")):
        return today + way * count * 7 * DAY
    if unit.startswith(("mo", "mes", "个月", "個月", "か月", "ヶ月")):
        month = today.month - 1 + way * count
        year, month = today.year + month // 12, month % 12 + 1
        return next(
            found for day in range(today.day, 0, -1) if (found := _date(year, month, day)) is not None
        )
    return today + way * count * DAY


_ARTICLES = frozenset({"a", "an", "einem", "einer", "un", "una"})


def _count(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    number = read_east_asian(text)
    number = read_words(text) if number is None else number
    return None if number is None else int(number)


_PAST = re.compile(
    r"\b(?:paid|charged|took|taken|spent|was|were|bought|withdrew|sent|did|bezahlt|abgebucht|gekauft|war|wurden?|hat|"
    r"pagué|cobraron|cobrado|compré|gasté|fue|hice|hicieron)\b|扣|花了|付了|刷了|转了|收了|買っ|引か|払っ|振り込んだ|使っ",
    re.IGNORECASE,
)


def _nearest(month: int, day: int, today: date, text: str) -> date | None:
    years = (today.year - 1, today.year, today.year + 1)
    found = [each for year in years if (each := _date(year, month, day))]
    if _PAST.search(text):
        return max((each for each in found if each <= today), default=None)
    return min(found, key=lambda each: abs(each - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_first(market: Market, mark: str) -> bool:
    """Whether the market writes 12/25 for Christmas; with points the day is always first."""
    return mark != "." and _locale_month_first(market.languages[0], market.country)


@cache
def _locale_month_first(language: str, country: str) -> bool:
    locale = find_locale(language, country)
    pattern = "" if locale is None else locale.date_formats["short"].pattern
    return pattern.find("M") < pattern.find("d")


@cache
def _months() -> Mapping[str, int]:
    names: dict[str, int] = {}
    for language in ("en", "de", "es"):
        locale = find_locale(language, "")
        assert locale is not None, "CLDR has these languages"
        for width in ("wide", "abbreviated"):
            for number, name in locale.months["format"][width].items():
                names.setdefault(name.casefold().rstrip("."), number)
    return names | {"sept": 9, "setiembre": 9, "jänner": 1}


@cache
def _weekdays() -> Mapping[str, int]:
    names: dict[str, int] = {}
    for language in ("en", "de", "es"):
        locale = find_locale(language, "")
        assert locale is not None, "CLDR has these languages"
        names |= {name.casefold(): number for number, name in locale.days["format"]["wide"].items()}
    return names | {"sonnabend": 5, "miercoles": 2, "sabado": 5}
