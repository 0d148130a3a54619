"""The equipment register: what projects bought, where it stands, how it crossed the boundary and where it went."""
