"""The log: where tracebacks of unforeseen faults go, so that the terminal shows findings only."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from typing import Final

from ledgergen.campaign.folder import Folder

_LARGEST: Final = 1_000_000  # bytes; one older file is kept beside it


@contextmanager
def keep_log(folder: Folder) -> Iterator[None]:
    """Write what is logged meanwhile into ``.ledgergen/ledgergen.log``; no file where nothing is logged.

    Secrets never reach a log: what is logged are names of files and tracebacks without values.
    """
    handler = RotatingFileHandler(
        folder.log, maxBytes=_LARGEST, backupCount=1, encoding="utf-8", errors="backslashreplace", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    logger = logging.getLogger("ledgergen")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
        handler.close()
