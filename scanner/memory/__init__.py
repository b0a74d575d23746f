"""What a desk remembers and owes: its journal, what it knows of the notes, its clock, and what it tells the service."""
