"""What a note is: no input or output, no clock, no globals, no Flask, no SQLAlchemy."""
