"""Which request is looked at once a session was written on."""

from tokviz.analysis.conversation.overview import Overview


def last_shown(found: Overview) -> int | None:
    """The last request of the conversation itself whose context can be shown."""
    return next((one.number for one in reversed(found.requests) if one.shown and one.lane == 0), None)


def same_request(before: Overview, now: Overview, number: int | None) -> int | None:
    """What a request's number is in a later version of its file: requests before a subagent's move it on."""
    one = next((each for each in before.requests if each.number == number), None)
    if one is None or one.lane >= len(now.lanes):
        return last_shown(now)
    place = sum(each.lane == one.lane and each.number < one.number for each in before.requests)
    same = [each.number for each in now.requests if each.lane == one.lane]
    return same[place] if place < len(same) else last_shown(now)
