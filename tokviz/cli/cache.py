"""``tokviz cache``: the counts that are kept from one run to the next, and doing without them."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tokviz.analysis.escaping import encodable
from tokviz.catalog.folders import counts_folder
from tokviz.cli.console import Console, Failure
from tokviz.count_cache.user_cache import CacheError, UserCache
from tokviz.language import _, number

_ABOUT = _(
    "Counts are kept by a keyed hash of the bytes that were counted, with how they were read and by which "
    "tokenizer; nothing of the texts, and no names of files. What was not used for longest goes first."
)


@dataclass(frozen=True, slots=True)
class CacheRequest:
    """What is asked."""

    change: Literal["", "on", "off", "clear"]
    as_json: bool


def user_cache() -> UserCache:
    """The cache of whoever runs the command."""
    return UserCache(counts_folder(os.environ, sys.platform, Path.home()))


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> CacheRequest:
    """Read the command's arguments."""
    parser.epilog = _ABOUT
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--clear", action="store_true", help=_("remove all that is kept"))
    change.add_argument(
        "--off", action="store_true", help=_("keep and use nothing from now on, here as in the window")
    )
    change.add_argument("--on", action="store_true", help=_("keep and use counts again"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object, for programs"))
    found = parser.parse_args(argv)
    change_to: Literal["", "on", "off", "clear"] = "clear" if found.clear else "off" if found.off else ""
    return CacheRequest("on" if found.on else change_to, found.json)


def run(request: CacheRequest, console: Console) -> int:
    """Make the change and say how things are; ``Failure`` if it cannot be made."""
    cache = user_cache()
    try:
        if request.change == "clear":
            cache.clear()
        elif request.change:
            cache.use(request.change == "on")
    except CacheError as error:
        raise Failure(str(error)) from error
    size = cache.size
    if request.as_json:
        record = {
            "folder": encodable(str(cache.folder)),
            "used": cache.used,
            "bytes": size,
            "most": cache.most,
        }
        console.print_json(json.dumps(record, indent=2))
        return 0
    sizes = {
        "size": number(f"{size / 1e6:,.1f}"),
        "most": number(f"{cache.most / 1e6:,.0f}"),
        "folder": cache.folder,
    }
    if cache.used:
        console.print(_("Counts are kept: {size} of at most {most} MB in {folder}", **sizes))
    else:
        console.print(
            _("Counts are not kept (--on keeps them): {size} of at most {most} MB in {folder}", **sizes)
        )
    if cache.used and (problem := cache.problem()):
        console.complain(problem)
        return 1
    return 0
