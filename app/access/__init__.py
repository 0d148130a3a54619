"""Who may do what: permissions, roles, guards, scope and the authority policy. Deny by default."""
