"""Pages that show several slices' facts: the inbox and the overviews."""
