"""What makers report of a response's tokens, each in its own words: with the cached ones or without."""

from tokviz.conversations.fields import Fields, fields_at, number
from tokviz.conversations.model import Usage, add_usage, uncached


def anthropic_usage(told: Fields) -> Usage:
    """Anthropic's: input is without what the cache gave and took."""
    written = fields_at(told, "cache_creation")
    five, hour = number(written, "ephemeral_5m_input_tokens"), number(written, "ephemeral_1h_input_tokens")
    write = number(told, "cache_creation_input_tokens")
    if write is None and (five is not None or hour is not None):
        write = (five or 0) + (hour or 0)
    return Usage(
        input=number(told, "input_tokens"),
        output=number(told, "output_tokens"),
        cache_read=number(told, "cache_read_input_tokens"),
        cache_write=write,
        cache_write_5m=five,
        cache_write_1h=hour,
    )


def openai_usage(told: Fields) -> Usage:
    """OpenAI's, at both of its interfaces, and what gateways make of others': the cached tokens are in the
    input, reasoning is in the output."""
    details = fields_at(told, "prompt_tokens_details", "input_tokens_details")
    answered = fields_at(told, "completion_tokens_details", "output_tokens_details")
    read = number(told, "cache_read_input_tokens", "cache_read_tokens")
    if read is None:
        read = number(details, "cached_tokens")
    if read is None:
        read = number(told, "prompt_cache_hit_tokens", "cached_tokens")  # DeepSeek's, Moonshot's
    written = number(told, "cache_creation_input_tokens", "cache_write_tokens")
    if written is None:
        written = number(details, "cache_write_tokens")
    return Usage(
        uncached(number(told, "prompt_tokens", "input_tokens"), read, written),
        number(told, "completion_tokens", "output_tokens"),
        read,
        written,
        reasoning=number(answered, "reasoning_tokens"),
    )


def gemini_usage(told: Fields) -> Usage:
    """Gemini's: the cached tokens are in the prompt; what its own tools brought is not, nor are thoughts in
    the output unless the total says otherwise."""
    read, cached = number(told, "promptTokenCount"), number(told, "cachedContentTokenCount")
    answer, thoughts = number(told, "candidatesTokenCount"), number(told, "thoughtsTokenCount")
    inside = (read or 0) + (answer or 0) == number(told, "totalTokenCount")
    output = answer if answer is None or inside else answer + (thoughts or 0)
    fresh = None if read is None else max(0, read - (cached or 0))
    brought = Usage(number(told, "toolUsePromptTokenCount"))
    return add_usage(Usage(fresh, output, cached, reasoning=thoughts), brought)


def converse_usage(told: Fields) -> Usage:
    """That of Bedrock's Converse: input is without what the cache gave and took."""
    return Usage(
        number(told, "inputTokens"),
        number(told, "outputTokens"),
        number(told, "cacheReadInputTokens", "cacheReadInputTokenCount"),
        number(told, "cacheWriteInputTokens", "cacheWriteInputTokenCount"),
    )


def ollama_usage(told: Fields) -> Usage:
    """Ollama's, which stands among the response's other fields."""
    return Usage(number(told, "prompt_eval_count"), number(told, "eval_count"))
