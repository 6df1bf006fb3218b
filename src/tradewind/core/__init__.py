"""Ground that every room stands on: errors, files, clock, settings, logging."""
