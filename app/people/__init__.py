"""People, their rights at institutions, sign-in, sessions, tokens and the authority matrix."""
