"""Exchange rates: stored with source, unit, date and time; never guessed."""
