"""Sessions as they lie on disk: a file with its subagents' files beside it, or a folder of many."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tokviz import system_errors
from tokviz.conversations.formats.cline_shown import with_usage
from tokviz.conversations.model import Conversation, Problem, Reading
from tokviz.conversations.opencode_store import SQLITE, read_database, read_storage
from tokviz.conversations.openhands_store import EVENTS, STATE, read_events
from tokviz.conversations.reading import read_conversations
from tokviz.conversations.source import Limits
from tokviz.documents.reading import is_folder, open_regular
from tokviz.language import _

_FULL = "transcript_full.jsonl"
_ENDINGS = (".jsonl", ".json", ".traj", ".eval", ".har", ".jsonl.gz", ".json.gz", ".aider.chat.history.md")
_SENT, _SHOWN = "api_conversation_history.json", "ui_messages.json"
"""What Cline and Roo Code keep of a task."""
_MOST_FILES = 100_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One conversation of a folder and the file it is in."""

    path: Path
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Folder:
    """The conversations under a folder, newest first, and what could not be read by file."""

    conversations: tuple[Listed, ...]
    problems: tuple[tuple[Path, Problem], ...]


def read_file(path: Path, limits: Limits | None = None) -> Reading:
    """What one file holds, with the subagents whose files lie beside it. Never raises for its contents.

    OSError if the file cannot be opened.
    """
    with open_regular(path) as file:
        if file.read(len(SQLITE)) == SQLITE:
            return read_database(path)
        file.seek(0)
        found = read_conversations(file, path.name, limits=limits)
    if path.name == _SENT:
        return _with_shown(path, found, limits)
    if found.format not in ("claude-code", "gemini-cli") or len(found.conversations) != 1:
        return found
    whole = _placed(path, found.conversations[0])
    problems = list(found.problems)
    agents: list[Conversation] = []
    for agent in subagent_files(path, whole.id if found.format == "gemini-cli" else None):
        try:
            with open_regular(agent) as file:
                read = read_conversations(file, agent.name, limits=limits)
        except OSError as error:
            problems.append(_unreadable(agent, error))
            continue
        problems += [replace(p, sentence=f"{agent.name}: {p.sentence}") for p in read.problems]
        agents += [c for c in (_placed(agent, one) for one in read.conversations) if c.is_subagent]
    return replace(found, conversations=(attached(whole, agents, path),), problems=tuple(problems))


def _with_shown(path: Path, found: Reading, limits: Limits | None = None) -> Reading:
    """A task of Cline or Roo Code that tells no tokens, with those that stand beside in what was shown."""
    beside = path.with_name(_SHOWN)
    if found.format != "cline" or any(one.requests for one in found.conversations) or not beside.exists():
        return found
    try:
        with open_regular(beside) as file:
            shown = read_conversations(file, beside.name, limits=limits)
    except OSError as error:
        return replace(found, problems=(*found.problems, _unreadable(beside, error)))
    if shown.format != "cline-shown":
        return found
    tasks = (with_usage(one, shown.conversations[0]) for one in found.conversations)
    return replace(found, conversations=tuple(tasks))


def _placed(path: Path, conversation: Conversation) -> Conversation:
    """The conversation with what only its place on disk tells of it: which it is, and who sent it out."""
    if conversation.format == "claude-code":
        name = conversation.id or path.stem.removeprefix("agent-")
        if path.name.startswith("agent-") and "subagents" in path.parts[1:]:
            above = path.parts[-2 - path.parts[::-1].index("subagents")]
            return replace(conversation, id=name, parent=above, is_subagent=True)
        return replace(conversation, id=name)
    if conversation.format == "gemini-cli" and conversation.is_subagent:
        return replace(conversation, parent=path.parent.name)
    return conversation


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem(_("{file} cannot be read: {reason}.", file=path.name, reason=system_errors.words(error)))


