"""The campaign's own files: settings, plan and units read, checked and joined into assignments."""
