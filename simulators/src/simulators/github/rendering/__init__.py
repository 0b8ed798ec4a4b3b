"""How things look in answers."""
