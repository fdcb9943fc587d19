import asyncio
from time import monotonic
from typing import Any

from servers.slack import FakeSlack

from adapters.slack import locales as module
from adapters.slack.locales import Locales, Told
from adapters.slack.tokens import Clients
from bot.domain.text import Locale
from bot.settings import SlackSettings


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def clients_of(slack: FakeSlack) -> Clients:
    return Clients(SlackSettings(bot_token=slack.bot_token, api_url=slack.url))


async def test_the_language_is_what_a_person_chose_in_slack_and_is_asked_once_an_hour() -> None:
    clock = Clock()
    async with FakeSlack() as slack, clients_of(slack) as clients:
        mei, ann, hans = (
            slack.add_user(name, locale=tag) for name, tag in (("m", "zh-TW"), ("a", "en-GB"), ("h", "zh-CN"))
        )
        locales = Locales(clients, clock)
        for _ in range(3):
            assert (await locales.of(slack.team.id, mei.id)).locale is Locale.ZH_HANT
        assert (await locales.of(slack.team.id, ann.id)).locale is Locale.EN
        assert (await locales.of(slack.team.id, hans.id)).locale is Locale.EN
        assert len(slack.called("users.info")) == 3
        clock.now += module.KEPT_FOR + 1
        await locales.of(slack.team.id, mei.id)
        assert len(slack.called("users.info")) == 4


async def test_where_the_scope_is_not_granted_nobody_is_asked_about_for_an_hour() -> None:
    clock = Clock()
    async with FakeSlack() as slack, clients_of(slack) as clients:
        slack.team.scopes.discard("users:read")
        mei, ann = slack.add_user("mei", locale="zh-TW"), slack.add_user("ann")
        locales = Locales(clients, clock)
        for user in (mei, ann, mei):
            assert (await locales.of(slack.team.id, user.id)).locale is None
        assert len(slack.called("users.info")) == 1
        clock.now += module.KEPT_FOR + 1
        slack.team.scopes.add("users:read")
        assert (await locales.of(slack.team.id, mei.id)).locale is Locale.ZH_HANT


async def test_an_answer_does_not_wait_long_and_the_next_one_has_it() -> None:
    async with FakeSlack() as slack, clients_of(slack) as clients:
        mei = slack.add_user("mei", locale="zh-TW")
        slack.fail("users.info", delay=2.0)
        await clients.check()
        locales = Locales(clients)
        start = monotonic()
        assert (await locales.of(slack.team.id, mei.id)).locale is None
        assert monotonic() - start < 1.5
        async with asyncio.timeout(5):
            while (await locales.of(slack.team.id, mei.id)).locale is None:
                pass
        assert (await locales.of(slack.team.id, mei.id)).locale is Locale.ZH_HANT
        assert len(slack.called("users.info")) == 1


async def test_many_who_ask_at_once_ask_slack_once() -> None:
    async with FakeSlack() as slack, clients_of(slack) as clients:
        mei = slack.add_user("mei", locale="zh-TW")
        locales = Locales(clients)
        found = await asyncio.gather(*(locales.of(slack.team.id, mei.id) for _ in range(10)))
        assert set(found) == {Told(Locale.ZH_HANT, "Asia/Hong_Kong")}
        assert len(slack.called("users.info")) == 1


async def test_a_failure_is_not_remembered_and_an_unknown_person_is() -> None:
    async with FakeSlack() as slack, clients_of(slack) as clients:
        mei = slack.add_user("mei", locale="zh-TW")
        locales = Locales(clients)
        lost = {"drop": True, "times": 2}  # aiohttp repeats what only reads, once
        failures: tuple[dict[str, Any], ...] = ({"status": 503}, lost, {"error": "ratelimited", "retry_after": 9})
        for failure in failures:
            slack.fail("users.info", **failure)
            assert (await locales.of(slack.team.id, mei.id)).locale is None
        assert (await locales.of(slack.team.id, mei.id)).locale is Locale.ZH_HANT
        for _ in range(2):
            assert (await locales.of(slack.team.id, "U0STRANGER")).locale is None
        assert [call.args["user"] for call in slack.called("users.info")].count("U0STRANGER") == 1


async def test_another_workspaces_people_are_not_asked_about() -> None:
    async with FakeSlack() as slack, clients_of(slack) as clients:
        locales = Locales(clients)
        assert (await locales.of("T0OTHER", "U1")).locale is None
        assert slack.called("users.info") == []


async def test_at_most_so_many_people_are_kept() -> None:
    async with FakeSlack() as slack, clients_of(slack) as clients:
        slack.world.users.clear()
        people = [slack.add_user(f"u{number}") for number in range(4)]
        locales = Locales(clients)
        old, module.MOST_KEPT = module.MOST_KEPT, 2
        try:
            for user in people:
                await locales.of(slack.team.id, user.id)
            await locales.of(slack.team.id, people[0].id)
        finally:
            module.MOST_KEPT = old
        assert len(slack.called("users.info")) == 5


async def test_closing_leaves_no_question_under_way() -> None:
    async with FakeSlack() as slack, clients_of(slack) as clients:
        mei = slack.add_user("mei")
        await clients.check()
        slack.fail("users.info", delay=30)
        locales = Locales(clients)
        assert (await locales.of(slack.team.id, mei.id)).locale is None
        await locales.close()


async def test_the_zone_is_the_one_that_a_person_set_in_slack_if_it_is_one() -> None:
    async with FakeSlack() as slack, clients_of(slack) as clients:
        there, nowhere = (slack.add_user(tz, tz=tz) for tz in ("Asia/Taipei", "Mars/Olympus"))
        locales = Locales(clients)
        assert await locales.of(slack.team.id, there.id) == Told(Locale.EN, "Asia/Taipei")
        assert await locales.of(slack.team.id, nowhere.id) == Told(Locale.EN)
