"""A bare bolt app that acknowledges with "hello": the floor that bench/slack.py measures against.

Reads PORT, SLACK_API_URL and SLACK_SIGNING_SECRET; with the argument `before` it processes before it responds.
"""

import os
import sys

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def main() -> None:
    """Serve until killed."""
    app = AsyncApp(
        client=AsyncWebClient(token="xoxb-hello", base_url=os.environ["SLACK_API_URL"]),  # noqa: S106 (no secret)
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=sys.argv[1:] == ["before"],
    )

    @app.command("/tipfacts")
    async def hello(ack: AsyncAck) -> None:
        await ack("hello")

    app.start(port=int(os.environ["PORT"]))


if __name__ == "__main__":
    main()
