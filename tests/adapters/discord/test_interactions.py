import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from discord_app import Guild, guild
from library import SCREENINGS_2021, STATEMENT_2022, VICTIMS_2021, add_statement_of_2022
from servers.discord import Seen, User, fields

from adapters.discord import interactions, requests
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Kind, Message, Reply

ANSWER = ("approximately 11,000 initial screenings", "Dimsum Daily", "25 June 2024")
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9
LONG_QUESTION = "how many initial screenings " + "of vulnerable people " * 4 + "were conducted in 2023?"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Guild]:
    async with guild(tmp_path) as opened:
        yield opened


def answered(seen: Seen) -> int | None:
    """How the interaction was acknowledged, which must be in time."""
    assert seen.interaction, seen.trouble
    assert seen.trouble is None
    return seen.interaction.answered


def whispered(seen: Seen) -> str:
    """What a person sees, which must be new and for them alone."""
    assert seen.ephemerals, seen.words or seen.trouble
    assert not seen.messages, seen.words
    return seen.words


async def fill_in(room: Guild, user: User, seen: Seen, values: Mapping[str, str]) -> Seen:
    """Send the modal in front, and those that it goes on with, filled in with what they ask for of these values."""
    while True:
        assert seen.modal, seen.words
        asked = set(fields(seen.modal))
        seen = await room.discord.submit(user, seen, {name: text for name, text in values.items() if name in asked})
        following = next((label for label in seen.buttons if label.startswith("Part ")), None)
        if following is None:
            return seen
        seen = await room.discord.press(user, seen, following)


async def test_an_answer_comes_at_once_and_to_the_asker_alone(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert answered(seen) == MESSAGE
    assert all(part in whispered(seen) for part in ANSWER)
    assert room.discord.messages(room.news) == []


async def test_a_command_without_a_line_is_answered_too(room: Guild) -> None:
    assert "screenings" in whispered(await room.discord.slash(room.ann, room.news, "tipfacts"))


async def test_an_answer_that_takes_long_is_promised_and_then_comes(
    room: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "BUDGET", 0.05)
    room.slow_down(monkeypatch, 0.4)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert answered(seen) == DEFERRED
    assert seen.interaction
    assert (seen.interaction.seconds or 9) < 0.35
    assert all(part in whispered(seen) for part in ANSWER)


async def test_whoever_reads_chinese_is_answered_in_it_and_whoever_reads_simplified_is_not(room: Guild) -> None:
    lin = room.discord.add_user("lin", locale="zh-CN")
    assert "香港" in whispered(await room.discord.slash(room.mei, room.news, "tipfacts", query="screenings"))
    assert "approximately" in whispered(await room.discord.slash(lin, room.news, "tipfacts", query="screenings"))
    assert "香港" in whispered(await room.discord.slash(lin, room.news, "tipfacts", query="初步識別程序"))


async def test_in_direct_messages_answers_stay(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.discord.dm_of(room.ann), "tipfacts", query="screenings")
    assert all(part in seen.words for part in ANSWER)
    assert seen.ephemerals == []
    assert "Share in channel" not in seen.buttons


async def test_topics_are_suggested_as_somebody_types(room: Guild) -> None:
    seen = await room.discord.autocomplete(room.ann, room.news, "tipfacts", query="scr")
    assert ("Initial screenings", "Initial screenings") in seen.choices
    seen = await room.discord.autocomplete(room.mei, room.news, "tipfacts", query="")
    assert len(seen.choices) == 25
    assert "subscribe" not in dict(seen.choices).values()


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("甄別", "Initial screenings"),
        ("victim screening", "Initial screenings"),
        ("history victim screening", "history Initial screenings"),
        ("history init", "history Initial screenings"),
        ("find 初步", "find Initial screenings"),
        ("statem", "statement S3"),
    ],
)
async def test_a_topic_is_suggested_by_all_that_it_is_called(room: Guild, typed: str, line: str) -> None:
    seen = await room.discord.autocomplete(room.ann, room.news, "tipfacts", query=typed)
    assert line in dict(seen.choices).values()


