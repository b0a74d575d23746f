"""Benchmarks that a person can run; `results` keeps what they printed last."""
