"""OpenAI's older completions, which servers of open models have too: a prompt that the model goes on with.

No role and no template stands around it. A request may hold several prompts; a row to train with has a
prompt and its completion, and is none.
"""

from tokviz.conversations.fields import Fields, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.requests import is_request, read_each
from tokviz.conversations.model import Conversation, Message, PartKind, Side, roles_of
from tokviz.conversations.parts import PartFactory, first_words

_ASKED = {"prompt", "model", "modelId"}
_OPTIONS = {
    *("max_tokens", "temperature", "top_p", "n", "stream", "stream_options", "logprobs", "echo", "stop"),
    *("presence_penalty", "frequency_penalty", "best_of", "logit_bias", "user", "suffix", "seed"),
    *("max_tokens_to_sample", "stop_sequences", "top_k", "max_gen_len"),  # Bedrock's
    *("n_predict", "min_p", "repeat_penalty", "repetition_penalty", "grammar", "json_schema"),  # llama.cpp's
    *("cache_prompt", "ignore_eos", "max_completion_tokens", "guided_json", "extra_body"),
}
"""What is asked besides: settings of programs hold prompts as well, with names of their own."""


def conversation(fields: Fields) -> Conversation:
    """One request; each of its prompts is a message."""
    parts = PartFactory()
    messages = tuple(
        Message("user", Side.USER, (parts.text(PartKind.TEXT, prompt, line=index),), index)
        for index, prompt in enumerate(_prompts(fields), 1)
    )
    return Conversation(
        format="request-completions",
        messages=messages,
        tools=(),
        roles=roles_of(messages),
        title=first_words(messages),
        model=text(fields, "model", "modelId"),
    )


def _prompts(fields: Fields) -> list[str]:
    told = fields.get("prompt")
    return [each for each in (told if isinstance(told, list) else [told]) if isinstance(each, str) and each]


def is_completions(fields: Fields) -> bool:
    """Whether a model is named, or how it is to write, and nothing stands there that is not asked of one."""
    names = fields.keys()
    return bool(_prompts(fields)) and len(names) > 1 and names <= _ASKED | _OPTIONS


COMPLETIONS = Format(
    "request-completions",
    lambda source: is_request(source, is_completions),
    lambda source: read_each(source, conversation),
)
