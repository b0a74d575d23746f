"""What a desk remembers and owes, against the real service."""
