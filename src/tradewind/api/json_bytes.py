"""JSON as bytes, by orjson where installed (the console brings it), else by the standard library."""

from __future__ import annotations

import json

try:
    import orjson
except ImportError:  # pragma: no cover - depends on what is installed

    def json_bytes(value: object) -> bytes:
        """Compact UTF-8 JSON; lone surrogates are replaced, since UTF-8 has none."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

else:

    def json_bytes(value: object) -> bytes:
        """Compact UTF-8 JSON; numpy's numbers are written as numbers."""
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
