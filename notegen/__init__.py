"""A job and its design become press-ready paper: pure geometry first, ink last."""
