"""In which language digests are to come, as people type it: in Chinese, in English, 用英文, 中文."""

from bot.digests.typed_parts import ScheduleError, search, without
from bot.domain.text import Locale

_OTHER = r"french|german|spanish|japanese|korean|portuguese|malay|thai|tagalog|simplified\s+chinese|mandarin"
_HAN_OTHER = r"簡體(?:中文)?|簡中|日文|法文|德文|韓文"
_CHINESE = (
    r"(?<!\S)in\s+(?:traditional\s+)?(?:chinese|cantonese)(?!\w)"
    r"|(?:用|以)\s*(?:繁體)?(?:中文|繁體)(?:版|發送)?|(?<!\S)(?:繁體中文|中文)版?(?!\S)"
)
_LANGUAGES = (
    (rf"(?<!\S)in\s+(?:{_OTHER})(?!\w)|(?:用|以)\s*(?:{_HAN_OTHER})", None),
    (_CHINESE, Locale.ZH_HANT),
    (r"(?<!\S)in\s+english(?!\w)|(?:用|以)\s*英[文語](?:版|發送)?|(?<!\S)英[文語]版?(?!\S)", Locale.EN),
)


def take_language(text: str) -> tuple[Locale | None, str]:
    """Take out the language; None where none is named. Raises ScheduleError for one that we do not speak."""
    for pattern, locale in _LANGUAGES:
        match = search(pattern, text)
        if match and locale is None:
            raise ScheduleError("language", match.group().strip())
        if match:
            return locale, without(text, match)
    return None, text
