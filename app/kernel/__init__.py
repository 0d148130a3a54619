"""Pure Python shared by everything: money, dates, errors, the actor. Standard library only."""
