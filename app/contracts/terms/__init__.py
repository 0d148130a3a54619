"""Terms families: one file each, their parameters as data with source and date."""
