"""Reports: what leaders and the office read. Always in Chinese, the language of the templates; no clock is asked here."""
