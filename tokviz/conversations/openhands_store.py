"""OpenHands' conversations as its command line keeps them: ``base_state.json``, and a file for each event."""

import re
from pathlib import Path

from tokviz.conversations.fields import Fields, fields_at, items, objects, parsed, text
from tokviz.conversations.formats.openhands import conversation
from tokviz.conversations.model import Problem, Reading
from tokviz.documents.reading import ReadError, read_bytes
from tokviz.language import _

STATE, EVENTS = "base_state.json", "events"
_EVENT = re.compile(r"event-(\d{5,15})-.*\.json")
_MOST_FILES = 1_000_000
_LARGEST_FILE = 64 << 20
_MOST_PROBLEMS = 200


def read_events(folder: Path) -> Reading:
    """The conversation whose events lie in ``folder``, which is called ``events``."""
    problems: list[Problem] = []
    state = _object(folder.parent / STATE, problems) or {}
    numbered = {int(match[1]): path for path in folder.iterdir() if (match := _EVENT.fullmatch(path.name))}
    events = []
    for place in sorted(numbered)[:_MOST_FILES]:
        if (event := _object(numbered[place], problems)) is not None:
            events.append((place + 1, event))
    if not events:
        problems.insert(0, Problem(_("The format is not known.")))
        return Reading(None, (), tuple(problems))
    return Reading("openhands", (conversation(_facts(state), events),), tuple(problems))


def _facts(state: Fields) -> Fields:
    """What the state tells, as rows of trajectories have it."""
    metrics = fields_at(fields_at(state, "stats"), "usage_to_metrics").values()
    usages = [usage for each in metrics if isinstance(each, dict) for usage in items(each, "token_usages")]
    model = text(fields_at(fields_at(state, "agent"), "llm"), "model")
    return {
        "instance_id": state.get("id"),
        "leaf_event_id": state.get("leaf_event_id"),
        "workspace": state.get("workspace"),
        "metrics": {"token_usages": objects(usages)},
        "metadata": {"llm_config": {"model": model}},
    }


def _object(path: Path, problems: list[Problem]) -> Fields | None:
    try:
        value = parsed(read_bytes(path, limit=_LARGEST_FILE).decode("utf-8", errors="replace"))
    except ReadError:
        value = None
    if isinstance(value, dict):
        return value
    if len(problems) < _MOST_PROBLEMS:
        problems.append(Problem(_("{file} cannot be read.", file=path.name)))
    return None
