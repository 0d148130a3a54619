"""The corridor: what a payment across the boundary is asked for, as versioned data, and an engine that evaluates it."""
