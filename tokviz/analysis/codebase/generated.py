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
_WORDS = (b"generated", b"do not ")
"""One of these is in whatever the pattern finds, in small letters."""


def says_generated(text: bytes) -> bool:
    """Whether a comment in the first lines of ``text`` says so."""
    head = text[:_HEAD]
    small = head.lower()
    # Few texts hold any of this, and the pattern takes forty times as long to say no.
    return any(words in small for words in _WORDS) and _SAYS.search(head) is not None
