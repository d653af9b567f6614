"""Codex's rollouts and their traps."""

from typing import Any

from tests.conversations.files import lines, only, texts
from tokviz.conversations.model import PartKind, Usage


def row(kind: str, **payload: Any) -> dict[str, Any]:
    return {"timestamp": "2026-01-01T00:00:00Z", "type": kind, "payload": payload}


def said(role: str, words: str) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return row("response_item", type="message", role=role, content=[{"type": kind, "text": words}])


def tokens(total: int, last: int | None, cached: int = 0, output: int = 1) -> dict[str, Any]:
    info: dict[str, Any] = {
        "total_token_usage": {"input_tokens": total, "cached_input_tokens": cached, "output_tokens": output}
    }
    if last is not None:
        info["last_token_usage"] = {
            "input_tokens": last,
            "cached_input_tokens": cached,
            "output_tokens": output,
        }
    return row("event_msg", type="token_count", info={**info, "model_context_window": 272000})


META = row("session_meta", id="s1", cwd="/home/dev/app", base_instructions={"text": "You are Codex."})
TURN = row("turn_context", model="gpt-5.2", turn_id="1")


def test_messages_calls_and_outputs_in_order() -> None:
    found = only(
        lines(
            META,
            TURN,
            said("user", "<environment_context>…"),
            said("user", "list them"),
            row(
                "response_item",
                type="reasoning",
                summary=[{"type": "summary_text", "text": "hm"}],
                encrypted_content="xx",
            ),
            row(
                "response_item",
                type="function_call",
                name="shell",
                call_id="c1",
                arguments='{"command":["ls"]}',
            ),
            tokens(500, 500, cached=400, output=9),
            row("response_item", type="function_call_output", call_id="c1", output="a.txt"),
            said("assistant", "One file."),
        ),
        "codex",
    )
    assert texts(found)[1:] == [
        ("user", ["list them"]),
        ("reasoning", ["hm", None]),
        ("tool call", ['{"command":["ls"]}']),
        ("tool results", ["a.txt"]),
        ("assistant", ["One file."]),
    ]
    assert found.messages[4].parts[0].name == "shell"
    assert found.roles == {"user": 2, "reasoning": 1, "tool results": 1, "assistant": 1}
    assert found.tool_calls == {"shell": 1}
    assert found.system[0].text == "You are Codex."
    assert (found.title, found.project, found.window) == ("list them", "/home/dev/app", 272000)
    request = found.requests[0]
    assert (request.model, request.usage) == ("gpt-5.2", Usage(input=100, output=9, cache_read=400))
    assert (request.start, request.end) == (0, 2)


def test_an_event_counts_only_when_the_total_has_changed() -> None:
    found = only(
        lines(META, TURN, tokens(500, 500), tokens(500, 500), tokens(500, 90), tokens(700, 200)), "codex"
    )
    assert [request.usage.input for request in found.requests] == [500, 200]


def test_without_the_last_usage_the_totals_differences_count() -> None:
    found = only(lines(META, TURN, tokens(500, None, output=5), tokens(700, None, output=9)), "codex")
    assert [(r.usage.input, r.usage.output) for r in found.requests] == [(500, 5), (200, 4)]


def test_events_without_usage_or_with_zeros_are_no_requests() -> None:
    limits = row("event_msg", type="token_count", info=None, rate_limits={})
    found = only(lines(META, TURN, limits, tokens(500, 500), tokens(0, 0, output=0)), "codex")
    assert len(found.requests) == 1


def test_events_that_repeat_items_for_the_screen_are_left_out() -> None:
    found = only(
        lines(
            META,
            row("event_msg", type="user_message", message="hi"),
            said("user", "hi"),
            row("event_msg", type="agent_message", message="yes"),
            said("assistant", "yes"),
        ),
        "codex",
    )
    assert texts(found) == [("user", ["hi"]), ("assistant", ["yes"])]


def event(kind: str, words: str, **more: Any) -> dict[str, Any]:
    return row("event_msg", type=kind, message=words, **more)