def subagent_files(path: Path, session: str | None = None) -> list[Path]:
    """The files of a session's subagents that are not empty.

    Claude Code's lie in a folder of the file's name, or flat beside it, Gemini CLI's in a folder that is
    called as the session is, which has to be told.
    """
    found = [*path.with_suffix("").glob("subagents/**/agent-*.jsonl"), *path.parent.glob("agent-*.jsonl")]
    if session:
        found += (path.parent / Path(session).name).glob("*.jsonl")
    return sorted(agent for agent in found if agent != path and _holds_something(agent))[:_MOST_FILES]


def written_files(path: Path) -> list[Path]:
    """The files and folders of which one is another as soon as the session at ``path`` was written to.

    Of a store of many files they are its folders, which change with each further file, and the file that
    came last, which may be written still.
    """
    if path.suffix == ".jsonl":
        return [path, *subagent_files(path)]
    if path.name == _SENT:
        return [path, *_there(path.with_name(_SHOWN))]
    if path.suffix == ".db":
        return [path, *_there(path.with_name(f"{path.name}-wal"))]
    if not path.is_dir():
        return [path]
    if path.name == EVENTS:
        return [path, *_there(path.with_name(STATE)), *_last(path)]
    sessions = [each for kept in _there(path / "message") for each in kept.iterdir() if each.is_dir()]
    newest = max(sessions, key=lambda each: each.stat().st_mtime_ns, default=path)
    return [path, *_there(path / "part"), *sessions, *_last(newest)]


def _there(path: Path) -> list[Path]:
    return [path] if path.exists() else []


def _last(folder: Path) -> list[Path]:
    """The JSON file whose name comes last: names begin with the time, or with a number."""
    return sorted(folder.glob("*.json"))[-1:]


def _holds_something(path: Path) -> bool:
    """False for an empty file; one that cannot be looked at is told when it is opened."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return True


def attached(parent: Conversation, children: Iterable[Conversation], path: Path) -> Conversation:
    """The conversation with those of the children that it sent out, their repeated requests left out.

    Their files name it by its id, or by its file's name.
    """
    known = {lane.id for lane in parent.lanes()}
    paid = {request.key for lane in parent.lanes() for request in lane.requests if request.key}
    lanes = list(parent.subagents)
    roles, calls = dict(parent.roles), dict(parent.tool_calls)
    for child in children:
        if child.parent not in (parent.id, path.stem) or child.id in known:
            continue
        known.add(child.id)
        lanes.append(replace(child, requests=tuple(r for r in child.requests if r.key not in paid)))
        paid |= {request.key for request in child.requests if request.key}
        for total, more in ((roles, child.roles), (calls, child.tool_calls)):
            for name, number in more.items():
                total[name] = total.get(name, 0) + number
    return replace(parent, subagents=tuple(lanes), roles=roles, tool_calls=calls)


def session_files(folder: Path) -> list[Path]:
    """The files below ``folder`` that may hold conversations; links to folders are not followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        if Path(place).name == "storage" and {"message", "part"} <= set(folders):
            folders.clear()  # OpenCode's store is read as one
            found.append(Path(place))
            continue
        if STATE in names and EVENTS in folders:
            folders.remove(EVENTS)  # one conversation, a file for each event
            found.append(Path(place) / EVENTS)
            continue
        if _SENT in names and _SHOWN in names:
            names.remove(_SHOWN)  # the same task
        if "transcript.jsonl" in names and _FULL in names:
            names.remove(_FULL)  # the same session of Antigravity's
        found += [Path(place) / n for n in sorted(names) if n.endswith(_ENDINGS) or n == "opencode.db"]
        if len(found) > _MOST_FILES:
            break
    stores = {path.parent for path in found if path.name == "opencode.db"}
    return [path for path in found if not (path.name == "storage" and path.parent in stores)]


