"""The names of the commands."""

COMMANDS = {
    "count": "tokens of files, folders or standard input, and which models they fit",
    "chat": "where a conversation's context goes: chats, agents' sessions, requests",
    "compare": "how tokenizers differ on files, folders or standard input",
    "history": "tokens of a git repository's folder at each of its last commits or tags",
    "cost": "what sending a text so many times a day costs, model beside model",
    "tokens": "the token ids of one text",
    "decode": "the text that token ids stand for",
    "cut": "as much of a text as is so many tokens, or as a model takes",
    "split": "a text in chunks of so many tokens",
    "models": "the language models known, with windows and prices",
    "tokenizers": "the tokenizers known",
    "cache": "the counts kept from one run to the next",
}
"""The commands, each with what it shows. Without one, the window opens."""
