"""Vouchers for an institution's own general ledger: its account codes for ours, its file profiles, reconciled files."""
