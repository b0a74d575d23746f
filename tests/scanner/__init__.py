"""The scanner, with real parts: real pictures, a real server, the real command."""
