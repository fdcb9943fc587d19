"""Languages and the tags they are asked for by."""

import pytest

from bot.domain.text import Locale


@pytest.mark.parametrize(
    "tag",
    ["zh-HK", "zh_TW", "zh-MO", "zh-Hant", "ZH-HANT-CN", "zh_HK.UTF-8", "zh-Hant-HK-u-nu-hant", "zh-CHT", "yue",
     "zh-yue", "yue-HK", "yue-Hant", "cmn-Hant-TW", "zh-cmn-Hant", "zh_TW@radical"],
)  # fmt: skip
def test_traditional_chinese_is_known_by_its_script_or_place(tag: str) -> None:
    assert Locale.resolve(tag) is Locale.ZH_HANT


@pytest.mark.parametrize(
    "tag",
    [None, "", "en", "en-HK", "zh", "zh-CN", "zh-SG", "zh-Hans", "zh-Hans-HK", "zh-CHS", "cmn", "yue-Hans", "yue-CN",
     "zh-hantfoo", "zh-hkfoo", "zhhk", "zh-foo-hant", "ja-Hant", "C.UTF-8"],
)  # fmt: skip
def test_anyone_else_gets_english(tag: str | None) -> None:
    assert Locale.resolve(tag) is Locale.EN
