"""Text held in more than one language, and the languages themselves."""

import re
from dataclasses import dataclass
from enum import StrEnum

_CHINESE = re.compile(
    r"(?P<language>zh-yue|zh-cmn|zh|yue|cmn)(?:-(?P<script>[a-z]{4}|cht))?(?:-(?P<region>[a-z]{2}|\d{3}))?(?:-.*)?"
)


class Locale(StrEnum):
    """A language that tipfacts words its replies in."""

    EN = "en"
    ZH_HANT = "zh-Hant"

    @classmethod
    def resolve(cls, tag: str | None) -> "Locale":
        """Return the held language nearest to a BCP 47 tag or a POSIX locale.

        zh-Hant, zh-HK, zh-TW, zh-MO, the same with yue and cmn, the older zh-CHT, and yue alone are Traditional
        Chinese. Simplified tags (zh, zh-CN, zh-Hans, zh-Hans-HK, zh-SG) are not: their readers get English rather
        than a script they did not ask for.
        """
        normal = re.split(r"[.@]", (tag or "").replace("_", "-").lower())[0]
        chinese = _CHINESE.fullmatch(normal)
        if chinese is None:
            return cls.EN
        written = chinese["script"] in ("hant", "cht")
        placed = chinese["script"] is None and chinese["region"] in ("hk", "tw", "mo")
        return cls.ZH_HANT if written or placed or normal in ("yue", "zh-yue") else cls.EN


@dataclass(frozen=True, slots=True)
class LocalText:
    """One text in English, Traditional Chinese or both; at least one is present."""

    en: str | None = None
    zh_hant: str | None = None

    def __post_init__(self) -> None:
        if not (self.en or self.zh_hant):
            raise ValueError("a text needs at least one language: en or zh-Hant")

    def held(self, locale: Locale) -> str | None:
        """Return the text in exactly this language, or None."""
        return self.zh_hant if locale is Locale.ZH_HANT else self.en

    def best(self, locale: Locale) -> tuple[str, Locale]:
        """Return the text in this language, else in the other one, with the language it really is in."""
        other = Locale.EN if locale is Locale.ZH_HANT else Locale.ZH_HANT
        own = self.held(locale)
        return (own, locale) if own else (self.held(other) or "", other)

    def show(self, locale: Locale) -> str:
        """Return the text in this language, else in the other one."""
        return self.best(locale)[0]
