"""Who asks: Basic, OAuth, API keys, and the session that may say otherwise."""
