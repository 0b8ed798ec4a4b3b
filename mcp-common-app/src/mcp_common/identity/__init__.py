"""How a token becomes a principal: configuration, keys, signed and opaque tokens, the ASGI door."""
