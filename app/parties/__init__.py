"""Known parties of an institution: sponsors, suppliers and staff, and what they share."""
