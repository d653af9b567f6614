"""Claude Code's sessions: one JSON object a line, a tree by ``parentUuid``, one line for each block.

One response stands on several lines with the same message id, request id and usage; it is one message and
one request, and the line with the most output has its final usage. Rewinding leaves dead branches: the live
one is found from its last leaf upwards. Subagents stand in lanes of their own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.usages import anthropic_usage
from tokviz.conversations.model import (
    Compaction,
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Usage,
    last_model,
)
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Record, Source
from tokviz.language import _

SYNTHETIC = "<synthetic>"
_OWN_KEYS = (
    *("uuid", "isSidechain", "sessionId", "parentUuid", "cwd", "timestamp", "requestId"),
    *("session_id", "parent_tool_use_id"),  # of what ``claude --print --output-format stream-json`` prints
)
_SPEAKERS = ("user", "assistant")
_FACTS = {
    "cwd": ("cwd",),
    "sessionId": ("sessionId", "session_id"),
    "timestamp": ("timestamp",),
    "agentId": ("agentId",),
}
_TITLES = ("summary", "custom-title", "ai-title")


@dataclass(slots=True)
class _Node:
    """One user, assistant or boundary line, or all the lines of one response."""

    order: int
    line: int
    uuid: str | None
    parent: str | None
    role: str
    side: Side
    key: str | None = None
    agent: str | None = None
    sidechain: bool = False
    rooted: bool = False
    """The line says that it has no parent."""
    time: str | None = None
    parts: list[Part] = field(default_factory=list)
    compaction: Fields | None = None


@dataclass(slots=True)
class _Draft:
    """A request while its lines are read."""

    key: str
    node: _Node
    model: str | None
    usage: Usage
    told: Fields


@dataclass(slots=True)
class _Session:
    """Everything gathered in one pass over the file."""

    parts: PartFactory = field(default_factory=PartFactory)
    nodes: list[_Node] = field(default_factory=list)
    by_uuid: dict[str, _Node] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    responses: dict[str, _Node] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    """The key of each response's last line: gateways leave the request's id out of some."""
    drafts: dict[str, _Draft] = field(default_factory=dict)
    roles: Counter[str] = field(default_factory=Counter)
    title: str | None = None
    facts: dict[str, str] = field(default_factory=dict)


def read_lines(source: Source) -> list[Conversation]:
    """The one session of the file."""
    session = _Session()
    for record in _printed(source) if isinstance(source.document, list) else source.records():
        _take(session, record)
    return [_conversation(session, "claude-code")]


def _printed(source: Source) -> Iterator[Record]:
    """The lines as one list, as ``claude --print --output-format json --verbose`` prints them."""
    return (Record(line, fields) for line, fields in enumerate(objects(source.document), 1))


def _kind(fields: Fields) -> object:
    """The line's type; where it has none, who speaks in it."""
    return fields.get("type") or fields_at(fields, "message").get("role")


def read_web(source: Source) -> list[Conversation]:
    """The web variant: the lines stand in one object's ``loglines``."""
    session = _Session()
    for index, fields in enumerate(objects(source.first.get("loglines"))):
        _take(session, Record(index + 1, fields))
    return [_conversation(session, "claude-code-web")]


def _take(session: _Session, record: Record) -> None:
    fields = record.fields
    kind = _kind(fields)
    uuid = fields.get("uuid")
    if isinstance(uuid, str):
        parent = fields.get("parentUuid") or fields.get("logicalParentUuid")
        if uuid not in session.parents:
            session.parents[uuid] = parent if isinstance(parent, str) else None
    if kind in _SPEAKERS:
        message = fields_at(fields, "message")
        if kind == "assistant":
            _take_assistant(session, record, message)
        else:
            _take_user(session, record, message)
    elif kind == "system" and fields.get("subtype") == "compact_boundary":
        node = _node(session, record, "compaction", Side.NOTE)
        node.compaction = fields_at(fields, "compactMetadata")
    elif kind == "attachment" and fields_at(fields, "attachment").get("type") == "queued_command":
        node = _node(session, record, "queued command", Side.USER)  # verbatim
        node.parts = session.parts.blocks(fields_at(fields, "attachment").get("prompt"), line=record.line)
    elif kind in _TITLES:
        session.title = text(fields, "summary", "customTitle", "aiTitle", "title") or session.title
    if "cwd" not in session.facts or "sessionId" not in session.facts:
        for key, names in _FACTS.items():
            if key not in session.facts and (value := text(fields, *names)):
                session.facts[key] = value


