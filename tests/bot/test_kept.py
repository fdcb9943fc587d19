"""What was lately made of documents, known by who they are and not by what they say."""

from bot.domain.text import Locale
from bot.messages.document import Document, Heading
from bot.messages.kept import Kept


def document() -> Document:
    return Document(Locale.EN, (Heading("New"),))


def test_a_thing_is_made_once_of_a_document_in_each_variant() -> None:
    kept: Kept[str] = Kept()
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    one, other = document(), document()
    assert [kept.of(one, lambda: make("one")) for _ in range(2)] == ["one", "one"]
    assert kept.of(other, lambda: make("other")) == "other"
    assert kept.of(one, lambda: make("private"), variant=True) == "private"
    assert kept.of(one, lambda: make("again")) == "one"
    assert made == ["one", "other", "private"]


def test_what_was_made_long_ago_makes_room_and_its_document_s_identity_is_not_mistaken() -> None:
    kept: Kept[int] = Kept(most=3)
    assert [kept.of(document(), lambda number=number: number) for number in range(50)] == [*range(50)]  # type: ignore[misc]
