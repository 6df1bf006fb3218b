"""The tree is the one of RFC 9162: its definition, its test vector, and proofs that hold for it alone."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from tradewind.journal import merkle

leaves = st.lists(st.binary(min_size=1, max_size=4), max_size=70).map(
    lambda many: [merkle.leaf(m) for m in many]
)


def defined(hashes: list[bytes]) -> bytes:
    """Section 2.1.1, word by word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + defined(hashes[:split]) + defined(hashes[split:])).digest()


@given(leaves)
def test_the_root_is_as_defined_however_the_tree_grew(hashes):
    assert merkle.root_of(hashes) == defined(hashes)
    half = len(hashes) // 2
    roots, size = merkle.grow(*merkle.grow([], 0, hashes[:half]), hashes[half:])
    assert (merkle.root(roots), size) == (defined(hashes), len(hashes))


@given(leaves.filter(bool), st.data())
def test_a_proof_leads_from_its_leaf_to_the_root_and_from_nothing_else(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    path, root = merkle.proof(hashes, index), defined(hashes)
    assert merkle.proves(hashes[index], index, len(hashes), path, root)
    assert not merkle.proves(merkle.leaf(b"other!"), index, len(hashes), path, root)
    assert not merkle.proves(hashes[index], index + len(hashes), len(hashes), path, root)
    assert not merkle.proves(hashes[index], index, len(hashes), [*path, root], root)


def test_the_known_tree_of_eight_entries():
    """The vector of the certificate-transparency reference implementation."""
    entries = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    root = merkle.root_of([merkle.leaf(bytes.fromhex(entry)) for entry in entries])
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
