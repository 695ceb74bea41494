"""Reports: what leaders and the office read, in Chinese, the language of the templates. No clock is asked here."""
