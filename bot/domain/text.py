"""Text held in more than one language, and the languages themselves."""

from dataclasses import dataclass
from enum import StrEnum


class Locale(StrEnum):
    """A language that tipfacts words its replies in."""

    EN = "en"
    ZH_HANT = "zh-Hant"

    @classmethod
    def resolve(cls, tag: str | None) -> "Locale":
        """Return the held language nearest to a BCP 47 tag.

        zh-HK, zh-TW, zh-MO and zh-Hant are Traditional Chinese. Simplified tags (zh, zh-CN, zh-Hans, zh-SG) are
        not: their readers get English rather than a script they did not ask for.
        """
        normal = (tag or "").replace("_", "-").split(".")[0].lower()
        traditional = ("zh-hant", "zh-hk", "zh-tw", "zh-mo")
        return cls.ZH_HANT if normal.startswith(traditional) else cls.EN


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