async def test_nothing_is_suggested_where_that_takes_too_long(room: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> tuple[()]:
        await asyncio.sleep(0.3)
        return ()

    monkeypatch.setattr(interactions, "BUDGET", 0.05)
    monkeypatch.setattr(room.service, "complete", never)
    seen = await room.discord.autocomplete(room.ann, room.news, "tipfacts", query="scr")
    assert seen.choices == []
    assert seen.interaction
    assert seen.interaction.answered
    await asyncio.sleep(0.4)


async def test_buttons_ask_what_they_stand_for(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    history = await room.discord.press(room.ann, seen, "History")
    assert answered(history) == MESSAGE
    assert "F12" in whispered(history)


async def test_an_answer_is_shared_once_with_who_asked_and_what(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    shared = await room.discord.press(room.ann, seen, "Share in channel")
    assert "Shared in the channel." in shared.words
    again = await room.discord.press(room.ann, seen, "Share in channel")
    assert "shared already" in whispered(again)
    (posted,) = room.discord.messages(room.news)
    assert posted.content.startswith("-# Shared by ann")
    assert "screenings" in posted.content


async def test_an_answer_is_shared_as_a_reply_where_the_bot_cannot_post(room: Guild) -> None:
    walled = room.discord.add_channel("walled", bot=False)
    seen = await room.discord.slash(room.ann, walled, "tipfacts", query="screenings")
    shared = await room.discord.press(room.ann, seen, "Share in channel")
    assert "Shared in the channel." in shared.words
    assert [posted.content.startswith("-# Shared by ann") for posted in room.discord.messages(walled)] == [True]


async def test_what_is_shared_is_in_the_language_of_the_guild_and_the_rest_in_that_of_who_shares(
    tmp_path: Path,
) -> None:
    async with guild(tmp_path, locale="zh-TW") as room:
        seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
        assert "approximately 11,000" in whispered(seen)
        shared = await room.discord.press(room.ann, seen, "Share in channel")
        assert "Shared in the channel." in shared.ephemerals[-1].content
        assert "香港" in room.discord.messages(room.news)[0].content


async def test_buttons_still_work_after_a_restart_even_where_a_button_has_no_room_for_what_they_mean(
    room: Guild,
) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    long = await room.discord.slash(room.ann, room.news, "tipfacts", query=LONG_QUESTION)
    await room.restart()
    assert "F12" in whispered(await room.discord.press(room.ann, seen, "History"))
    shared = await room.discord.press(room.ann, long, "Share in channel")
    assert "Shared in the channel." in shared.words
    assert "vulnerable people" in room.discord.messages(room.news)[0].content


async def test_what_was_parked_for_somebody_else_or_is_forgotten_is_said_to_be_lost(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    seen.message.components[0]["components"][0]["custom_id"] = "choice:0:~forgotten"
    assert "Ask again" in whispered(await room.discord.press(room.ann, seen, "choice:0:~forgotten"))
    seen.message.components[0]["components"][0]["custom_id"] = "of-an-older-version"
    assert "Ask again" in whispered(await room.discord.press(room.ann, seen, "of-an-older-version"))


async def test_pages_are_turned_in_place_by_who_sees_them_alone(room: Guild) -> None:
    await room.long_paper_is_added()
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="statement S4")
    assert "Next" in seen.buttons
    turned = await room.discord.press(room.ann, seen, "Next")
    assert answered(turned) == UPDATE
    assert "Back" in turned.buttons
    assert turned.message is seen.message


async def test_an_answer_is_shared_once_from_whichever_of_its_pages(room: Guild) -> None:
    await room.long_paper_is_added()
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="history screenings")
    turned = await room.discord.press(room.ann, seen, "Next")
    assert "Shared in the channel." in (await room.discord.press(room.ann, turned, "Share in channel")).words
    back = await room.discord.press(room.ann, turned, "Back")
    again = await room.discord.press(room.ann, back.message, "Share in channel")
    assert "shared already" in again.words
    assert len(room.discord.messages(room.news)) == 1


@pytest.mark.parametrize("line", ["subscribe victims", "unsubscribe", "digest test"])
async def test_turning_a_page_changes_nothing_and_tells_the_channel_nothing(room: Guild, line: str) -> None:
    await room.discord.slash(room.ann, room.news, "tipfacts-digest subscribe", topics="screenings")
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    seen.message.components[0]["components"][0]["custom_id"] = f"page:1:= {line}"
    await room.discord.press(room.ann, seen.message, f"page:1:= {line}")
    held = room.held(room.news)
    assert held
    assert held.topics == ("screenings",)
    assert len(room.discord.messages(room.news)) == 1


async def test_what_was_done_is_told_at_once_however_long_that_is(room: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    paragraphs = tuple(Paragraph(f"Number {number} " + "was added at length. " * 60) for number in range(12))

    async def done(*_: object, **__: object) -> Reply:
        return Message(Kind.DONE, Document(Locale.EN, paragraphs))

    monkeypatch.setattr(room.service, "handle", done)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="anything")
    assert len(seen.ephemerals) > 1
    assert all(f"Number {number} " in seen.words for number in range(12))
    assert seen.buttons == []


async def test_a_page_that_takes_long_is_turned_in_place_too(room: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    await room.long_paper_is_added()
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="statement S4")
    monkeypatch.setattr(interactions, "BUDGET", 0.05)
    room.slow_down(monkeypatch, 0.3)
    mark = room.discord.mark()
    turned = await room.discord.press(room.ann, seen, "Next", wait=0)
    assert answered(turned) == DEFERRED_UPDATE
    turned = await room.discord.look(room.ann, lambda seen: "Back" in seen.buttons, since=mark)
    assert "Back" in turned.buttons


async def test_a_subscription_is_told_to_the_channel_and_to_who_made_it(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts-digest subscribe", topics="screenings", time="9")
    (posted,) = room.discord.messages(room.news)
    assert "Digests on Initial screenings come to this channel daily at 09:00" in posted.content
    assert [each.content for each in seen.ephemerals] == ["Done. The channel has been told."]
    assert room.held(room.news)
    await room.discord.press(room.ann, posted, "Unsubscribe")
    assert room.held(room.news) is None
    assert "no more digests" in room.discord.messages(room.news)[-1].content


async def test_a_subscription_is_told_in_the_language_of_the_guild(tmp_path: Path) -> None:
    async with guild(tmp_path, locale="zh-TW") as room:
        seen = await room.discord.slash(room.ann, room.news, "tipfacts-digest subscribe", topics="screenings")
        assert "Done. The channel has been told." in seen.ephemerals[-1].content
        assert "每日" in room.discord.messages(room.news)[0].content
        wrong = await room.discord.slash(room.ann, room.news, "tipfacts-digest subscribe", topics="zebras")
        assert "I know no topic" in whispered(wrong)


async def test_digests_are_set_up_only_by_whom_discord_lets_however_they_ask_for_it(room: Guild) -> None:
    typed = await room.discord.slash(room.mei, room.news, "tipfacts", query="subscribe screenings")
    assert "/tipfacts-摘要 訂閱" in whispered(typed)  # as her Discord shows it
    offered = await room.discord.slash(room.ann, room.news, "tipfacts-digest list")
    offered.message.only_for = room.mei.id  # as if it stood before another
    pressed = await room.discord.press(room.mei, offered.message, "Subscribe")
    assert "/tipfacts-摘要 訂閱" in whispered(pressed)
    assert room.held(room.news) is None
    room.discord.open_command("tipfacts-digest", room.mei)
    await room.discord.slash(room.mei, room.news, "tipfacts-digest subscribe", topics="screenings")
    assert room.held(room.news)


async def test_what_is_set_up_in_a_thread_is_of_its_channel(room: Guild) -> None:
    thread = room.discord.add_thread(room.news, "on digests")
    seen = await room.discord.slash(room.ann, thread, "tipfacts-digest subscribe", topics="screenings")
    assert "Done. The channel has been told." in seen.ephemerals[-1].content
    held = room.held(room.news)
    assert held
    assert held.address.thread is None
    (told,) = room.discord.messages(room.news)
    await room.discord.press(room.ann, told, "Unsubscribe")
    assert room.held(room.news) is None


async def test_an_answer_is_shared_where_it_was_asked_for_in_a_thread_too(room: Guild) -> None:
    thread = room.discord.add_thread(room.news, "on screenings")
    seen = await room.discord.slash(room.ann, thread, "tipfacts", query="screenings")
    await room.discord.press(room.ann, seen, "Share in channel")
    assert len(room.discord.messages(thread)) == 1
    assert room.discord.messages(room.news) == []


@pytest.mark.parametrize("failure", [{"lose_reply": True}, {"status": 500, "times": 2}, {"retry_after": 1}])
async def test_an_answer_is_shared_once_though_discord_does_not_confirm_it(
    room: Guild, monkeypatch: pytest.MonkeyPatch, failure: dict[str, Any]
) -> None:
    monkeypatch.setattr("adapters.discord.posting._PAUSES", (0.05, 0.05, 0.05))
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    room.discord.fail("POST /channels/{}/messages", **failure)
    await room.discord.press(room.ann, seen, "Share in channel", wait=0)
    await room.service.drain(5)
    assert "Shared in the channel." in room.discord.shown_to(room.ann)[-1].content
    assert len(room.discord.messages(room.news)) == 1


async def test_a_channel_that_does_not_take_the_confirmation_is_not_subscribed(room: Guild) -> None:
    walled = room.discord.add_channel("walled", bot=False)
    seen = await room.discord.slash(room.ann, walled, "tipfacts-digest subscribe", topics="screenings")
    assert "not" in whispered(seen)
    assert room.held(walled) is None


async def test_a_bare_subscribe_opens_a_form_that_keeps_what_was_typed_until_it_is_right(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts-digest subscribe")
    assert answered(seen) == MODAL
    refused = await fill_in(room, room.ann, seen, {"topics": "zebras", "at": "18:30"})
    assert "zebras" in whispered(refused)
    await room.restart()
    again = await room.discord.press(room.ann, refused, "Edit again")
    assert answered(again) == MODAL
    assert again.modal
    assert fields(again.modal)["topics"] == "zebras"
    assert fields(again.modal)["at"] == "18:30"
    await fill_in(room, room.ann, again, {"topics": "screenings"})
    held = room.held(room.news)
    assert held
    assert (held.topics, f"{held.schedule.at:%H:%M}") == (("screenings",), "18:30")


async def reviewed(room: Guild) -> Seen:
    """Fill in all steps of `add` up to the review."""
    seen = await room.discord.slash(room.ed, room.news, "tipfacts-desk add")
    seen = await fill_in(room, room.ed, seen, STATEMENT_2022)
    seen = await room.discord.press(room.ed, seen, "Fact 1")
    seen = await fill_in(room, room.ed, seen, SCREENINGS_2021 | {"submit": "Add another fact"})
    seen = await room.discord.press(room.ed, seen, "Fact 2")
    return await fill_in(room, room.ed, seen, VICTIMS_2021 | {"submit": "Review"})


async def test_a_statement_is_added_through_every_step_even_across_a_restart(room: Guild) -> None:
    review = await reviewed(room)
    for part in ("approximately 7,700 initial screenings", "20 July 2022", "3 times that of 2016"):
        assert part in review.words
    await room.restart()
    done = await room.discord.press(room.ed, review, "Add it")
    assert "Added as S4, F46, F47" in done.words
    again = await room.discord.slash(room.ann, room.news, "tipfacts", query="how many screenings in 2021?")
    assert "7,700" in whispered(again)


@pytest.mark.parametrize("label", ["Add another fact", "Change something"])
async def test_a_press_that_goes_back_to_filling_in_opens_the_form_at_once(room: Guild, label: str) -> None:
    seen = await room.discord.press(room.ed, await reviewed(room), label)
    assert answered(seen) == MODAL
    assert seen.modal


async def test_a_confirmation_that_is_pressed_twice_at_the_same_moment_adds_once(room: Guild) -> None:
    review = await reviewed(room)
    told = await asyncio.gather(*(room.discord.press(room.ed, review, "Add it") for _ in range(2)))
    assert all("Added as S4" in each.words for each in told)
    with room.store.read() as library:
        assert library.statement(5) is None


async def test_a_fact_is_corrected_and_withdrawn_by_a_form(room: Guild) -> None:
    await asyncio.to_thread(add_statement_of_2022, room.desk())
    seen = await room.discord.slash(room.ed, room.news, "tipfacts-desk withdraw", item="F46")
    assert answered(seen) in (MODAL, MESSAGE)
    seen = await room.discord.slash(room.ed, room.news, "tipfacts-desk correct", fact="F46")
    assert answered(seen) == MODAL


async def test_a_form_that_comes_too_late_is_offered_by_a_button(room: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "BUDGET", 0.0)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts-digest subscribe")
    assert answered(seen) == DEFERRED
    monkeypatch.setattr(interactions, "BUDGET", 1.5)
    opened = await room.discord.press(room.ann, seen, "Get digests")
    assert answered(opened) == MODAL


async def test_readers_are_told_by_the_core_what_they_may_not_do_whatever_discord_lets_them_send(room: Guild) -> None:
    seen = await room.discord.slash(room.mei, room.news, "tipfacts-desk add", force=True)
    assert "編輯" in whispered(seen)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts-desk correct", fact="F1", force=True)
    assert "needs the role" in whispered(seen)


async def test_admins_are_told_which_platform_does_not_serve_and_why(room: Guild) -> None:
    room.bot.health.stopped("Slack", "ConnectionError: Slack cannot be reached")
    told = whispered(await room.discord.slash(room.ed, room.news, "tipfacts", query="status"))
    assert "It stopped and is started again: ConnectionError: Slack cannot be reached" in told
    assert "Slack cannot" not in whispered(await room.discord.slash(room.ann, room.news, "tipfacts", query="status"))
    room.bot.health.serves("Slack")
    told = whispered(await room.discord.slash(room.ed, room.news, "tipfacts", query="status"))
    assert "Slack cannot" not in told


async def test_an_error_that_nobody_expected_is_said_with_a_reference(
    room: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> Reply:
        raise RuntimeError("broken")

    monkeypatch.setattr(room.service, "handle", broken)
    assert "Reference:" in whispered(await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings"))


async def test_an_interaction_that_cannot_be_read_is_answered_too(room: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "asked", None)
    assert "Reference:" in whispered(await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings"))


async def test_an_error_behind_a_promise_is_said_too(room: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "BUDGET", 0.0)
    monkeypatch.setattr(interactions.Interactions, "_show_late", None)
    mark = room.discord.mark()
    await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings", wait=0)
    seen = await room.discord.look(room.ann, lambda seen: "Reference:" in seen.words, since=mark)
    assert seen.ephemerals


async def test_where_discord_finds_fault_with_an_answer_its_text_goes_out_alone(room: Guild) -> None:
    room.discord.fail("POST /interactions/{}/{}/callback", status=400, code=50035)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert all(part in whispered(seen) for part in ANSWER)
    assert seen.message.embeds == []


async def test_an_acknowledgement_that_is_lost_on_its_way_is_made_again(room: Guild) -> None:
    room.discord.fail("POST /interactions/{}/{}/callback", drop=True)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert all(part in whispered(seen) for part in ANSWER)


async def test_nobody_is_rung_by_what_an_answer_holds(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="@everyone <@&1> what of <@1>?")
    assert seen.message.pinged == []
    assert seen.message.sent["allowed_mentions"] == {"parse": []}


async def test_a_command_that_discord_still_shows_and_we_do_not_know_is_answered(room: Guild) -> None:
    held = room.discord.commands.held[""]
    held.append(held[0] | {"id": "1", "name": "tipfacts-old"})
    assert "/tipfacts" in whispered(await room.discord.slash(room.ann, room.news, "tipfacts-old"))


async def test_an_answer_under_way_still_comes_when_the_process_is_told_to_stop(
    room: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.slow_down(monkeypatch, 0.4)
    asking = asyncio.create_task(room.discord.slash(room.ann, room.news, "tipfacts", query="screenings"))
    await asyncio.sleep(0.2)
    await room.stop()
    said = whispered(await asking)
    assert all(part in said for part in ANSWER)
    await room.start()
