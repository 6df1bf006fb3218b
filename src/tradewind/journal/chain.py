"""The bytes that an entry is hashed over, and the chain of hashes; docs/journal.md says the same for outsiders.

    canonical = JSON array, no spaces: [tenant, region, lane, sequence, recorded, id, kind, version, market,
                subject, key, at, body]
    hash      = SHA-256(hash of the entry before (32 zero bytes before the first) + canonical)

Times are microseconds since 1970 in UTC. The body stands there byte for byte as it was written.
"""

from __future__ import annotations

from hashlib import sha256

import orjson

from tradewind.journal.model import Stream

GENESIS = bytes(32)
"""What stands before the first entry of a stream."""


def head_of(stream: Stream) -> bytes:
    """How the canonical bytes of every entry of a stream begin."""
    return orjson.dumps([stream.tenant, stream.region, stream.lane])[:-1] + b","


def tail_of(
    identity: str,
    kind: str,
    version: int,
    market: str | None,
    subject: str | None,
    key: str | None,
    at_us: int,
    body: bytes,
) -> bytes:
    """How they end: everything that the writer of a draft knows before it has a place in a stream."""
    fields = [identity, kind, version, market, subject, key, at_us, orjson.Fragment(body)]
    return orjson.dumps(fields)[1:]


def canonical(head: bytes, sequence: int, recorded_us: int, tail: bytes) -> bytes:
    """The bytes of an entry."""
    return b"%b%d,%d,%b" % (head, sequence, recorded_us, tail)


def chained(previous: bytes, canonical_bytes: bytes) -> bytes:
    """The hash of an entry whose predecessor has the hash `previous`."""
    return sha256(previous + canonical_bytes).digest()
