"""What the page says of one request: how much it reads, how that is known, what stands out."""

from collections.abc import Sequence

from tokviz.analysis import formatting
from tokviz.analysis.conversation.counted_context import FRAMING
from tokviz.analysis.conversation.overview import Lane, RecordedRequest, shortened
from tokviz.conversations.hosts import host_name
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.ui.conversation.session import Session
from tokviz.worker.context_jobs import ContextView


def request_words(one: RecordedRequest, lanes: Sequence[Lane], reckoned: int | None) -> str:
    """What is known of a request, a line each. ``reckoned``: the tokens of it that the file shows."""
    tokens = formatting.grouped
    known = []
    if one.read is not None:
        known.append(_("{tokens} read from the cache", tokens=tokens(one.read)))
    if one.write is not None:
        known.append(_("{tokens} written to the cache", tokens=tokens(one.write)))
    if one.fresh is not None:
        # Translators: tokens that no cache gave.
        known.append(_("{tokens} fresh", tokens=tokens(one.fresh)))
    number = tokens(one.number)
    head = _("Request {number}: unknown recorded", number=number)
    if one.context is not None:
        head = _("Request {number}: {tokens} recorded", number=number, tokens=formatting.tokens(one.context))
    lines = [head, listed(known)]
    if reckoned is not None:
        lines.append(
            ngettext(
                "{n} token of it is in the file, as counted here",
                "{n} tokens of it are in the file, as counted here",
                reckoned,
            )
        )
    if one.output is not None:
        lines.append(_("answer {tokens}", tokens=formatting.tokens(one.output)))
    if one.cost is not None:
        lines.append(_("cost {money}", money=formatting.money(one.cost)))
    if one.lane:
        lines.append(_("by {subagent}", subagent=lanes[one.lane].title))
    lines.append(one.why)
    if not one.shown:
        lines.append(_("On a branch that was abandoned: its context cannot be shown."))
    return "\n".join(line for line in (*lines, one.model, one.time) if line)


def used_words(session: Session) -> list[str]:
    """How full the window is, what the request cost, what is left out."""
    found, count, fit = session.overview, session.count, session.fit
    if count is None or found is None or session.view is None:
        return []
    words = [_("{tokens} used", tokens=formatting.count(count))]
    if fit is not None and fit.share is not None:
        share = formatting.share_of(count, fit.share)
        # Translators: of the model's window.
        words.append(_("{share} of {model}", share=share, model=session.model_name))
    else:
        words.append(_("the window of {model} is not known", model=session.model_name))
    one = next((each for each in found.requests if each.number == session.number), None)
    if one is not None and one.cost is not None:
        words.append(_("cost {money}", money=formatting.money(one.cost)))
    if session.without:
        less = sum(session.view.parts[index].tokens or 0 for index in session.without)
        words.append(
            ngettext(
                "{n} part left out, {tokens} fewer",
                "{n} parts left out, {tokens} fewer",
                len(session.without),
                tokens=formatting.tokens(less),
            )
        )
    return words


def notes(session: Session) -> list[str]:
    """How the figures are known, a sentence each."""
    view, found = session.view, session.overview
    if view is None or found is None:
        return []
    told = []
    if view.hidden and view.recorded is not None:
        recorded, shown = map(formatting.grouped, (view.recorded, view.recorded - view.hidden))
        # Translators: both are numbers of tokens.
        said = _(
            "Not in the file: {recorded} reported by the provider, less {shown} counted in the file.",
            recorded=recorded,
            shown=shown,
        )
        told.append(said)
    if session.own_chosen and (stands := found.own.stands_in_for) is not None:
        said = _("No model is named: counted as for {model}.", model=session.model_name)
        if stands:
            named = shortened(stands)
            said = _("“{named}” is not known: counted as for {model}.", named=named, model=session.model_name)
        told.append(said)
    if found.partial:
        told.append(found.partial)
    unknown = sum(part.tokens is None and part.kind != FRAMING for part in view.parts)
    if unknown:
        said = ngettext(
            "{n} part of unknown size: not in the sum.", "{n} parts of unknown size: not in the sum.", unknown
        )
        told.append(said)
    # The longest comes last, as the end of the line is what a narrow window leaves out.
    return [*told, _framed(session, view)]


def _framed(session: Session, view: ContextView) -> str:
    """How what stands around the parts is known."""
    own = session.source.template if session.source is not None else None
    told = []
    if view.host is not None:
        told.append(_("Asked through {host}.", host=host_name(view.host)))
    if view.refusal:
        # Translators: {refusal} is a sentence that says why the chat template cannot be used.
        told.append(_("{refusal} Framed by rule instead.", refusal=view.refusal))
    if own is not None and not view.refusal:
        told.append(_("Framed by the chat template in {file}.", file=own.name))
    elif view.templated:
        told.append(_("Framed by the chat template of {model}, token by token.", model=view.templated))
    elif view.measured:
        told.append(_("Framing of {model}: {how}.", model=session.model_name, how=view.measured))
    else:
        maker = _("What the maker of {model} adds is not known and not counted.", model=session.model_name)
        told.append(maker)
    return " ".join(told)


def answers(session: Session) -> tuple[list[str], str]:
    """The sentences at the top, the most important first, and all that there is to say."""
    view, found = session.view, session.overview
    if view is None or found is None:
        return [], ""
    sentences = list(view.sentences)
    misses = [one for one in found.requests if one.reread]
    if misses:
        largest = max(misses, key=lambda one: one.reread)
        sentences.append(_with_more(largest.why, len(misses) - 1))
    if found.problems:
        sentences.insert(0, _with_more(found.problems[0], len(found.problems) - 1))
    everything = [*sentences, *found.problems[1:10], *(one.why for one in misses[:10])]
    return sentences, "\n".join(dict.fromkeys(everything))


def _with_more(sentence: str, number: int) -> str:
    """A sentence, and how many others there are like it."""
    if not number:
        return sentence
    return ngettext("{sentence} ({n} more)", "{sentence} ({n} more)", number, sentence=sentence)
