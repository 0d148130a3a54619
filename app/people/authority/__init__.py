"""The authority matrix as data: limits and delegations, proposed by one administrator and confirmed by another."""
