"""The measured claims: ratios against what a user would otherwise script, taken in one run.

Run ``python -m benchmarks`` (``make bench``); it prints a table and writes ``benchmarks/results.json``. Absolute times
belong to the machine; the ratios hold.
"""
