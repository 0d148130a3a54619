"""The double-entry heart: entries and chart (pure), posting and holds (only writers), balances (only reader)."""
