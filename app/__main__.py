"""`python -m app` is `hournote`."""

from app.cli import main

main()
