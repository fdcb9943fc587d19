"""Cities and countries by the names that people write in either language: which time zone, which public holidays.

The names are those of the zone data and of CLDR (package Babel); those that neither has stand here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from bot.digests.quiet_days import calendar_named, calendar_of
from bot.domain.zones import all_zones, country_of, is_own_name

if TYPE_CHECKING:
    from babel import Locale

_AREAS = ("Africa", "America", "Asia", "Atlantic", "Europe", "Indian", "Pacific")
_CHINESE = ("zh_Hant", "zh_Hant_HK", "zh_Hans")
_OTHER_NAMES = {
    "Asia/Hong_Kong": ("HKT", "HK", "Hong Kong", "香港"),
    "Asia/Shanghai": ("Beijing", "Peking", "Shenzhen", "Guangzhou", "北京", "深圳", "廣州"),
    "Asia/Taipei": ("Kaohsiung", "高雄"),
    "Asia/Tokyo": ("JST", "Osaka", "Kyoto", "大阪", "京都"),
    "Asia/Singapore": ("SGT",),
    "Asia/Seoul": ("Busan", "漢城", "釜山"),
    "Asia/Macau": ("Macao", "Macau", "澳門"),
    "Asia/Kolkata": ("Delhi", "New Delhi", "Mumbai", "Bangalore", "德里", "新德里", "孟買"),
    "Asia/Ho_Chi_Minh": ("Hanoi", "河內"),
    "Europe/London": ("Edinburgh", "Manchester", "愛丁堡", "曼徹斯特"),
    "Europe/Zurich": ("Geneva", "Geneve", "Bern", "日內瓦", "伯恩"),
    "Europe/Amsterdam": ("The Hague", "Hague", "海牙"),
    "Europe/Berlin": ("Frankfurt", "Munich", "Hamburg", "法蘭克福", "慕尼黑"),
    "America/New_York": ("Washington", "Washington DC", "Washington D.C.", "Boston", "NYC", "華盛頓", "華府", "波士頓"),
    "America/Los_Angeles": ("San Francisco", "Seattle", "三藩市", "舊金山", "西雅圖"),
    "Australia/Sydney": ("Canberra", "坎培拉"),
    "UTC": ("UTC", "GMT", "Zulu", "格林威治", "格林尼治", "世界協調"),
}
_COUNTRIES = {
    "US": ("US", "USA", "United States of America"),
    "GB": ("UK", "Britain", "England", "Scotland"),
    "CN": ("中國大陸",),
    "KR": ("Korea",),
}
_ONE_ZONE = {"CN": "Asia/Shanghai"}  # that the whole country keeps, whatever the zone data has besides
# Cities of the zone data that are words, too.
_WORDS = frozenset(
    (
        "center",
        "christmas",
        "easter",
        "midway",
        "oral",
        "resolute",
        "reunion",
        "troll",
        "virgin",
        "wake",
        "自由",
        "昭和",
    )
)


def zone_of_place(name: str, *, surely: bool = False) -> str | None:
    """Return the zone of a city; None where there is none or several. Where it is `surely` meant to be a place, also
    that of a country that has only one, and of a city whose name is a word besides.
    """
    key = _key(name)
    if key in _WORDS and not surely:
        return None
    cities, countries = _zones(), _of_countries()
    plain = key.removesuffix("市")
    return cities.get(key) or cities.get(plain) or (countries.get(key) if surely else None)


def calendar_of_place(name: str) -> str | None:
    """Return the calendar of public holidays of a country, a city’s country, or a code; None where there is none."""
    country = _countries().get(_key(name))
    if country:
        return calendar_named(country)
    zone = zone_of_place(name, surely=True)
    return calendar_of(zone) if zone else calendar_named(name)


def _key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold().replace("臺", "台")


@cache
def _zones() -> Mapping[str, str]:
    known = {_key(name): zone for zone, names in _OTHER_NAMES.items() for name in names}
    return _only(_cities()) | known


def _cities() -> Iterator[tuple[str, str]]:
    """Return every city of the zone data with its zone, by each of its names."""
    for zone in all_zones():
        if is_own_name(zone) or zone.partition("/")[0] in _AREAS:  # Australia/West and US/East are no cities
            yield zone.rpartition("/")[2], zone
    for locale in ("en", *_CHINESE):
        for zone, names in _of_cldr(locale).time_zones.items():
            city = names.get("city")
            if city and zone in all_zones():
                yield city, zone


def _only(named: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Return those names that one place has. Of several names of one zone, that goes before which is its own."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, zone in named:
        found[_key(name)].add(zone)
    own = {name: {each for each in zones if is_own_name(each)} or zones for name, zones in found.items()}
    return {name: next(iter(zones)) for name, zones in own.items() if len(zones) == 1}


@cache
def _countries() -> Mapping[str, str]:
    """The code of each country by its names in either language."""
    named = {
        _key(name): code
        for locale in ("en", *_CHINESE)
        for code, name in _of_cldr(locale).territories.items()
        if len(code) == len("HK") and code.isalpha()
    }
    return named | {_key(name): code for code, names in _COUNTRIES.items() for name in names}


@cache
def _of_countries() -> Mapping[str, str]:
    """The zone of each country that has only one, by the country’s names."""
    zones: dict[str, list[str]] = defaultdict(list)
    for zone in all_zones():
        country = country_of(zone) if is_own_name(zone) else None
        if country:
            zones[country].append(zone)
    only = {code: each[0] for code, each in zones.items() if len(each) == 1} | _ONE_ZONE
    return {name: only[code] for name, code in _countries().items() if code in only}


def _of_cldr(locale: str) -> "Locale":
    from babel import Locale  # noqa: PLC0415 (locale data is loaded on first use)

    return Locale.parse(locale)
