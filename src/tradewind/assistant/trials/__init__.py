"""Conversation tests: played, judged, and how much of the flows they cover."""
