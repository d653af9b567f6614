"""``--pack`` of what changed in a repository: the files as they are afterwards, with the diff and the log."""

import os
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tokviz.cli.console import Failure
from tokviz.cli.count_request import CountRequest
from tokviz.cli.pack_request import PackRequest
from tokviz.cli.totals import Part
from tokviz.documents.tree.git_changes import Compared, changed_files, log_of, patch_of
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.git_reader import GitReader
from tokviz.documents.tree.listing import Listing
from tokviz.documents.tree.path_choice import Patterns
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
    with GitReader() as reader:
        return [
            _changed_part(reader, request, compared, pack, folder, made / str(number))
            for number, folder in enumerate(request.paths or (".",))
        ]


def _changed_part(
    reader: GitReader, request: CountRequest, compared: Compared, pack: PackRequest, folder: str, made: Path
) -> Part:
    """What changed below one folder, written below ``made``."""
    # The text is called by the folder's name.
    root = made / (Path(folder).resolve().name or "files")
    root.mkdir(parents=True)
    try:
        listing = Listing(root)
        _add_texts(listing, reader, Path(folder), compared, pack, request.patterns)
        _add_files(listing, reader, Path(folder), compared, request.patterns)
    except GitError as error:
        raise Failure(str(error)) from error
    except ValueError as error:  # a pattern that can match nothing
        raise Failure(str(error), 2) from error
    return Part(folder, listing, is_folder=True)


def _add_texts(
    listing: Listing,
    reader: GitReader,
    folder: Path,
    compared: Compared,
    pack: PackRequest,
    patterns: Patterns,
) -> None:
    named = compared.file_name
    if pack.with_log and (log := log_of(reader, folder, compared)):
        _add(listing, f"commits {named}.txt", log)  # verbatim
    if pack.with_diff and (patch := patch_of(reader, folder, compared, patterns)):
        _add(listing, f"changes {named}.diff", patch)  # verbatim


def _add_files(
    listing: Listing, reader: GitReader, folder: Path, compared: Compared, patterns: Patterns
) -> None:
    for file in changed_files(reader, folder, compared, patterns):
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
