"""Evidence: the documents that prove what was entered."""
