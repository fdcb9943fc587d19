"""The --locale option, and which languages it takes."""

import click

from bot.domain.text import Locale


def locale_named(tag: str) -> Locale:
    """Return the language a BCP 47 tag names (en, en-GB, zh-Hant, zh-HK). Raises ValueError for one not held."""
    locale = Locale.resolve(tag)
    if locale is Locale.EN and tag.replace("_", "-").split("-")[0].lower() != Locale.EN:
        raise ValueError(f"“{tag}” is not a language tipfacts speaks: write en or zh-Hant")
    return locale


def _read(_context: click.Context, _option: click.Parameter, tag: str | None) -> Locale | None:
    try:
        return locale_named(tag) if tag else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


locale_option = click.option(
    "--locale",
    metavar="[en|zh-Hant]",
    envvar="TIPFACTS_LOCALE",
    show_envvar=True,
    callback=_read,
    help="Language of the replies.  [default: that of the question]",
)
