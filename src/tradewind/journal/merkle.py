"""Merkle trees as in RFC 9162 (section 2.1) over SHA-256: roots that grow, and proofs that an entry is under one.

    leaf = SHA-256(0x00 + entry)        node = SHA-256(0x01 + left + right)

A frontier holds the roots of the perfect subtrees that make up a tree, largest first: one for each bit that is
set in the tree's size. It is all that is needed to grow the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Every perfect subtree's root: `levels(...)[k][i]` is over leaves `i << k` to `(i + 1) << k`."""
    found = [list(leaves)]
    while len(below := found[-1]) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)
        found.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])
    return found


def frontier(tree: Sequence[Sequence[bytes]], size: int) -> list[bytes]:
    """The frontier over the first `size` leaves of a tree's levels."""
    roots, start = [], 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            roots.append(tree[height][start >> height])
            start += 1 << height
    return roots


def grow(roots: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> tuple[list[bytes], int]:
    """The frontier and the size after more leaves."""
    grown = list(roots)
    for added in leaves:
        grown.append(added)
        filled = size
        while filled & 1:
            right = grown.pop()
            grown.append(node(grown.pop(), right))
            filled >>= 1
        size += 1
    return grown, size


def root(roots: Sequence[bytes]) -> bytes:
    """The root of the tree that a frontier stands for."""
    if not roots:
        return EMPTY
    total = roots[-1]
    for left in reversed(roots[:-1]):
        total = node(left, total)
    return total


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return root(frontier(levels(leaves), len(leaves)))


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root over all `leaves` (RFC 9162, 2.1.3.1)."""
    size = len(leaves)
    if size <= 1:
        return []
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return [*proof(leaves[:split], index), root_of(leaves[split:])]
    return [*proof(leaves[split:], index - split), root_of(leaves[:split])]


def proves(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether a proof leads from a leaf to a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, total = index, size - 1, leaf_hash
    for other in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            total = node(other, total)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            total = node(total, other)
        position >>= 1
        last >>= 1
    return last == 0 and total == expected_root
