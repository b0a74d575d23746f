"""The Merkle tree against the recursive definition of RFC 6962 and its known answers."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import merkle

ENTRIES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""The known answers of Certificate Transparency's own test suite for these entries."""

SIZES = st.integers(1, 70)


def tree(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def defined(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962, 2.1 defines it."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.joined(defined(leaves[:split]), defined(leaves[split:]))


def node_of(leaves: list[bytes]) -> merkle.Node:
    return lambda level, index: defined(leaves[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", ROOTS)
def test_the_root_of_known_entries(size: int) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]
    assert merkle.root(size, node_of(leaves)).hex() == ROOTS[size]


def test_the_root_of_no_entries_is_the_hash_of_nothing() -> None:
    assert merkle.root(0, node_of([])) == hashlib.sha256(b"").digest()


@given(SIZES)
def test_the_root_is_as_defined(size: int) -> None:
    assert merkle.root(size, node_of(tree(size))) == defined(tree(size))


@given(st.integers(0, 70))
def test_a_tree_that_grows_leaf_by_leaf_has_the_same_root(size: int) -> None:
    frontier = merkle.Frontier()
    for leaf in tree(size):
        frontier.append(leaf)
    assert (frontier.size, frontier.root) == (size, defined(tree(size)))


@given(SIZES, st.data())
def test_every_leaf_has_a_path_to_the_root_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = tree(size)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(index, size, node_of(leaves))
    assert merkle.root_by_inclusion(leaves[index], index, size, path) == defined(leaves)
    assert merkle.root_by_inclusion(leaves[index], index, size, [*path, leaves[0]]) != defined(leaves)
    if path:
        assert merkle.root_by_inclusion(leaves[index], index, size, path[:-1]) != defined(leaves)
        assert merkle.root_by_inclusion(merkle.leaf_hash(b"other"), index, size, path) != defined(leaves)


@given(SIZES, st.data())
def test_a_later_tree_proves_that_it_begins_with_an_earlier_one(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    leaves = tree(size)
    path = merkle.consistency(old, size, node_of(leaves))
    assert merkle.is_consistent(old, size, defined(leaves[:old]), defined(leaves), path)
    changed = [merkle.leaf_hash(b"changed"), *leaves[1:]]
    assert not merkle.is_consistent(old, size, defined(changed[:old]), defined(leaves), path)
    if old < size:
        assert not merkle.is_consistent(old, size, defined(leaves[:old]), defined(changed), path)
        assert not merkle.is_consistent(old, size, defined(leaves[:old]), defined(leaves), [*path, leaves[0]])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion(index, size, node_of(tree(size)))
    assert merkle.root_by_inclusion(b"", index, size, []) is None


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_there_is_no_proof_about_a_tree_of_nothing_or_a_later_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="a proof of consistency"):
        merkle.consistency(old, new, node_of(tree(3)))
    assert not merkle.is_consistent(old, new, b"", b"", [])
