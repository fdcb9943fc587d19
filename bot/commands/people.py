"""Commands about who may do what: claiming the installation, and granting and revoking roles."""

import re

from bot.commands.call import Call, Do, Outcome
from bot.commands.command import Command
from bot.desk.claim_code import hash_claim_code
from bot.domain.changes import Applied, GrantRole, RevokeRole, UseClaimCode
from bot.domain.people import Platform, Role
from bot.messages.document import Block, Choice, Choices, Entries, Entry, Heading, Paragraph, Table
from bot.messages.exchange import Kind, Message
from bot.messages.names import person
from bot.settings import is_actor_name

_PLACED = tuple(f"{platform}:" for platform in Platform)  # begins the names of people and addresses: slack:T1/U2
# What a person's id looks like. Slack: "user IDs begin with U or W"; a typed @name may be anybody's and is no id.
_PERSONS = {Platform.SLACK: re.compile(r"[UW][A-Z0-9]{6,}"), Platform.DISCORD: re.compile(r"[0-9]+")}
_MENTION = re.compile(r"@([A-Za-z0-9]+)")


def claim(call: Call) -> Outcome:
    """Make the asker an admin with the one-time code that the operator printed."""

    def claimed(_: Applied) -> Message:
        say = call.wording.say
        line = call.typed("grant @USER editor")
        text = Paragraph(say("You are now an admin. Name editors with “{line}”.", line=line))
        return call.message(Kind.DONE, text, Choices((Choice(say("Roles"), "roles"), Choice(say("Help"), "help"))))

    return Do(UseClaimCode(hash_claim_code(call.rest), call.request.actor.name), claimed)


def roles(call: Call) -> Message:
    """List the editors and admins of the asker's own place and of the console, and where each role comes from."""
    say = call.wording.say
    granted = [holder for holder in call.library.role_holders() if holder.actor not in call.settings_admins]
    rows = [(each.actor, call.wording.role(each.role), heard_name(call, each.granted_by)) for each in granted]
    rows += [(name, call.wording.role(Role.ADMIN), say("settings")) for name in sorted(call.settings_admins)]
    asker = call.request.actor
    rows = [(person(who, asker), role, person(by, asker)) for who, role, by in rows if may_hear_of(call, who)]
    own = Entries(own_entries(call))
    if not rows:
        text = say("Nobody here is editor or admin yet. The operator prints a code with “python -m bot claim-code”.")
        return call.message(Kind.HELP, own, Paragraph(text))
    header = (say("Person"), say("Role"), say("Named by"))
    return call.message(Kind.HELP, Heading(say("Roles")), own, Table(header, tuple(rows)))


def grant(call: Call) -> Outcome:
    """Name a person editor or admin."""
    name, _, role_text = call.rest.rpartition(" ")
    actor, role = actor_named(call, name), Role(role_text.casefold())
    if actor is None:
        return _no_such_person(call, name)
    if actor.rpartition("/")[2] in call.request.bots:
        text = call.wording.say("This is a bot. Roles are for people.")
        return call.message(Kind.ERROR, *_told(call, text, actor))

    def granted(_: Applied) -> Message:
        text = call.wording.say("This person is now {role}.", role=call.wording.role(role))
        undo = Choice(call.wording.say("Revoke"), f"revoke {actor}")
        return call.message(Kind.DONE, *_told(call, text, actor), Choices((undo,)))

    return Do(GrantRole(actor, role, settings_hold_admin=bool(call.settings_admins)), granted)


def revoke(call: Call) -> Outcome:
    """Make a person a reader again; the last admin stays. Whoever holds a role can lose it, whatever the name."""
    say = call.wording.say
    holders = {holder.actor for holder in call.library.role_holders() if may_hear_of(call, holder.actor)}
    actor = call.rest if call.rest in holders else actor_named(call, call.rest)
    if actor is None:
        return _no_such_person(call, call.rest)
    if actor in call.settings_admins:
        text = say("This person is admin by the settings: take the name out of TIPFACTS_ADMINS.")
        return call.message(Kind.ERROR, *_told(call, text, actor))
    if call.library.role(actor) is Role.READER:
        listed = Choices((Choice(say("Roles"), "roles"),))
        return call.message(Kind.ERROR, *_told(call, say("This person holds no role."), actor), listed)

    def revoked(_: Applied) -> Message:
        return call.message(Kind.DONE, *_told(call, say("This person is now a reader."), actor))

    return Do(RevokeRole(actor, settings_hold_admin=bool(call.settings_admins)), revoked)


