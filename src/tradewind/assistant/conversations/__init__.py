"""Conversations that last: one message at a time each, durable when answered, handed over to persons."""
