"""Hetao Ledger: research-funding management and a cross-border grant ledger."""
