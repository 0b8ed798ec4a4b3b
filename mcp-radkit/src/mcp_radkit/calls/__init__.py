"""What is asked of RADKit, one module for each area."""