def test_prompts_that_only_events_tell_are_part_of_the_context() -> None:
    found = only(
        lines(
            META,
            TURN,
            said("user", "<environment_context>…"),
            event("user_message", "list them", images=["data:image/png;base64,AAAA"]),
            row("response_item", type="function_call", name="shell", call_id="c1", arguments="{}"),
            tokens(500, 500),
            row("response_item", type="function_call_output", call_id="c1", output="a.txt"),
            said("assistant", "One file."),
            event("agent_message", "One file."),
            tokens(900, 400),
            event("user_message", "and now?"),
            said("assistant", "None."),
            tokens(1400, 500),
        ),
        "codex",
    )
    assert texts(found) == [
        ("user", ["<environment_context>…"]),
        ("user", ["list them", None]),
        ("tool call", ["{}"]),
        ("tool results", ["a.txt"]),
        ("assistant", ["One file."]),
        ("user", ["and now?"]),
        ("assistant", ["None."]),
    ]
    assert found.title == "list them"
    assert [(one.start, one.end) for one in found.requests] == [(0, 2), (0, 4), (0, 6)]
    assert found.roles == {"user": 1, "tool results": 1, "assistant": 2}


def test_answers_that_only_events_tell() -> None:
    thought = row("event_msg", type="agent_reasoning", text="hm")
    found = only(
        lines(
            META,
            *(said("user", "hi"), event("user_message", "hi"), thought, event("agent_message", "yes")),
            *(tokens(9, 9), said("user", "more"), event("user_message", "more")),
            *(event("agent_message", "no"), tokens(20, 11)),
        ),
        "codex",
    )
    assert [(role, told) for role, (told,) in texts(found)] == [
        *(("user", "hi"), ("reasoning", "hm"), ("assistant", "yes")),
        *(("user", "more"), ("assistant", "no")),
    ]
    assert [(one.start, one.end) for one in found.requests] == [(0, 1), (0, 4)]


def test_an_event_that_an_item_repeats_later_gives_way_to_it() -> None:
    whole = "# Context from my IDE setup: …"
    found = only(
        lines(
            META,
            *(event("user_message", whole), tokens(5, 5), event("user_message", "second")),
            *(said("user", whole), said("user", "second"), said("assistant", "yes"), tokens(9, 4)),
        ),
        "codex",
    )
    assert texts(found) == [("user", [whole]), ("user", ["second"]), ("assistant", ["yes"])]
    assert [(one.start, one.end) for one in found.requests] == [(0, 0), (0, 2)]


def test_what_a_compaction_recalls_says_nothing_of_who_tells_the_prompts() -> None:
    recalled = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "first"}]}
    found = only(
        lines(
            META,
            event("user_message", "first"),
            {"type": "compacted", "payload": {"replacement_history": [recalled]}},
            event("user_message", "second"),
        ),
        "codex",
    )
    assert texts(found) == [("user", ["first"]), ("user", ["first"]), ("user", ["second"])]


def test_a_compaction_replaces_what_stands_above() -> None:
    history = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "kept"}]}]
    found = only(
        lines(
            META,
            TURN,
            said("user", "old"),
            row("compacted", message="", replacement_history=history),
            tokens(50, 50),
        ),
        "codex",
    )
    assert texts(found) == [("user", ["old"]), ("user", ["kept"])]
    assert found.compactions[0].message == 1
    assert (found.requests[0].start, found.requests[0].end) == (1, 2)
    assert found.roles == {"user": 1}


def test_a_forks_copy_of_its_parents_turns_is_not_paid_again() -> None:
    begun = "019f52bf-0000-7000-8000-000000000000"
    before, after = "019f4d90-0000-7000-8000-000000000001", "019f52c0-0000-7000-8000-000000000002"
    found = only(
        lines(
            row("session_meta", id=begun, forked_from_id="019f4d90-0000-7000-8000-000000000000"),
            row("session_meta", id="019f4d90-0000-7000-8000-000000000000"),
            row("turn_context", turn_id=before, model="gpt-5.2"),
            said("user", "parent's"),
            tokens(500, 500),
            row("turn_context", turn_id=after, model="gpt-5.2"),
            said("user", "own"),
            tokens(800, 300),
        ),
        "codex",
    )
    assert [request.usage.input for request in found.requests] == [300]
    assert [t[0] for _, t in texts(found)] == ["parent's", "own"]
    assert found.id == begun


