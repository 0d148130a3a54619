"""Disbursements: money paid under a contract, from draft to settled, and back."""
