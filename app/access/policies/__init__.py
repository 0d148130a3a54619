"""Policy numbers as data: each has a value, a source and a first day, and changes by two administrators."""
