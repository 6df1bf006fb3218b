"""The journal's tables and every SQL statement over them."""
