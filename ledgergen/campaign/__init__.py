"""The campaign: opens a folder, composes the steps, holds the lock; the only place that knows the sequence."""
