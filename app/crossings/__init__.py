"""Money on its way across the boundary: what is out, for whom it waits, how long it takes."""
