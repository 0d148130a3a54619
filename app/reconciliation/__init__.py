"""Bank statements and their reconciliation with the book: bring in, match, prepare a month, approve it."""
