"""State: a pure fold over the journal's events. No clock, no locale, no file is asked here."""
