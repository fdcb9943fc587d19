"""What `subscribe` is told in a line: the wish it holds, or what is wrong with it and how to write it."""

import re

from bot.commands.call import Call
from bot.commands.reading import unknown_topic
from bot.commands.schedule_refusals import schedule_refusal
from bot.commands.wish_form import Wanted, in_and_out, topics_named
from bot.digests.misread import misread
from bot.digests.typed_parts import DEFAULT_ZONE, ScheduleError
from bot.digests.wishes import read_wish
from bot.messages.document import Choice
from bot.messages.exchange import Message


def typed_wish(call: Call) -> Wanted | Message:
    """Return what a line asks for, or an error that says what is wrong. Who names no zone means their own, where their
    platform tells it.
    """
    vocabulary = call.vocabulary
    try:
        wish = read_wish(call.rest, call.request.zone or DEFAULT_ZONE, vocabulary.topic_named)
    except ScheduleError as error:
        return _refused(call, error)
    topics, unknown = topics_named(call, wish.topics)
    excluded, unknown_too = topics_named(call, wish.excluded)
    if unknown or unknown_too:
        return _unknown(call, (*unknown, *unknown_too)[0], left_out=not unknown)
    wanted = Wanted(topics, wish.schedule, excluded, wish.locale)
    torn = in_and_out(call, wanted)
    return call.error(torn, _help(call)) if torn else wanted


def _unknown(call: Call, name: str, *, left_out: bool) -> Message:
    """Return an error for what is no topic: it may be a part of the schedule that could not be read."""
    error = misread(name, left_out=left_out) or misread(_behind_topic(call, name))
    return _refused(call, error) if error else unknown_topic(call, name)


def _behind_topic(call: Call, name: str) -> str:
    """Return what stands behind a topic's name: “at nine” of “screenings at nine”."""
    words = name.split()
    sizes = (size for size in range(len(words) - 1, 0, -1) if call.vocabulary.topic_named(" ".join(words[:size])))
    return " ".join(words[next(sizes, len(words)) :])


def _refused(call: Call, error: ScheduleError) -> Message:
    text = schedule_refusal(error, call.wording)
    if error.kind != "near":
        return call.error(text, _help(call))
    meant = re.sub(rf"\b{re.escape(error.part)}\b", error.meant, call.rest, flags=re.IGNORECASE)
    return call.error(text, Choice(f"subscribe {meant}", f"subscribe {meant}"), _help(call))


def _help(call: Call) -> Choice:
    return Choice(call.wording.say("Help"), "help subscribe")
