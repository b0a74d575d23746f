"""What the directory says, at the command line."""
