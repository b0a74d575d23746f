"""Artwork: the art of a design in the form that its designer has, turned into one PDF page in the colours of the press."""
