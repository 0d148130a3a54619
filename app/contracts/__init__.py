"""Contracts: one funder, one grantee, one project, one currency, one programme's terms."""
