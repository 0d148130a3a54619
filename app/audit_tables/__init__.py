"""The auditor's standard tables of one book: ISO 21378 names, with a mapping to GB/T 24589."""
