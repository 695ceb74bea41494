"""The command line: click only, one small file per group of verbs; the only place that prints or reads argv."""
