"""Opening balances and history from a file into one book: read, checked line by line, posted all or not at all."""
