"""The fields of the desk's forms, worded and filled in."""

from collections.abc import Mapping
from dataclasses import replace

from bot.desk.typed import change_as_typed, tidied, value_as_typed
from bot.domain.facts import Assertion, Topic
from bot.domain.text import Locale
from bot.messages.exchange import Field, FormInput, Request
from bot.wording.wording import Wording


def statement_fields(wording: Wording) -> tuple[Field, ...]:
    """Return what is asked about a statement."""
    say = wording.say
    return (
        Field("speaker", say("Speaker"), say("The body that speaks: HKSAR Government"), required=True, max_length=300),
        Field("date", say("Date"), say("The day it was said: 2022-07-20"), required=True, max_length=40),
        Field("title", say("Title"), say("The title of the document"), required=True),
        Field("link", say("Link"), say("Where the document stands; leave empty where there is none")),
        Field("publisher", say("Publisher"), say("Who published it; leave empty for the speaker itself")),
    )


def fact_fields(wording: Wording) -> tuple[Field, ...]:
    """Return what is asked about a fact."""
    say = wording.say
    topic_hint = say("A topic’s name: screenings; left empty, it answers only questions in its very words")
    return (
        Field("topic", say("Topic"), topic_hint, max_length=300),
        Field("text", say("Fact"), say("One attributed sentence in your own words"), required=True, max_length=1000),
        Field("value", say("Value"), say("As stated: around 7 700, over 50, Tier 2; or empty"), max_length=300),
        Field("unit", say("Unit"), say("What is counted: initial screenings"), max_length=300),
        Field(
            "period", say("Period"), say("What it is about: 2021, 2024-05, 2018/2019, 2019/.., 2019-20"), max_length=40
        ),
        Field("quote", say("Quotation"), say("The source’s exact words, if it is to be quoted"), multiline=True),
        Field("change", say("Change"), say("Only if stated: +45% against 2022, x3 against 2016"), max_length=60),
        Field(
            "text_zh", say("Fact in Chinese"), say("The same in Traditional Chinese, if you have it"), max_length=1000
        ),
    )


def new_fact_fields(wording: Wording) -> tuple[Field, ...]:
    """Return what is asked about a fact that is added: last of all, what it rejects."""
    hint = wording.say("The id of a fact that this one rejects, as the source states it: F8")
    return (*fact_fields(wording), Field("rejects", wording.say("Rejects"), hint, max_length=100))


def reason_field(wording: Wording) -> Field:
    """Return the question for the reason that the log keeps."""
    hint = wording.say("Kept in the log and shown with the history")
    return Field("reason", wording.say("Reason"), hint, required=True, max_length=1000)


def length_errors(fields: tuple[Field, ...], values: Mapping[str, str], wording: Wording) -> dict[str, str]:
    """Return what is wrong with the length of what was typed, by field: too long, or empty where it is needed."""
    errors: dict[str, str] = {}
    for field in fields:
        typed = values.get(field.name, "").strip()
        if len(typed) > field.max_length:
            errors[field.name] = wording.say(
                "{count} characters are too many; at most {most} fit.",
                count=wording.number(len(typed)),
                most=wording.number(field.max_length),
            )
        elif field.required and not typed:
            errors[field.name] = wording.say("This is needed.")
    return errors


def sent_back(request: Request) -> FormInput | None:
    """Return the form that was sent, its fields tidied; None where none was."""
    return replace(request.form, values=tidied(request.form.values)) if request.form else None


def filled(fields: tuple[Field, ...], values: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the fields with what was typed in them."""
    return tuple(replace(field, value=values.get(field.name, field.value)) for field in fields)


def fact_values(topic: Topic | None, said: Assertion) -> dict[str, str]:
    """Return what would have been typed for a fact that is held."""
    return {
        "topic": topic.label.show(Locale.EN) if topic else "",
        "text": said.text.en or said.text.zh_hant or "",
        "text_zh": said.text.zh_hant or "" if said.text.en else "",
        "value": value_as_typed(said.value, said.qualifier),
        "unit": (said.unit.en or said.unit.zh_hant or "") if said.unit else "",
        "period": said.period.iso if said.period else "",
        "quote": said.quote or "",
        "change": change_as_typed(said.change),
    }
