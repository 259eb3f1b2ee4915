"""Where in its file each order was told, kept in a few bytes an order."""

from array import array
from typing import Final

_FIRST_SIZE: Final = 1 << 12
_FREE: Final = 0


class Places:
    """The place each key was told at first, in 24 to 48 bytes a key; a dict takes some 300.

    A key is told apart by 64 bits of its hash: of a million keys, two are taken for one once in tens of
    millions of files.
    """

    def __init__(self) -> None:
        self._count = 0
        self._hashes = array("Q", bytes(8 * _FIRST_SIZE))
        self._places = array("I", bytes(4 * _FIRST_SIZE))

    def first(self, key: tuple[str, str], place: int) -> int | None:
        """The place `key` was told at before; None when this is the first time, and `place` is kept."""
        found = (hash(key) & 0xFFFF_FFFF_FFFF_FFFF) or 1
        index = self._index(found)
        if self._hashes[index] == found:
            return self._places[index]
        self._hashes[index], self._places[index] = found, place
        self._count += 1
        if 2 * self._count > len(self._hashes):
            self._grow()
        return None

    def _index(self, wanted: int) -> int:
        """Where `wanted` is, or would be: the first free one from its own place on."""
        mask = len(self._hashes) - 1
        index = wanted & mask
        while self._hashes[index] not in (wanted, _FREE):
            index = (index + 1) & mask
        return index

    def _grow(self) -> None:
        hashes, places = self._hashes, self._places
        self._hashes = array("Q", bytes(16 * len(hashes)))
        self._places = array("I", bytes(8 * len(places)))
        for found, place in zip(hashes, places, strict=True):
            if found != _FREE:
                index = self._index(found)
                self._hashes[index], self._places[index] = found, place
