# The RADKit server: who callers are, and its own upstream account. Nothing else, and no writing.
path "secret/data/oidc/config" {
  capabilities = ["read"]
}

path "secret/data/api/radkit" {
  capabilities = ["read"]
}
