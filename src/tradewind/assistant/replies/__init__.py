"""Words for what is to be said: texts in Fluent, by language and market."""

from tradewind.assistant.replies.replies import FluentReplies

__all__ = ["FluentReplies"]
