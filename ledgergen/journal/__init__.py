"""The truth on disk: write-once events and originals; beside it the lock of the one writer and the index for queries.

Import the modules, not the package: only :mod:`ledgergen.journal.index` costs the import of SQLAlchemy.
"""
