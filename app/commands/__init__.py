"""The commands of `hournote`, by subject; `app.cli` puts them together."""
