"""The manpower schedule: who works on which contract, at what rate, for how much of their time, month by month."""
