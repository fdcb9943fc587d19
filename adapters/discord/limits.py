"""How much Discord takes, by its public reference: discord.com/developers/docs, "Message", "Components" and "Receiving
and Responding".

It does not say whether it counts characters or UTF-16 units; `size` counts the latter, which is never less.
"""

CONTENT = 2_000
EMBEDS = 10
EMBEDS_TEXT = 6_000  # titles, descriptions, fields' names and values, footers and authors of all embeds of a message
TITLE = 256
DESCRIPTION = 4_096
FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1_024
FOOTER = 2_048

ROWS = 5
ROW = 5  # buttons
BUTTON_LABEL = 80
CUSTOM_ID = 100

MODAL_TITLE = 45
MODAL_COMPONENTS = 5  # at the top; the OpenAPI description allows 40, the documentation and discord.py five
LABEL = 45
LABEL_DESCRIPTION = 100
INPUT = 4_000
PLACEHOLDER = 100
OPTIONS = 25
OPTION_TEXT = 100
OPTION_VALUE = 100
TEXT_DISPLAY = 4_000

# Ours. A page keeps room for its number and for the buttons that turn it; a text stands in the content or in an embed.
PAGE_CONTENT = CONTENT - 100
PAGE_EMBEDS_TEXT = EMBEDS_TEXT - 100
PAGE_CHOICES = (ROWS - 1) * ROW
TEXT = 1_800


def size(text: str) -> int:
    """Return how long a text is for Discord."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
