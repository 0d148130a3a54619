"""The reports: each file builds one Report from posted figures; `reports.output` turns any Report into a file."""
