"""How like two texts of tasks are: by the pairs of characters they share, rare ones weighing more."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ledgergen.document.characters import fold


class Likeness:
    """Texts to compare others with (cosine of tf-idf over pairs of characters, 0 to 1)."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [_pairs(text) for text in texts]
        self._texts = len(texts)
        self._holding = Counter(pair for count in counts for pair in count)
        self._vectors: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, count in enumerate(counts):
            for pair, weight in self._vector(count).items():
                self._vectors[pair].append((place, weight))

    def nearest(self, text: str, most: int) -> list[tuple[float, int]]:
        """Give likeness and place of the most alike texts, the most alike first."""
        sums: dict[int, float] = defaultdict(float)
        for pair, weight in self._vector(_pairs(text)).items():
            for place, other in self._vectors.get(pair, ()):
                sums[place] += weight * other
        found = sorted(
            ((min(score, 1.0), place) for place, score in sums.items()), key=lambda each: (-each[0], each[1])
        )
        return found[:most]

    def coverage(self, text: str, other: str) -> float:
        """Tell how much of a text's words another holds, rare ones weighing more (0 to 1)."""
        pairs, there = _pairs(text), _pairs(other)
        whole = sum(self._weight(pair) for pair in pairs)
        return sum(self._weight(pair) for pair in pairs if pair in there) / whole if whole else 0.0

    def _weight(self, pair: str) -> float:
        return math.log((1 + self._texts) / (1 + self._holding[pair]) + 1)

    def _vector(self, count: Counter[str]) -> dict[str, float]:
        weights = {pair: (1 + math.log(times)) * self._weight(pair) for pair, times in count.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {pair: weight / length for pair, weight in weights.items()}


def _pairs(text: str) -> Counter[str]:
    return Counter(one + other for one, other in pairwise(fold(text)) if one.isalnum() and other.isalnum())
