"""Sealing: what proves to somebody who trusts neither us nor our server that the books were not changed afterwards."""
