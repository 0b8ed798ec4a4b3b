"""Git itself: objects with the ids git gives them, history, merging, differences."""
