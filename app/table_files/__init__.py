"""Files of rows that people bring from their own systems, CSV or XLSX, read once for all imports."""