def read_folder(folder: Path, files: Sequence[Path] | None = None) -> Folder:
    """All conversations of a folder, or of the given files in it, newest first.

    Requests that stand in several files (a resumed session, a fork) count in the file that began first.
    """
    listed: list[Listed] = []
    problems: list[tuple[Path, Problem]] = []
    for path in session_files(folder) if files is None else files:
        try:
            if is_folder(path):
                found = read_store(path)
            elif path.name == "opencode.db":
                found = read_database(path)
            else:
                with open_regular(path) as file:
                    found = read_conversations(file, path.name)
                found = _with_shown(path, found) if path.name == _SENT else found
        except OSError as error:
            problems.append((path, _unreadable(path, error)))
            continue
        problems += [(path, problem) for problem in found.problems]
        listed += [Listed(path, _placed(path, conversation)) for conversation in found.conversations]
    whole = _nested(_without_copies(listed))
    whole.sort(key=_age, reverse=True)
    return Folder(tuple(whole), tuple(problems))


def _age(listed: Listed) -> tuple[bool, str]:
    """What is ordered by: dates that are none come before all others."""
    return known_date(listed.conversation) is not None, listed.conversation.date or ""


def known_date(conversation: Conversation) -> str | None:
    """When it began, if what the file tells begins with a year, a month and a day."""
    date = conversation.date
    return date if date and _DATE.match(date) else None


def _nested(listed: list[Listed]) -> list[Listed]:
    """Subagents with files of their own, as lanes of the conversations that sent them out."""
    children: dict[str, list[Conversation]] = {}
    whole = [one for one in listed if not one.conversation.is_subagent]
    parents = {name for one in whole for name in (one.conversation.id, one.path.stem)}
    for one in listed:
        conversation = one.conversation
        if conversation.is_subagent and conversation.parent in parents:
            children.setdefault(conversation.parent or "", []).append(conversation)
    return [
        replace(one, conversation=attached(one.conversation, _of(one, children), one.path))
        for one in listed
        if not (one.conversation.is_subagent and one.conversation.parent in parents)
    ]


def _of(one: Listed, children: dict[str, list[Conversation]]) -> list[Conversation]:
    names = dict.fromkeys((one.conversation.id or "", one.path.stem))
    return [child for name in names for child in children.get(name, ())]


def read_store(folder: Path) -> Reading:
    """What one program keeps in a folder of many files; OSError if that cannot be looked into."""
    return read_events(folder) if folder.name == EVENTS else read_storage(folder)


def _without_copies(listed: list[Listed]) -> list[Listed]:
    """Each request once: in the conversation that began first, a parent before what was forked from it."""
    parents = {one.conversation.id: one.conversation.parent for one in listed}
    order = sorted(
        range(len(listed)),
        key=lambda i: (_depth(listed[i].conversation, parents), listed[i].conversation.date or "", i),
    )
    seen: set[tuple[str, str]] = set()
    result = list(listed)
    for index in order:
        conversation = listed[index].conversation
        family = _family(conversation, parents)
        lanes = [_fresh(lane, family, seen) for lane in (conversation, *conversation.subagents)]
        result[index] = replace(listed[index], conversation=replace(lanes[0], subagents=tuple(lanes[1:])))
    return result


def _fresh(lane: Conversation, family: str, seen: set[tuple[str, str]]) -> Conversation:
    """The lane without the requests that were seen; the figures of Codex only name one within a family."""
    kept = []
    for request in lane.requests:
        key = (family if lane.format == "codex" else lane.format, request.key or "")
        if request.key is None or key not in seen:
            kept.append(request)
            seen.add(key)
    return lane if len(kept) == len(lane.requests) else replace(lane, requests=tuple(kept))


def _family(conversation: Conversation, parents: dict[str | None, str | None]) -> str:
    """The id of the conversation that all of its relatives come from."""
    name = conversation.id
    seen = {name}
    while (above := parents.get(name) if name in parents else conversation.parent) and above not in seen:
        seen.add(above)
        name = above
    return name or ""


def _depth(conversation: Conversation, parents: dict[str | None, str | None]) -> int:
    depth, name, seen = 0, conversation.parent, {conversation.id}
    while name is not None and name not in seen:
        seen.add(name)
        depth, name = depth + 1, parents.get(name)
    return depth
