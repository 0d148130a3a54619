"""The demonstration story, loaded once into a database of its own and looked at from many sides."""
