"""Expense claims: what a team spent, receipt by receipt, from a draft on the phone to the payment in the books."""
