"""Carries a task through over several turns."""
