"""Returns: recognise a ledger in a foreign workbook, match its rows, decide cell by cell."""
