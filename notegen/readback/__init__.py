"""How a proof reads notes back: pages as pictures, decoders, and what is said of each note."""
