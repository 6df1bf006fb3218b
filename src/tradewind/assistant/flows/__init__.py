"""The flows of a pack: loaded, checked, drawn."""
