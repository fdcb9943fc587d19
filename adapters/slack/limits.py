"""How much Slack takes, by its public reference: docs.slack.dev/reference, "Block Kit" and "Views".

Figures that Slack states nowhere say where they come from. It does not say either whether it counts characters or
UTF-16 units; `size` counts the latter, which is never less.
"""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100  # a modal or a Home tab
VIEW_BYTES = 250_000  # views.open, view_too_large
MESSAGE_TEXT = 12_000  # blocks and text together; bolt-js issue 2509 saw posts fail near 13,172

SECTION_TEXT = 3_000
HEADER_TEXT = 150
CONTEXT_TEXT = 2_000  # the reference says 3,000 for any text; less, for a remark
ACTIONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
URL = 3_000
ID = 255  # block_id, action_id and callback_id

VIEW_TITLE = 24  # title, submit and close
METADATA = 3_000
LABEL = 2_000
HINT = 2_000
INPUT = 3_000
OPTIONS = 100
RADIO_OPTIONS = 10
OPTION_TEXT = 75
OPTION_VALUE = 150

# Ours. A page leaves room for its buttons, and for its text, which says the same once more.
PAGE_BLOCKS = MESSAGE_BLOCKS - 2
PAGE_TEXT = 5_500


def size(text: str) -> int:
    """Return how long a text is for Slack."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
