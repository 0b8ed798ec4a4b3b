"""What stands behind `VaultClient`: logins, the lease, threads for hvac, the cache, the wording of outages."""