def _node(session: _Session, record: Record, role: str, side: Side) -> _Node:
    fields = record.fields
    uuid, parent = fields.get("uuid"), fields.get("parentUuid")
    node = _Node(
        len(session.nodes),
        record.line,
        uuid if isinstance(uuid, str) else None,
        parent if isinstance(parent, str) else None,
        role,
        side,
        agent=text(fields, "agentId", "parent_tool_use_id"),
        sidechain=fields.get("isSidechain") is True or text(fields, "parent_tool_use_id") is not None,
        rooted="parentUuid" in fields and parent is None,
        time=text(fields, "timestamp"),
    )
    session.nodes.append(node)
    if node.uuid:
        session.by_uuid.setdefault(node.uuid, node)
    return node


def _take_user(session: _Session, record: Record, message: Fields) -> None:
    fields, content = record.fields, message.get("content")
    results = isinstance(content, list) and any(b.get("type") == "tool_result" for b in objects(content))
    if fields.get("isCompactSummary") is True:
        role = "compaction summary"  # verbatim
    elif fields.get("isMeta") is True:
        role = "user (meta)"  # verbatim
    else:
        role = "tool results" if results else "user"  # verbatim
    session.roles[role] += 1
    uuid = fields.get("uuid")
    if isinstance(uuid, str) and uuid in session.by_uuid:
        return  # a copy of a line that stands above
    node = _node(session, record, role, Side.TOOL if results else Side.USER)
    node.parts = session.parts.blocks(content, line=node.line)


def _take_assistant(session: _Session, record: Record, message: Fields) -> None:
    fields = record.fields
    uuid = fields.get("uuid")
    response, key = _identity(session, record, message)
    node = session.responses.get(response)
    if node is None:
        synthetic = message.get("model") == SYNTHETIC or fields.get("isApiErrorMessage") is True
        node = _node(session, record, "assistant", Side.NOTE if synthetic else Side.ASSISTANT)
        node.key = response
        session.responses[response] = node
        session.roles["assistant"] += 1
    elif isinstance(uuid, str):
        if uuid in session.by_uuid:
            return
        session.by_uuid[uuid] = node
    node.parts += session.parts.blocks(message.get("content"), line=record.line)
    if node.side is not Side.NOTE:
        _take_usage(session, node, key, message)


def _identity(session: _Session, record: Record, message: Fields) -> tuple[str, str]:
    """The names of the response and of the request that a line belongs to.

    Without the message's id, lines of one request that follow one another are one response.
    """
    named, request, uuid = text(message, "id"), text(record.fields, "requestId"), text(record.fields, "uuid")
    alone = uuid or f"line {record.line}"  # verbatim
    if named is None and request is None:
        return alone, alone
    if named is None:
        node = session.responses.get(request or "")
        return (request or "") if node is None or node is session.nodes[-1] else alone, request or ""
    key = f"{named} {request}" if request else session.keys.get(named, named)
    session.keys[named] = key
    return named, key


def _take_usage(session: _Session, node: _Node, key: str, message: Fields) -> None:
    told = message.get("usage")
    draft = session.drafts.get(key)
    if not isinstance(told, dict) or not told or (draft is not None and draft.told == told):
        return
    usage = anthropic_usage(told)
    if usage.context is None and usage.output is None:
        return
    if draft is None:
        session.drafts[key] = _Draft(key, node, text(message, "model"), usage, told)
    elif (usage.output or 0, usage.context or 0) >= (draft.usage.output or 0, draft.usage.context or 0):
        draft.usage, draft.told = usage, told


def _live(session: _Session, lane: list[_Node]) -> list[_Node]:
    """The nodes on the branch that ends in the lane's last message, in the file's order."""
    talk = [node for node in lane if node.compaction is None]
    no_tree = any(node.rooted and node.side is Side.ASSISTANT for node in talk)  # no answer can be a root
    if not talk or no_tree or not any(node.parent for node in lane):
        return lane
    positions = {node.order: index for index, node in enumerate(lane)}
    kept: set[int] = set()
    node: _Node | None = talk[-1]
    while node is not None and node.order not in kept:
        kept.add(node.order)
        node = _above(session, node, lane, positions)
    beside = [node for node in lane if node.side is Side.TOOL and node.order not in kept]
    if beside:  # results of parallel calls hang beside the branch
        live = [part for node in lane if node.order in kept for part in node.parts]
        calls = {part.call for part in live if part.kind is PartKind.TOOL_CALL and part.call}
        for node in beside:
            if any(part.call in calls for part in node.parts):
                kept.add(node.order)
    return [node for node in lane if node.order in kept]


