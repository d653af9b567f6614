"""The names of the commands."""

from tokviz.language import _

COMMANDS = {
    "count": _("tokens of files, folders or standard input, and which models they fit"),
    "chat": _("where a conversation's context goes: chats, agents' sessions, requests"),
    "compare": _("how tokenizers differ on files, folders or standard input"),
    "history": _("tokens of a git repository's folder at each of its last commits or tags"),
    "cost": _("what sending a text so many times a day costs, model beside model"),
    "tokens": _("the token ids of one text"),
    "decode": _("the text that token ids stand for"),
    "cut": _("as much of a text as is so many tokens, or as a model takes"),
    "split": _("a text in chunks of so many tokens"),
    "models": _("the language models known, with windows and prices"),
    "tokenizers": _("the tokenizers known"),
    "cache": _("the counts kept from one run to the next"),
}
"""The commands, each with what it shows. Without one, the window opens."""
