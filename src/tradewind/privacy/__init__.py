"""Personal data: found, redacted, sealed under a key of its subject, exported and erased."""