def _above(session: _Session, node: _Node, lane: list[_Node], positions: dict[int, int]) -> _Node | None:
    """The nearest node of the lane above; the line before where the parent's line is missing."""
    seen: set[str] = set()
    name = node.parent or (session.parents.get(node.uuid) if node.uuid else None)
    while name is not None and name not in seen:
        seen.add(name)
        found = session.by_uuid.get(name)
        if found is not None and found is not node:
            return found if found.order in positions else None
        if name not in session.parents:
            break
        name = session.parents[name]
    else:
        if node.rooted and node.compaction is None and node.side is not Side.ASSISTANT:
            return None
    index = positions[node.order]
    return lane[index - 1] if index else None


def _lanes(session: _Session) -> tuple[list[_Node], dict[str, list[_Node]]]:
    """The main lane, and the subagents' by their agent or the line that they begin with."""
    main = [node for node in session.nodes if not node.sidechain]
    if not main:
        return session.nodes, {}
    roots: dict[int, str] = {}
    lanes: dict[str, list[_Node]] = {}
    for node in session.nodes:
        if node.sidechain:
            above = session.by_uuid.get(node.parent or "")
            known = roots.get(above.order) if above is not None else None
            roots[node.order] = root = node.agent or known or node.uuid or str(node.order)
            lanes.setdefault(root, []).append(node)
    return main, lanes


def _conversation(session: _Session, name: str) -> Conversation:
    main, lanes = _lanes(session)
    subagents = tuple(_lane(session, name, nodes, key) for key, nodes in lanes.items())
    whole = _lane(session, name, main, session.facts.get("agentId"))
    alone = bool(session.nodes) and all(node.sidechain for node in session.nodes)
    return Conversation(
        format=name,
        messages=whole.messages,
        requests=whole.requests,
        compactions=whole.compactions,
        subagents=subagents,
        roles=dict(session.roles),
        tool_calls=dict(session.parts.tool_calls),
        id=session.facts.get("agentId") if alone else session.facts.get("sessionId"),
        parent=session.facts.get("sessionId") if alone else None,
        is_subagent=alone,
        title=session.title or whole.title,
        project=session.facts.get("cwd"),
        model=whole.model,
        date=session.facts.get("timestamp"),
        partial=_("The system prompt and the tools are not in the file."),
    )


def _lane(session: _Session, name: str, nodes: list[_Node], key: str | None) -> Conversation:
    live = _live(session, nodes)
    messages: list[Message] = []
    compactions: list[Compaction] = []
    spans: dict[int, tuple[int, int]] = {}
    for node in live:
        if node.compaction is not None:
            compactions.append(_compaction(node, len(messages)))
            continue
        spans[node.order] = (compactions[-1].message if compactions else 0, len(messages))
        messages.append(Message(node.role, node.side, tuple(node.parts), node.line, node.time))
    orders = {node.order for node in nodes}
    requests = [
        _request(draft, spans.get(draft.node.order))
        for draft in session.drafts.values()
        if draft.node.order in orders
    ]
    return Conversation(
        format=name,
        messages=tuple(messages),
        requests=tuple(requests),
        compactions=tuple(compactions),
        id=key,
        title=first_words(messages),
        model=last_model(requests),
        date=messages[0].time if messages else None,
        partial=_("The system prompt and the tools are not in the file."),
    )


def _request(draft: _Draft, span: tuple[int, int] | None) -> Request:
    start, end = span or (None, None)
    node = draft.node
    key = None if draft.key.startswith("line ") else draft.key  # verbatim
    return Request(draft.model, draft.usage, node.line, node.time, start, end, key)


def _compaction(node: _Node, message: int) -> Compaction:
    told = node.compaction or {}
    return Compaction(
        message,
        text(told, "trigger"),
        number(told, "preTokens"),
        number(told, "postTokens"),
        node.line,
    )


def _recognizes_lines(source: Source) -> bool:
    listed = isinstance(source.document, list)
    return any(map(_is_line, islice(_printed(source), source.limits.head) if listed else source.head))


def _is_line(record: Record) -> bool:
    fields = record.fields
    message = fields.get("message")
    if _kind(fields) not in _SPEAKERS or not isinstance(message, dict):
        return False
    return "usage" in message or ("content" in message and any(key in fields for key in _OWN_KEYS))


CLAUDE_CODE = Format("claude-code", _recognizes_lines, read_lines)
CLAUDE_CODE_WEB = Format("claude-code-web", lambda source: bool(items(source.first, "loglines")), read_web)
