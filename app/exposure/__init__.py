"""What each pocket owes in another currency than its own, and the forward cover noted against it."""