def test_old_rollouts_are_bare_items() -> None:
    head = {"id": "s0", "timestamp": "2025-05-01T00:00:00Z", "instructions": "Be brief."}
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}
    found = only(lines(head, item, {"record_type": "state"}), "codex")
    assert (found.id, found.system[0].text, texts(found)) == ("s0", "Be brief.", [("user", ["hi"])])


def test_calls_of_the_makers_own_tools_are_named_by_their_kind() -> None:
    found = only(
        lines(
            META,
            row("response_item", type="web_search_call", action={"query": "x"}),
            row("response_item", type="tool_call", function={"name": "run"}, arguments={}),
        ),
        "codex",
    )
    assert found.tool_calls == {"web_search": 1, "None": 1}
    assert [message.parts[0].name for message in found.messages] == ["web_search", "run"]
    assert found.messages[0].parts[0].kind is PartKind.TOOL_CALL


def test_events_without_totals_count_by_what_they_added() -> None:
    def only_last(read: int) -> dict[str, Any]:
        return row("event_msg", type="token_count", info={"last_token_usage": {"input_tokens": read}})

    found = only(lines(META, TURN, only_last(5), only_last(5), only_last(7)), "codex")
    assert [request.usage.input for request in found.requests] == [5, 7]


def usage_record(response: str, read: int, output: int = 1) -> dict[str, Any]:
    usage = {"input_tokens": read, "cached_input_tokens": 0, "output_tokens": output}
    return row("token_usage_record", response_id=response, usage=usage)


def test_a_response_that_two_kinds_of_lines_tell_is_one_request() -> None:
    found = only(
        lines(
            META,
            TURN,
            *(usage_record("r1", 500), tokens(500, 500)),
            *(tokens(700, 200), usage_record("r2", 200), usage_record("r2", 200)),
            *(usage_record("compaction", 900, 40), row("compacted", message="all of it")),
        ),
        "codex",
    )
    assert [(r.usage.context, r.usage.output) for r in found.requests] == [(500, 1), (200, 1), (900, 40)]


def test_an_event_that_names_its_model_is_of_that_model() -> None:
    other = tokens(700, 200)
    other["payload"]["info"]["model"] = "gpt-5.3-codex"
    found = only(lines(META, TURN, tokens(500, 500), other), "codex")
    assert [request.model for request in found.requests] == ["gpt-5.2", "gpt-5.3-codex"]


def test_turns_that_were_rolled_back_are_paid_for_but_not_in_the_context() -> None:
    found = only(
        lines(
            META,
            TURN,
            *(said("user", "<environment_context>…"), said("user", "one"), said("assistant", "1")),
            *(tokens(100, 100), said("user", "two"), said("assistant", "2"), tokens(250, 150)),
            *(row("event_msg", type="thread_rolled_back", num_turns=1), said("user", "three")),
            *(said("assistant", "3"), tokens(410, 160)),
        ),
        "codex",
    )
    assert [words for _, (words,) in texts(found)] == ["<environment_context>…", "one", "1", "three", "3"]
    assert [(r.start, r.end) for r in found.requests] == [(0, 2), (None, None), (0, 4)]
    assert found.roles == {"user": 4, "assistant": 3}


def test_a_roll_back_beyond_the_first_turn_and_of_none() -> None:
    rolled = [row("event_msg", type="thread_rolled_back", num_turns=n) for n in (9, 0, 2)]
    found = only(lines(META, TURN, said("user", "one"), *rolled, said("user", "two")), "codex")
    assert texts(found) == [("user", ["two"])]


