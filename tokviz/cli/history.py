"""``tokviz history``: the tokens of a codebase at each of its last commits or tags, and what each changed."""

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tokviz import language
from tokviz.analysis import formatting
from tokviz.analysis.codebase.history import BlobCounter, VersionCounts, count_versions
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.escaping import encodable
from tokviz.assets import Assets
from tokviz.cli.cache import user_cache
from tokviz.cli.catalogs import known_models, named_models
from tokviz.cli.console import Console, Failure, printable
from tokviz.cli.inputs import add_names, add_patterns, add_reading, at_least_one, reading_of
from tokviz.cli.model_records import count_record
from tokviz.cli.own_tokenizers import asked_tokenizers, own_records
from tokviz.cli.process_shards import ShardedCounters
from tokviz.cli.progress import Progress
from tokviz.cli.tables import Column, render
from tokviz.documents.decoding import MB
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.git_versions import History, Versions
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import _, ngettext, number
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count

_LAST = 20
_DEFAULT = "o200k_base"


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What is asked."""

    folder: str
    revision: str
    last: int
    sample: int
    """Only so many of them; 0: all."""
    tags: bool
    tokenizers: tuple[str, ...]
    model_ids: tuple[str, ...]
    walk: WalkOptions
    cache: bool
    as_json: bool


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> HistoryRequest:
    """Read the command's arguments."""
    add = parser.add_argument
    add(
        "folder",
        nargs="?",
        default=".",
        metavar="DIR",
        help=_("a folder of a git repository (this one by default)"),
    )
    add("--rev", metavar="REV", default="HEAD", help=_("the newest commit (HEAD by default)"))
    add(
        "--last",
        metavar="N",
        type=at_least_one,
        default=_LAST,
        help=_("so many commits, along first parents: a merge is one ({last} by default)", last=_LAST),
    )
    add(
        "--sample",
        metavar="N",
        type=at_least_one,
        default=0,
        help=_("of those only N, evenly, with both ends"),
    )
    add("--tags", action="store_true", help=_("the last N tags instead of commits"))
    add_names(
        parser,
        "--tokenizer",
        "NAME",
        _(
            "count with this one, or with a file of yours (repeatable; {tokenizer} by default)",
            tokenizer=_DEFAULT,
        ),
    )
    add_names(parser, "--model", "ID", _("count with the tokenizer of this model (repeatable)"))
    add_patterns(parser, "--include", _("only files that match (repeatable)"))
    add_patterns(parser, "--exclude", _("no files that match, written as in .gitignore (repeatable)"))
    add("--hidden", action="store_true", help=_("hidden files too"))
    add("--no-cache", action="store_true", help=_("count all anew, and keep no counts (see `tokviz cache`)"))
    add("--json", action="store_true", help=_("one JSON object, for programs"))
    add_reading(parser)
    found = parser.parse_args(argv)
    walk = WalkOptions(
        hidden=found.hidden,
        include=tuple(found.include),
        exclude=tuple(found.exclude),
        largest=found.largest * MB,
        reading=reading_of(found),
    )
    return HistoryRequest(
        found.folder,
        found.rev,
        found.last,
        found.sample,
        found.tags,
        tuple(found.tokenizer),
        tuple(found.model),
        walk,
        not found.no_cache,
        found.json,
    )


def run(request: HistoryRequest, console: Console) -> int:
    """Count the versions and print them; 1 if a tokenizer failed; ``Failure`` outside a repository."""
    assets = Assets()
    registry = Registry(assets)
    plan = _plan(request, registry, console)
    cache = user_cache().open(registry) if request.cache else None
    try:
        with (
            History(Path(request.folder), request.walk) as history,
            ShardedCounters(plan.sources, registry, assets, lambda: 1) as counters,
            Progress() as progress,
        ):
            found = history.versions(request.revision, request.last, tags=request.tags, sample=request.sample)
            blobs = BlobCounter(history, request.walk.reading, counters, cache)
            rows: list[VersionCounts] = []
            with closing(count_versions(history, found, plan, blobs)) as counted:
                for row in counted:
                    rows.append(row)
                    progress.show_versions(len(rows), len(found.listed))
            unusable = counters.unusable
    except GitError as error:
        raise Failure(str(error)) from error
    except ValueError as error:  # a pattern that can match nothing
        raise Failure(str(error), 2) from error
    console.complain_first(unusable)
    names = [name for name in plan.names if all(name in row.counts for row in rows)]
    if request.as_json:
        console.print_json(json.dumps(_record(rows, names, found) | own_records(registry), indent=2))
    else:
        console.print(_report(rows, names, found, request, console))
    return 1 if unusable else 0