def own_entries(call: Call) -> tuple[Entry, ...]:
    """Return who the asker is, by name where the platform shows one, and what they may do."""
    say, asker = call.wording.say, call.request.actor
    return Entry(say("You"), person(asker.name, asker)), Entry(say("Your role"), call.wording.role(call.role))


def _told(call: Call, text: str, actor: str) -> tuple[Block, ...]:
    """Return a sentence on a person, and who it is: by name where the platform shows one."""
    return Paragraph(text), Entries((Entry(call.wording.say("Person"), person(actor, call.request.actor)),))


def actor_named(call: Call, text: str) -> str | None:
    """Return the actor's name for @USER in the asker's own place, or for a full name; None for anything else, and for
    whom the asker may not hear of: nobody hands out roles elsewhere, or learns who holds one.
    """
    name, asker = text.strip(), call.request.actor
    mention = _MENTION.fullmatch(name)
    if mention and asker.platform is not Platform.CONSOLE:
        name = f"{asker.platform}:{asker.space}/{mention[1]}"
    return name if is_actor_name(name) and _is_persons(name) and may_hear_of(call, name) else None


def _is_persons(name: str) -> bool:
    """Whether a full name ends in what its platform has as ids of people."""
    platform, _, rest = name.partition(":")
    return not rest or _PERSONS[Platform(platform)].fullmatch(rest.rpartition("/")[2]) is not None


def _how_to_be_named(call: Call) -> str:
    """Return how a person gets the role that they lack."""
    if call.request.actor.is_nowhere:
        return call.wording.say(
            "Roles belong to a server and do not count in direct messages: type this in your server."
        )
    lines = {"grant": call.typed("grant"), "claim": call.typed("claim CODE")}
    return call.wording.say("An admin can name you with “{grant}”; the first admin uses “{claim}”.", **lines)


def refusal(call: Call, command: Command) -> Message | None:
    """Return why the asker may not use a command where they are, None where they may."""
    lacks_role = not call.role.covers(command.role)
    return out_of_place(call, command) or (not_allowed(call, command.name, command.role) if lacks_role else None)


def not_allowed(call: Call, name: str, needed: Role) -> Message:
    """Return the refusal of what is called so to whom it needs a role that they lack."""
    say, role = call.wording.say, call.wording.role
    text = say("“{name}” needs the role {role}; yours is {own}.", name=name, role=role(needed), own=role(call.role))
    return call.error(text + " " + _how_to_be_named(call))


def may_hear_of(call: Call, name: str) -> bool:
    """Whether a person or an address may be named to the asker. What is of another workspace or guild is nobody's
    business but that of the console, which is the operator's own. Those who write where none is share nothing.
    """
    asker = call.request.actor
    if asker.platform is Platform.CONSOLE or not name.startswith(_PLACED):
        return True
    if asker.is_nowhere:
        return name == asker.name
    return name.startswith(f"{asker.platform}:{asker.space}/")


def heard_name(call: Call, name: str) -> str:
    """Return the name of who did something, as far as the asker may hear of them."""
    return name if may_hear_of(call, name) else call.wording.say("an admin elsewhere")


def out_of_place(call: Call, command: Command) -> Message | None:
    """Return the refusal of a command about the people of a workspace or guild where there is none; None elsewhere.
    Nothing is done then: what was typed can be typed again where it belongs.
    """
    if not (command.of_place and call.request.actor.is_nowhere):
        return None
    text = call.wording.say(
        "Direct messages belong to no server, and this does. Type this in your server: “{usage}”. Here nothing was"
        " done, and a code is still good.",
        usage=call.typed(command.usage),
    )
    return call.error(text)


def _no_such_person(call: Call, name: str) -> Message:
    say = call.wording.say
    if call.request.actor.platform is Platform.CONSOLE:
        how = say("Write console, slack:TEAM/USER or discord:GUILD/USER, with the ids that the platform gives them.")
    else:
        how = say("Type @ and choose the person from the list that opens; a name typed to the end is not enough.")
    return call.error(say("“{name}” is nobody I can name.", name=name) + " " + how)
