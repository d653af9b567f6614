"""What the page says of one request: how much it reads, how that is known, what stands out."""

from collections.abc import Sequence

from tokviz.analysis import formatting
from tokviz.analysis.conversation.overview import Lane, RecordedRequest
from tokviz.ui.conversation.session import Session


def request_words(one: RecordedRequest, lanes: Sequence[Lane], reckoned: int | None) -> str:
    """What is known of a request, a line each. ``reckoned``: the tokens of it that the file shows."""
    known = [
        f"{tokens:,} {what}"
        for what, tokens in (
            ("read from the cache", one.read),
            ("written to the cache", one.write),
            ("fresh", one.fresh),
        )
        if tokens is not None
    ]
    context = formatting.UNKNOWN if one.context is None else f"{one.context:,} tokens"
    lines = [f"Request {one.number:,}: {context} recorded", ", ".join(known)]
    if reckoned is not None:
        lines.append(f"{reckoned:,} tokens of it are in the file, as counted here")
    if one.output is not None:
        lines.append(f"answer {one.output:,} tokens")
    if one.cost is not None:
        lines.append(f"cost {formatting.money(one.cost)}")
    if one.lane:
        lines.append(f"by {lanes[one.lane].title}")
    lines.append(one.why)
    if not one.shown:
        lines.append("On a branch that was abandoned: its context cannot be shown.")
    return "\n".join(line for line in (*lines, one.model, one.time) if line)


def used_words(session: Session) -> list[str]:
    """How full the window is, what the request cost, what is left out."""
    found, count, fit = session.overview, session.count, session.fit
    if count is None or found is None or session.view is None:
        return []
    words = [f"{formatting.count(count)} used"]
    if fit is not None and fit.share is not None:
        words.append(f"{formatting.share_of(count, fit.share)} of {session.model_name}")
    else:
        words.append(f"the window of {session.model_name} is not known")
    one = next((each for each in found.requests if each.number == session.number), None)
    if one is not None and one.cost is not None:
        words.append(f"cost {formatting.money(one.cost)}")
    if session.without:
        less = sum(session.view.parts[index].tokens or 0 for index in session.without)
        parts = formatting.quantity(len(session.without), "part")
        words.append(f"{parts} left out, {less:,} tokens fewer")
    return words


def notes(session: Session) -> list[str]:
    """How the figures are known, a sentence each."""
    view, found = session.view, session.overview
    if view is None or found is None:
        return []
    told = []
    if view.hidden and view.recorded is not None:
        shown = view.recorded - view.hidden
        said = f"{view.recorded:,} reported by the provider, less {shown:,} counted in the file"
        told.append(f"Not in the file: {said}.")
    if session.own_chosen and found.own.stands_in_for is not None:
        stands = found.own.stands_in_for
        named = f"“{stands}” is not known" if stands else "No model is named"
        told.append(f"{named}: counted as for {session.model_name}.")
    own = session.source.template if session.source is not None else None
    if view.refusal:
        told.append(f"{view.refusal} Framed by rule instead.")
    if own is not None and not view.refusal:
        told.append(f"Framed by the chat template in {own.name}.")
    elif view.templated:
        told.append(f"Framed by the chat template of {view.templated}, token by token.")
    elif view.measured:
        told.append(f"Framing of {session.model_name}: {view.measured}.")
    else:
        told.append(f"What the maker of {session.model_name} adds is not known and not counted.")
    unknown = sum(part.tokens is None and part.kind != "framing" for part in view.parts)
    if unknown:
        told.append(f"{formatting.quantity(unknown, 'part')} of unknown size: not in the sum.")
    if found.partial:
        told.append(found.partial)
    return told


def answers(session: Session) -> tuple[list[str], str]:
    """The sentences at the top, the most important first, and all that there is to say."""
    view, found = session.view, session.overview
    if view is None or found is None:
        return [], ""
    sentences = list(view.sentences)
    misses = [one for one in found.requests if one.reread]
    if misses:
        largest = max(misses, key=lambda one: one.reread)
        sentences.append(f"{largest.why}{_more(len(misses) - 1)}")
    if found.problems:
        sentences.insert(0, f"{found.problems[0]}{_more(len(found.problems) - 1)}")
    everything = [*sentences, *found.problems[1:10], *(one.why for one in misses[:10])]
    return sentences, "\n".join(dict.fromkeys(everything))


def _more(number: int) -> str:
    return f" ({number:,} more)" if number > 0 else ""