FORK = "019f52bf-0000-7000-8000-000000000000"
"""A UUID of version 7; below it, its parent's header and a turn whose id holds no time."""
FORKED = (
    row("session_meta", id=FORK, forked_from_id="parent"),
    row("session_meta", id="parent"),
    row("turn_context", model="m", turn_id="turn-1"),
    tokens(500, 500),
)


def test_a_copy_that_begins_with_the_parents_header_ends_at_the_forks_first_turn() -> None:
    own = row("turn_context", model="m", turn_id="019f52c0-0000-7000-8000-000000000000")
    found = only(lines(*FORKED, own, tokens(700, 200)), "codex")
    assert [request.usage.context for request in found.requests] == [200]


def test_a_copy_whose_end_nobody_tells_counts() -> None:
    found = only(lines(*FORKED, tokens(700, 200)), "codex")
    assert [request.usage.context for request in found.requests] == [500, 200]


def test_a_childs_lines_below_its_first_ordinal_are_its_parents() -> None:
    meta = row("session_meta", id="child", parent_thread_id="parent", subagent_history_start_ordinal="2")
    numbered = [{**line, "ordinal": n} for n, line in enumerate((tokens(500, 500), TURN, tokens(700, 200)))]
    found = only(lines(meta, *numbered), "codex")
    assert [request.usage.context for request in found.requests] == [200]


def test_what_a_compaction_leaves_in_its_place_is_more_than_messages() -> None:
    history = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "go on"}]},
        {"type": "function_call", "name": "shell", "call_id": "c", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "a.txt"},
        {"type": "compaction", "encrypted_content": "x" * 40},
    ]
    relayed = [
        {"type": "input_text", "text": "done"},
        {"type": "encrypted_content", "encrypted_content": "yy"},
    ]
    found = only(
        lines(
            row("session_meta", id="s1", base_instructions="You are Codex."),
            row("compacted", message="", replacement_history=history),
            row("response_item", type="agent_message", author="/root/a", recipient="/root", content=relayed),
        ),
        "codex",
    )
    assert found.system[0].text == "You are Codex."
    assert texts(found) == [
        ("user", ["go on"]),
        ("tool call", ["{}"]),
        ("tool results", ["a.txt"]),
        ("compaction summary", [None]),
        ("agent message", ["done", None]),
    ]
    assert [part.size for message in found.messages[3:] for part in message.parts] == [40, 4, 2]
    assert (found.roles, found.tool_calls) == ({}, {})


def done(kind: str, **item: Any) -> dict[str, Any]:
    return {"type": "item.completed", "item": {"id": f"i-{kind}", "type": kind, **item}}


def test_what_codex_exec_prints() -> None:
    shell = {"command": "bash -lc ls", "aggregated_output": "a.txt\n", "exit_code": 0, "status": "completed"}
    answered = {"content": [{"type": "text", "text": "high at 6"}]}
    usage = {"input_tokens": 24763, "cached_input_tokens": 24448, "output_tokens": 122}
    found = only(
        lines(
            {"type": "thread.started", "thread_id": "t1"},
            {"type": "turn.started"},
            done("reasoning", text="**Looking**"),
            {"type": "item.started", "item": {"id": "i", "type": "command_execution", **shell}},
            done("command_execution", **shell),
            done("mcp_tool_call", server="sea", tool="tide", arguments={"day": 1}, result=answered),
            done("error", message="nobody's"),
            done("agent_message", text="One file."),
            {"type": "turn.completed", "usage": usage},
        ),
        "codex-exec",
    )
    assert texts(found) == [
        ("reasoning", ["**Looking**"]),
        ("tool call", ["bash -lc ls"]),
        ("tool results", ["a.txt\n"]),
        ("tool call", ['{"day":1}']),
        ("tool results", ["high at 6"]),
        ("assistant", ["One file."]),
    ]
    assert (found.id, found.requests, found.tool_calls) == ("t1", (), {"shell": 1, "tide": 1})
    assert found.reported["unknown"].usage == Usage(input=315, output=122, cache_read=24448)
