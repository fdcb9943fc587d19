"""A bare discord.py bot that answers "hello": the floor that bench/discord.py measures against.

Reads DISCORD_TOKEN and DISCORD_API_URL.
"""

import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Hello(discord.Client):
    """Answers `/tipfacts` with one word."""

    async def setup_hook(self) -> None:
        """Register the command, and look for the gateway where the API says."""
        tree = discord.app_commands.CommandTree(self)

        @tree.command(name="tipfacts", description="Say hello")
        async def hello(interaction: discord.Interaction, query: str) -> None:  # noqa: ARG001 (it is asked for)
            await interaction.response.send_message("hello", ephemeral=True)

        await tree.sync()
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)


def main() -> None:
    """Serve until killed."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    Hello(intents=discord.Intents(guilds=True)).run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
