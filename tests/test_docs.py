"""What the documents and the catalogue say is what the code says."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from bot.commands.manual import manual
from bot.wording.wording import LOCALE_FOLDER

ROOT = Path(__file__).parent.parent
CATALOGUE = LOCALE_FOLDER / "zh_Hant" / "LC_MESSAGES" / "tipfacts.po"
SAYING = ("say", "say_many", "marked")


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hant")


def sentences() -> set[str]:
    """Every sentence that the code says, read from its syntax: an extractor that skips one is found out."""
    found: set[str] = set()
    for path in (*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in SAYING and isinstance(node.args[0].value, str):
                    found.add(node.args[0].value)
    return found


def parts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def first(text: object) -> str:
    return text[0] if isinstance(text, list | tuple) else str(text)


def test_the_manual_is_what_the_command_table_says() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == manual(), "run: make manual"


def test_every_sentence_of_the_code_is_in_the_catalogue_and_no_other() -> None:
    held = {first(message.id) for message in catalogue() if message.id}
    assert sentences() == held, "run: make catalogue"


@pytest.mark.parametrize("message", [message for message in catalogue() if message.id], ids=lambda m: first(m.id)[:40])
def test_every_sentence_is_worded_in_chinese_with_the_same_parts(message: Message) -> None:
    chinese = first(message.string)
    assert chinese, message.id
    wanted = parts(message.id[-1] if isinstance(message.id, list | tuple) else str(message.id))
    assert parts(chinese) == wanted


def test_chinese_sentences_have_chinese_quotation_marks() -> None:
    held = (message.string if isinstance(message.string, tuple) else (message.string,) for message in catalogue())
    assert [text for texts in held for text in texts if set('“”"') & set(str(text))] == []


def test_how_many_is_asked_for_as_a_number_and_not_as_an_id() -> None:
    assert [message.string for message in catalogue() if message.id == "number"] == ["數目"]


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    written = {first(message.id): first(message.string) for message in catalogue() if message.id}
    assert {first(message.id): first(message.string) for message in compiled if message.id} == written, (
        "run: make catalogue"
    )


def test_no_file_names_this_machine_or_a_package_registry() -> None:
    words = (str(ROOT), "pypi." + "org", "files.python" + "hosted")
    names = [*ROOT.glob("*"), *ROOT.glob("docs/**/*"), *ROOT.glob(".ci/*")]
    for path in names:
        if path.is_file() and path.suffix in ("", ".md", ".txt", ".toml", ".yaml"):
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not any(word in text for word in words), path.name
