"""What is said of a schedule that cannot be read, with how to write it."""

from bot.digests.typed_parts import ScheduleError
from bot.wording.wording import Wording


def schedule_refusal(error: ScheduleError, wording: Wording) -> str:
    """Return what is wrong with a schedule, and how to write it."""
    return _of_zone(error, wording) or _of_days(error, wording) or _of_others(error, wording)


def _of_zone(error: ScheduleError, wording: Wording) -> str | None:
    say, zone = wording.say, error.part
    match error.kind:
        case "zone":
            return say("I know no time zone “{zone}”: write it like Asia/Hong_Kong.", zone=zone)
        case "offset":
            return say("“{zone}”: write such a time zone by its city, like Asia/Kolkata.", zone=zone)
        case "abbreviation":
            return say("“{zone}” is more than one time zone: write yours by its city, like New York.", zone=zone)
        case "calendar":
            return say(
                "I do not know whose public holidays count in {zone}: name the country, as in “except holidays HK”.",
                zone=zone,
            )
        case "code":
            return say("I know no public holidays of “{code}”: write a code like HK, GB or US-CA.", code=zone)
    return None


def _of_days(error: ScheduleError, wording: Wording) -> str | None:
    say, part = wording.say, error.part
    match error.kind:
        case "rhythm":
            return say(
                "“{rhythm}” is not served: choose daily, weekdays, a day as in “weekly Monday”, or immediately.",
                rhythm=part,
            )
        case "days":
            return say("Digests come daily, on weekdays, or on one day a week: choose one, like “weekly Monday”.")
        case "day":
            return say("Which day of the week? Write it like “weekly Monday at 09:00” or “mondays at 9”.")
        case "day off":
            return say(
                "“{days}”: no single days can be left out. Write “weekdays”, or “except holidays” for public holidays.",
                days=part,
            )
        case "immediately":
            return say("What comes immediately has no time of day and leaves out no days: name none.")
    return None


def _of_others(error: ScheduleError, wording: Wording) -> str:
    say, part = wording.say, error.part
    match error.kind:
        case "time":
            return say("“{time}” is not a time of day: write it like 09:00.", time=part)
        case "language":
            return say("“{language}”: digests come in English or in Traditional Chinese.", language=part)
        case "twice":
            return say("“{part}” is one too many: name one time of day and one time zone.", part=part)
        case "near":
            return say("I know no “{word}”. Did you mean “{meant}”?", word=part, meant=error.meant)
        case _:
            return say(
                "I read “{words}” as no topic, day, time or zone. Write it like “weekly Monday at 09:00 London”.",
                words=part,
            )
