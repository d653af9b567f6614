"""``--pack`` of what changed in a repository: the files as they are afterwards, with the diff and the log."""

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tokviz.cli.console import Failure
from tokviz.cli.count_request import CountRequest
from tokviz.cli.pack_request import PackRequest
from tokviz.cli.totals import Part
from tokviz.documents.tree.git_changes import ChangedFile, Compared, changes_below, log_of, patch_of
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.git_reader import GitReader
from tokviz.documents.tree.listing import Listing
from tokviz.documents.tree.walking import FoundFile, LeftOut, Reason
from tokviz.language import _
from tokviz.system_errors import reason


def changed_parts(
    request: CountRequest, compared: Compared, pack: PackRequest, stack: ExitStack
) -> list[Part]:
    """What changed below each folder, as it is afterwards, in a private folder that ``stack`` removes;
    ``Failure`` outside a repository.

    It may lie nowhere else: what is staged is in git's store alone. The diff and the log are files like the
    others, so that they are counted, searched for secrets and split as those are.
    """
    made = Path(stack.enter_context(TemporaryDirectory(prefix="tokviz-changes-")))
    parts: list[Part] = []
    logs: set[bytes] = set()
    try:
        with GitReader() as reader:
            found = changes_below(reader, request.paths or (".",), compared, request.patterns)
            for folder, files in found:
                # The text is called by the folder's name.
                root = made / str(len(parts)) / (Path(folder).resolve().name or "files")
                root.mkdir(parents=True)
                listing = Listing(root)
                _add_texts(listing, reader, Path(folder), compared, pack, files, logs)
                _add_files(listing, files)
                parts.append(Part(folder, listing, is_folder=True))
    except GitError as error:
        raise Failure(str(error)) from error
    except ValueError as error:  # a pattern that can match nothing
        raise Failure(str(error), 2) from error
    return parts


def _add_texts(
    listing: Listing,
    reader: GitReader,
    folder: Path,
    compared: Compared,
    pack: PackRequest,
    files: Sequence[ChangedFile],
    logs: set[bytes],
) -> None:
    """Add the log, if it is none of those that other folders of the same repository have, and the diff."""
    named = compared.file_name
    if pack.with_log and (log := log_of(reader, folder, compared)) and log not in logs:
        logs.add(log)
        _add(listing, f"commits {named}.txt", log)  # verbatim
    if pack.with_diff and files:
        patch = patch_of(reader, folder, compared, only=[file.path for file in files])
        _add(listing, f"changes {named}.diff", patch)  # verbatim


def _add_files(listing: Listing, files: Iterable[ChangedFile]) -> None:
    for file in files:
        if file.after is None:
            listing.left_out.append(LeftOut(file.path, False, Reason.UNREADABLE, detail=_("it is deleted")))
        elif leads_out(file.path):
            detail = _("its path leads out of the folder")
            listing.left_out.append(LeftOut(file.path, False, Reason.UNREADABLE, detail=detail))
        else:
            _add(listing, file.path, file.after)


def leads_out(path: str) -> bool:
    """Whether a file of this path, which a repository may say what it likes of, would not lie inside."""
    foreign = os.name == "nt" and any(letter in path for letter in '\\:<>"|?*')
    return foreign or PurePosixPath(path).is_absolute() or ".." in path.split("/") or "\0" in path


def _add(listing: Listing, path: str, data: bytes) -> None:
    target = listing.root / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(data)
    except OSError as error:
        detail = reason(error)
        listing.left_out.append(LeftOut(path, False, Reason.UNREADABLE, detail=detail))
        return
    listing.files.append(FoundFile(path, len(data), 0))
