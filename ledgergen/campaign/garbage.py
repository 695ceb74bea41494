"""Looking for garbage seldom, or not everywhere, where a step has very many objects that stay until its end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_GARBAGE: Final = 200_000  # new objects before the collector looks


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage seldom while the journal is read and parcels are taken.

    There is hardly any, and looking for it costs a fifth of the time.
    """
    threshold = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_GARBAGE, *threshold[1:])
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()


@contextmanager
def leaving_alone() -> Iterator[None]:
    """Leave alone what there is, and look for garbage among what is new as ever: while a report is written of it."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
