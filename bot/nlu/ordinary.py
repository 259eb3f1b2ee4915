"""Which of the catalogue's words customers say of other things, too: "lamp" is no product's own name, "Heron" is."""

from __future__ import annotations

from collections.abc import Iterable

from bot.nlu.catalogue import WORD, Catalogue, normal
from bot.nlu.vocabulary import Vocabulary


def ordinary_words(vocabulary: Vocabulary, examples: Iterable[str]) -> frozenset[str]:
    """The normalised words of the `examples` that are words of a catalogue title, or one slip away from one.

    Examples are about any shop's things, so that what is said in them names none; other words are left out, for
    nothing would ask for them.
    """
    titles = [title for shop in vocabulary.shops.values() for title in shop.products]
    catalogue = Catalogue(titles, frozenset(), frozenset(), frozenset())
    said = {normal(word) for example in examples for word in WORD.findall(example)}
    return frozenset(word for word in said if catalogue.word(word) is not None or catalogue.almost(word))
