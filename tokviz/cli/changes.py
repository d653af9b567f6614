"""``tokviz count --since``, ``--staged``, ``--diff``: the tokens of what changed in a git repository."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tokviz.analysis import formatting
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.escaping import encodable
from tokviz.cli.console import Console, Failure
from tokviz.cli.count_request import CountRequest
from tokviz.cli.fitting import DOES_NOT_FIT
from tokviz.cli.inputs import pack_left_out
from tokviz.cli.own_tokenizers import own_records
from tokviz.cli.tables import Column, render
from tokviz.documents.reading import ReadError, make_text
from tokviz.documents.tree.git_changes import ChangedFile, Compared, changes_below
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.git_reader import GitReader
from tokviz.documents.tree.git_renames import with_renames
from tokviz.documents.tree.known_packs import PackFinder
from tokviz.language import _, ngettext, number
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count

_COLUMNS = (
    Column(_("Path")),
    Column(_("Before"), right=True),
    Column(_("After"), right=True),
    Column(_("Change"), right=True),
)


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    before: dict[str, Count] | None
    after: dict[str, Count] | None
    former: str = ""
    """The path that it had before, if it was renamed."""

    def tokens(self, name: str) -> tuple[int, int]:
        """Before and after; 0 where there is no file."""
        sides = (self.before, self.after)
        before, after = (side[name].tokens if side else 0 for side in sides)
        return before, after


def run(
    request: CountRequest, compared: Compared, plan: CountPlan, registry: Registry, console: Console
) -> int:
    """Print what changed; 3 if it grew by more than ``--max-growth``. ``Failure`` outside a repository."""
    names = plan.names if request.names_tokenizers else plan.names[:1]
    plan = CountPlan(names, plan.assumed)
    files, left_out = _counted(request, compared, plan, registry)
    totals = {
        name: tuple(map(sum, zip(*(file.tokens(name) for file in files), strict=True))) or (0, 0)
        for name in names
    }
    if request.as_json:
        console.print_json(json.dumps(_record(files, totals, left_out) | own_records(registry), indent=2))
    else:
        console.print(_report(files, totals, compared, names[0], console))
        console.complain_first(list(left_out.values()))
    before, after = totals[names[0]]
    most = request.max_growth
    if most is not None and after - before > most:
        console.complain(
            ngettext(
                "Grown by {n} token ({tokenizer}), which is more than {most}.",
                "Grown by {n} tokens ({tokenizer}), which is more than {most}.",
                after - before,
                tokenizer=names[0],
                most=number(most),
            )
        )
        return DOES_NOT_FIT
    return 0


def _counted(
    request: CountRequest, compared: Compared, plan: CountPlan, registry: Registry
) -> tuple[list[_File], dict[str, str]]:
    """What is counted, and by its path a sentence for what is not."""
    counters = plan.counters(registry)
    columns = [column for counter in counters for column in counter.columns]

    def counts(data: bytes | None, path: str) -> dict[str, Count] | None:
        if data is None:
            return None
        text = make_text(data, path, request.walk.reading).text
        sums = np.concatenate([counter.count([text])[0] for counter in counters])
        return plan.counts(columns, sums)

    files, left_out = [], {}
    packs = PackFinder(request.walk.packs, request.walk.include)
    for path, file in _changed(request, compared):
        if file.after is not None and packs.holds(file.path, file.after):
            left_out[path] = pack_left_out(path, file.path)
            continue
        try:
            former = file.former and os.path.normpath(Path(path.removesuffix(file.path), file.former))
            before = counts(file.before, former or path)
            files.append(_File(path, before, counts(file.after, path), former))
        except ReadError:
            left_out[path] = _("{path} is not counted: it is no text.", path=path)
    return files, left_out


def _changed(request: CountRequest, compared: Compared) -> Iterator[tuple[str, ChangedFile]]:
    """What changed below each folder, with its path from where the command was given."""
    with GitReader() as reader:
        try:
            for folder, found in changes_below(reader, request.paths or (".",), compared, request.patterns):
                for file in with_renames(found):
                    yield file.path if folder == "." else os.path.normpath(Path(folder, file.path)), file
        except GitError as error:
            raise Failure(str(error)) from error
        except ValueError as error:  # a pattern that can match nothing
            raise Failure(str(error), 2) from error


def _report(
    files: Sequence[_File],
    totals: Mapping[str, tuple[int, ...]],
    compared: Compared,
    name: str,
    console: Console,
) -> list[str]:
    lines = [_heading(len(files), compared)]
    for each, (before, after) in totals.items():
        added = sum(max(0, now - was) for was, now in (file.tokens(each) for file in files))
        removed = added - (after - before)
        lines.append(
            _(
                "{tokenizer}: {added} added, {removed} removed, {change} in all",
                tokenizer=each,
                added=formatting.tokens(added),
                removed=number(removed),
                change=formatting.signed(after - before),
            )
        )
    if files:
        largest = sorted(files, key=lambda file: -abs(file.tokens(name)[1] - file.tokens(name)[0]))
        lines += [
            "",
            *render(_COLUMNS, [_row(file, name) for file in largest], console.width, console.styled),
        ]
    return lines


def _heading(files: int, compared: Compared) -> str:
    if compared.staged:
        return ngettext("{n} staged file", "{n} staged files", files)
    if not compared.after:
        return ngettext(
            "{n} file changed since {revision}",
            "{n} files changed since {revision}",
            files,
            revision=compared.before or "HEAD",
        )
    # Translators: {revisions} are two revisions of a git repository, such as v1..v2.
    return ngettext(
        "{n} file changed in {revisions}",
        "{n} files changed in {revisions}",
        files,
        revisions=compared.revisions,
    )


def what_changed(compared: Compared) -> str:
    """What is counted, where a name of it is wanted."""
    if compared.staged:
        return _("what is staged")
    if not compared.after:
        return _("what changed since {revision}", revision=compared.before or "HEAD")
    # Translators: {revisions} are two revisions of a git repository, such as v1..v2.
    return _("what changed in {revisions}", revisions=compared.revisions)


def _row(file: _File, name: str) -> list[str]:
    before, after = file.tokens(name)
    sides = [
        "" if side is None else number(tokens)
        for side, tokens in ((file.before, before), (file.after, after))
    ]
    path = f"{file.former} → {file.path}" if file.former else file.path
    return [path, *sides, formatting.signed(after - before)]


def _record(
    files: Sequence[_File], totals: Mapping[str, tuple[int, ...]], left_out: Iterable[str]
) -> dict[str, object]:
    def side(counts: dict[str, Count] | None) -> dict[str, int] | None:
        return None if counts is None else {name: count.tokens for name, count in counts.items()}

    return {
        "counts": [
            {"tokenizer": name, "before": before, "after": after, "growth": after - before}
            for name, (before, after) in totals.items()
        ],
        "changes": [
            {
                "path": encodable(file.path),
                **({"renamed_from": encodable(file.former)} if file.former else {}),
                "before": side(file.before),
                "after": side(file.after),
            }
            for file in files
        ],
        "skipped": [encodable(path) for path in left_out],
    }
