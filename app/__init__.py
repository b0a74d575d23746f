"""Hournote: the service, and the authority on what a note is."""
