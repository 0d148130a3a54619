"""What banks notify of money moved before their statements say it: kept, looked up, and never counted."""
