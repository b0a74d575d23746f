"""`python -m hournote` is the command `hournote`."""

from app.cli import main

if __name__ == "__main__":
    main()
