"""What one conversation of a list recorded: requests, tokens, cost."""

from dataclasses import dataclass
from decimal import Decimal

from tokviz.analysis.conversation.contexts import numbered_requests
from tokviz.analysis.conversation.model_names import FindModel
from tokviz.analysis.conversation.recorded_cost import request_cost, total_cost
from tokviz.conversations.model import recorded_sum
from tokviz.conversations.sessions import Listed


@dataclass(frozen=True)
class Summary:
    """What one conversation recorded. None is unknown."""

    listed: Listed
    requests: int
    read: int | None
    """Tokens of all requests' contexts, cached ones included."""
    written: int | None
    cost: Decimal | None


def summary(listed: Listed, find: FindModel) -> Summary:
    """The sums over a conversation's requests, its subagents' included."""
    requests = [one.request for one in numbered_requests([listed.conversation])]
    read = [one.usage.context for one in requests if one.usage.context is not None]
    written = [one.usage.output for one in requests if one.usage.output is not None]
    sums = recorded_sum(listed.conversation)  # of a file that tells no single request
    models = [find(one.model) for one in requests]
    costs = [
        request_cost(one.usage, model.prices if model else None)
        for one, model in zip(requests, models, strict=True)
    ]
    return Summary(
        listed,
        len(requests),
        sum(read) if read else sums.context,
        sum(written) if written else sums.output,
        total_cost(costs),
    )
