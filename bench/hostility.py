"""Lines that no kind person types. The n-th line is the same every time, so that one that breaks something can be
asked again by its number.
"""

import random
from collections.abc import Callable, Sequence

from bot.commands.grammar import MAX_LINE
from bot.commands.table import COMMANDS

_MOST_PARTS = 4
_WORDS = (
    "screenings",
    "victims",
    "how",
    "many",
    "what",
    "who",
    "when",
    "tier",
    "report",
    "2023",
    "government",
    "helpers",
    "trafficking",
    "did",
    "the",
    "of",
    "in",
    "受害人",
    "審核",
    "政府",
    "外傭",
    "幾多",
    "what’s",
    "U.S.",
    "Hong Kong",
    "香港",
    "2024年",
    "percent",
    "increase",
    "rejected",
)
_OPERATORS = (
    "AND",
    "OR",
    "NOT",
    "NEAR(a b)",
    "*",
    "^",
    "-x",
    '"a b"',
    "col:term",
    "{a b}:c",
    "a*",
    "(a OR (b",
    "((",
    "))",
    ";--",
    "'",
    "''",
    '"',
    '""',
    "\\",
    "\\\\",
    "%",
    "_",
    "' OR 1=1;--",
    "'); DROP TABLE facts;--",
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "$(id)",
    "`id`",
    "&&",
    "||",
    "|",
    ">",
    "/dev/null",
    "../../../etc/passwd",
)
_CONTROLS = "\x00\x01\x07\x08\x1b\x7f\x85\u00ad\u200b\u200d\u2028\u2029\u2060\ufeff\ufffe\uffff\U0010ffff\r\n\t\v\f"
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_FORMATS = (
    "{}",
    "{0}",
    "{text}",
    "{count!r}",
    "{0.__class__.__mro__}",
    "%s%s%s%n",
    "%(x)s",
    "{{",
    "}",
    "{:>99999999}",
    "$x",
    "\\1\\g<0>",
    "\\N{BULLET}",
)
_MENTIONS = (
    "<@U1>",
    "<#C1|general>",
    "<!channel>",
    "@everyone",
    "@here",
    "<@&1>",
    "<https://x.y|z>",
    "||x||",
    "```",
    "*b*",
)
_DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "⁰¹²³", "½¼Ⅷ⑨㊿", "〇一二三百千萬億兆", ",. 0")
_SCRIPTS = (
    (0x0370, 0x03FF),
    (0x0400, 0x04FF),
    (0x0590, 0x05FF),
    (0x0600, 0x06FF),
    (0x0900, 0x097F),
    (0x0E00, 0x0E7F),
    (0x1100, 0x11FF),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF),
    (0x1D400, 0x1D7FF),
    (0x1F300, 0x1FAFF),
    (0x20000, 0x2FA1F),
    (0xE0000, 0xE007F),
)
_DATES = (
    "0000-00-00",
    "9999-12-31",
    "2023-02-30",
    "29 February 2023",
    "31/31/31",
    "year 0",
    "the year 99999",
    "-44",
    "1e400",
    "in 2023-",
    "2023/..",
    "../..",
    "2024/2019",
    "last century",
    "12月32日",
    "二〇二三年十三月",
    "99999年",
    "九千九百九十九萬年",
    "since 10000",
    "between 2023 and 0",
    "the 0th of May",
    "99 years ago",
    "999999999999 years ago",
    "last 0 years",
    "前年大前年",
    "FY23/24",
    "2020s",
    "Q5 2023",
    "1st half of 0000",
)
_BOMBS = (
    "a" * 40 + "!",
    "(a+)+$",
    "1,000" * 30,
    "1 000 " * 40,
    "a.a." * 60,
    "a-a" * 80,
    "'s" * 100,
    "．" * 200,
    "year before " * 30,
    "by from of to " * 20,
    "搵唔搵" * 60,
    "的" * 300,
    "一二三四五六七八九十" * 30,
    "\ufdfa" * 55,
    "ﬃ" * 300,
)


def line(number: int) -> str:
    """Return the line of this number."""
    chance = random.Random(number)  # noqa: S311 (a bench, no secret)
    parts = [chance.choice(_KINDS)(chance) for _ in range(chance.randint(1, _MOST_PARTS))]
    return chance.choice(("", " ")).join(parts)


def _words(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(1, 8)))


def _command(chance: random.Random) -> str:
    return chance.choice(COMMANDS).name + " "


def _id(chance: random.Random) -> str:
    return chance.choice("FSfsＦ#") + str(_number(chance))


def _number(chance: random.Random) -> str:
    digits = chance.choice(
        ("0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "⁰¹²³", "½¼Ⅷ⑨㊿", "〇一二三百千萬億兆", ",. 0")
    )
    return "".join(chance.choices(digits, k=int(400 ** chance.random())))


def _surrogates(chance: random.Random) -> str:
    return "".join(chr(chance.randint(0xD800, 0xDFFF)) for _ in range(chance.randint(1, 4)))


def _script(chance: random.Random) -> str:
    first, last = chance.choice(_SCRIPTS)
    return "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(1, 30)))


def _any_character(chance: random.Random) -> str:
    return "".join(chr(chance.randint(0, 0x10FFFF)) for _ in range(chance.randint(1, 20)))


def _zalgo(chance: random.Random) -> str:
    return "".join(letter + _marks(chance) for letter in chance.choice(_WORDS))


def _marks(chance: random.Random) -> str:
    return "".join(chr(chance.randint(0x0300, 0x036F)) for _ in range(chance.randint(1, 40)))


def _sprinkled(chance: random.Random) -> str:
    text, marks = _words(chance), chance.choice((_CONTROLS, _BIDI, _BIDI, "　 \u2003\u00a0", "'’`´\"“”「」《》"))
    return "".join(letter + (chance.choice(marks) if chance.randrange(3) == 0 else "") for letter in text)


def _misspelt(chance: random.Random) -> str:
    letters = list(_words(chance))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(letters))
        letters[at] = chance.choice(("", letters[at] * 2, chance.choice("aeiourst"), letters[at].upper()))
    return "".join(letters)


def _repeated(chance: random.Random) -> str:
    """Return a line about as long as one may be, or longer."""
    part = chance.choice(_KINDS[:-1])(chance) or "x"
    return (part * (MAX_LINE // len(part) + 1))[: MAX_LINE + chance.randint(-20, 1)]


def _far_too_long(chance: random.Random) -> str:
    return _words(chance) * (1_000 if chance.randrange(10) == 0 else 1)


def _one_of(parts: Sequence[str]) -> Callable[[random.Random], str]:
    return lambda chance: chance.choice(parts)


_KINDS: tuple[Callable[[random.Random], str], ...] = (
    _words,
    _words,
    _one_of(_OPERATORS),
    _one_of(_FORMATS),
    _one_of(_MENTIONS),
    _one_of(_DATES),
    _one_of(_BOMBS),
    _command,
    _id,
    _number,
    _surrogates,
    _script,
    _any_character,
    _zalgo,
    _sprinkled,
    _misspelt,
    _far_too_long,
    _repeated,
)
