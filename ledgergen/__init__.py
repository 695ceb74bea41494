"""ledgergen: from a year's plan one Excel ledger per responsible unit, out and back again."""

__version__ = "0.1.0"
__all__ = ["__version__"]
