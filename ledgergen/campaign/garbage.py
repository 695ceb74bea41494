"""Looking for garbage seldom, where a step makes very many objects that stay until its end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_GARBAGE: Final = 200_000  # new objects before the collector looks


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage seldom while parcels are taken: there is hardly any, and looking costs a fifth of the time."""
    threshold = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_GARBAGE, *threshold[1:])
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()
