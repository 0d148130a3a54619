"""The four kinds of list and what stands on them: applied for by one person, listed by another."""
