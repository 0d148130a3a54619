"""Projects: the collaboration across the river, its people and its parties."""
