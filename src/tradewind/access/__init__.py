"""Who may do what: tenants, members with roles, keys, sessions."""
