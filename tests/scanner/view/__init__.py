"""What a volunteer sees and presses."""
