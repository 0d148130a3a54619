"""Funds: trees of funds and sub-funds, each with a CNY and an HKD pocket."""
