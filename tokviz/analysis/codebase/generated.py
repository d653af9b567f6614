"""Whether a file says of itself that a program wrote it."""

import re

_HEAD = 1000
"""Bytes from the beginning in which generators say so; those of Go, protobuf, SWIG, ANTLR and .NET do."""
_SAYS = re.compile(
    rb"""^[ \t]*(?:\#|//|/\*|\*|--|;|<!--|%|\"{3}|'{3}|\(\*)[^\n]*
    (?:code[ ]generated|@generated|<auto-?generated|auto-?generated[ ](?:file|by|from|code|using|with)
    |(?:file|code)[ ](?:is|was|has[ ]been)[ ](?:auto|automatically|machine)?[ -]?generated
    |automatically[ ]generated
    |generated[ ](?:automatically[ ])?(?:by|from|with|using)[^\n]{0,60}do[ ]not[ ]edit
    |do[ ]not[ ](?:edit|modify)[^\n]{0,20}(?:by[ ]hand|manually|directly|generated))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def says_generated(text: bytes) -> bool:
    """Whether a comment in the first lines of ``text`` says so."""
    return _SAYS.search(text, 0, min(len(text), _HEAD)) is not None
