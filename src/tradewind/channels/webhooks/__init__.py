"""Signed webhooks: what happens in conversations, told to other programs."""
