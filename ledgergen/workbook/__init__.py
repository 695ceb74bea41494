"""The ledger workbook: its layout (the contract that writer and reader share), codes, look, writing and reading."""
