"""Rails that carry payments, and the days on which banks are open: data with a source, kept in versions."""
