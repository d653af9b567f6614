"""What ``tokviz chat`` is asked for: its arguments, as one value that never changes."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.analysis.conversation.groups import GroupBy
from tokviz.cli.inputs import add_names, at_least_one, encoding, tokens
from tokviz.documents.encodings import Encoding
from tokviz.language import _


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """None and False: not asked for."""

    path: str | None
    """A file, a folder, or ``-``."""
    model_ids: tuple[str, ...]
    reserve: int | None
    """Tokens kept for the answer."""
    as_json: bool
    top: int | None
    """So many of the largest parts."""
    by: GroupBy | None
    request: int | None
    """The number of a recorded request, from 1."""
    fits: bool
    """Whether it must fit, and which models it fits."""
    tokenizer: str | None
    """A tokenizer's name or file, in place of the model's."""
    template: str | None
    """The file of a chat template, in place of the model's."""
    diff: str | None
    """The file of an earlier conversation or request."""
    encoding: Encoding | None = None
    """Of the files; None: UTF-8, or UTF-16 where a mark says so."""


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> ChatRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add = parser.add_argument
    add(
        "path",
        nargs="?",
        metavar="PATH",
        help=_("a chat, an agent's session, a request, tools, or a folder of them; - is standard input"),
    )
    add_names(
        parser,
        "--model",
        "ID",
        _("count for this model (repeatable; by default the one that answered); `tokviz models` lists them"),
    )
    add(
        "--reserve",
        metavar="N",
        type=tokens,
        help=_("tokens kept for the answer (4,096 by default, or less)"),
    )
    add("--json", action="store_true", help=_("one JSON object, for programs"))
    add("--top", metavar="N", type=at_least_one, help=_("the N largest parts only"))
    add("--by", choices=[str(one) for one in GroupBy], help=_("put parts together by message, tool, or file"))
    add(
        "--request",
        metavar="N",
        type=at_least_one,
        help=_("what the N-th recorded request read (by default: what the next one would read)"),
    )
    add(
        "--fits",
        action="store_true",
        help=_(
            "show which models it fits, and exit with 3 unless it surely fits each model asked for, or the "
            "one that answered"
        ),
    )
    add(
        "--tokenizer",
        metavar="NAME",
        help=_(
            "count with this one, or with a file of yours, in place of the model's own; `tokviz tokenizers` "
            "lists those known"
        ),
    )
    add(
        "--template",
        metavar="FILE",
        help=_("frame it by the chat template in FILE, a tokenizer_config.json or a file of Jinja"),
    )
    add(
        "--diff",
        metavar="FILE",
        help=_("the first token that differs from the conversation in FILE, and what that costs the cache"),
    )
    add(
        "--encoding",
        metavar="NAME",
        type=encoding,
        help=_("read a file, or standard input, as NAME, such as Windows-1252, and not as UTF-8"),
    )
    found = parser.parse_args(argv)
    return ChatRequest(
        path=found.path,
        model_ids=tuple(found.model),
        reserve=found.reserve,
        as_json=found.json,
        top=found.top,
        by=GroupBy(found.by) if found.by else None,
        request=found.request,
        fits=found.fits,
        tokenizer=found.tokenizer,
        template=found.template,
        diff=found.diff,
        encoding=found.encoding,
    )
