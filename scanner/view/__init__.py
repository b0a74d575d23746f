"""What a volunteer sees, hears and presses: pure tables and rectangles first, ink and sound last."""
