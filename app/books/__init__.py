"""Books: what is sealed and what waits, the journal entry by entry, and proofs to take away."""
