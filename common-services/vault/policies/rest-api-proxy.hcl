# The REST proxy verifies callers; it has no upstream account, because it calls the servers as the caller.
path "secret/data/oidc/config" {
  capabilities = ["read"]
}
