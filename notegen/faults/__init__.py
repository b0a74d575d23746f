"""Faults of a design's art that can be seen only by looking at it, each rule in a file of its own."""
