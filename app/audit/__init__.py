"""Who did what, when and with what outcome: append-only events and the trail each record's page shows."""
