"""What stands behind `UpstreamClient`: the wire, the shared login, answers read, circuit and retries."""