def _plan(request: HistoryRequest, registry: Registry, console: Console) -> CountPlan:
    wanted = asked_tokenizers(request.tokenizers, registry, console)
    models = named_models(request.model_ids, known_models(Assets(), console)) if request.model_ids else []
    names = dict.fromkeys((*wanted, *(model.tokenizer for model in models)))
    return CountPlan(tuple(names) or (_DEFAULT,), registry.assumed)


def _report(
    rows: Sequence[VersionCounts],
    names: Sequence[str],
    found: Versions,
    request: HistoryRequest,
    console: Console,
) -> list[str]:
    if not rows:
        return [_("There is no tag in this repository.")]
    lines = [_heading(len(rows), request)]
    for name in names:
        newest, oldest = rows[0].counts[name], rows[-1].counts[name]
        values = {"n": formatting.count(newest), "tokenizer": name}
        if len(rows) > 1:
            told = ngettext(
                "{tokenizer}: {n} token, {change} since {version}",
                "{tokenizer}: {n} tokens, {change} since {version}",
                newest.tokens,
                change=formatting.signed(newest.tokens - oldest.tokens),
                version=rows[-1].version.name,
                **values,
            )
        else:
            told = ngettext("{tokenizer}: {n} token", "{tokenizer}: {n} tokens", newest.tokens, **values)
        lines.append(told)
    columns = [
        Column(_("Tag") if request.tags else _("Commit")),
        Column(_("Date"), optional=1),
        Column(_("Files"), right=True, optional=2),
        *(
            column
            for name in names
            for column in (
                Column(name if len(names) > 1 else _("Tokens"), right=True),
                Column(_("Added"), right=True),
                Column(_("Removed"), right=True),
            )
        ),
        Column(_("Subject"), optional=3),
    ]
    table = [_row(row, names) for row in rows]
    lines += ["", *render(columns, table, console.width, console.styled)]
    if found.cut:
        lines.append(_("The clone is shallow: its history ends here. Fetch more of it to see more."))
    if any(row.added is None for row in rows):
        lines.append(_("What the oldest one changed is not known: none before it was looked at."))
    return lines


def _heading(versions: int, request: HistoryRequest) -> str:
    folder = printable(request.folder)
    if request.tags:
        return ngettext(
            "{n} tag of {folder}, the newest first",
            "{n} tags of {folder}, the newest first",
            versions,
            folder=folder,
        )
    return ngettext(
        "{n} commit of {folder}, the newest first",
        "{n} commits of {folder}, the newest first",
        versions,
        folder=folder,
    )


def _row(row: VersionCounts, names: Sequence[str]) -> list[str]:
    cells = [row.version.name, _date(row.version.time), number(row.files)]
    for name in names:
        cells += [
            formatting.count(row.counts[name]),
            "" if row.added is None else number(row.added[name]),
            "" if row.removed is None else number(row.removed[name]),
        ]
    return [*map(printable, cells), printable(row.version.subject)]


def _record(rows: Sequence[VersionCounts], names: Sequence[str], found: Versions) -> dict[str, object]:
    return {
        "shallow": found.cut,
        "versions": [
            {
                "commit": row.version.id,
                "tag": encodable(row.version.tag) or None,
                "time": datetime.fromtimestamp(row.version.time, UTC).isoformat(),
                "author": encodable(row.version.author),
                "subject": encodable(row.version.subject),
                "files": row.files,
                "not_text": row.not_text,
                "counts": [_count_record(name, row.counts[name], row) for name in names],
            }
            for row in rows
        ],
    }


def _count_record(name: str, counted: Count, row: VersionCounts) -> dict[str, object]:
    return {
        **count_record(name, counted),
        "added": row.added[name] if row.added is not None else None,
        "removed": row.removed[name] if row.removed is not None else None,
    }


def _date(seconds: int) -> str:
    return language.date(datetime.fromtimestamp(seconds, UTC).date())
