"""Measured, never asserted: figures beside a reference taken in the same run."""
