"""`python -m notegen`."""

if __name__ == "__main__":  # processes of the press load this module too, and need no commands
    from notegen.cli import main

    main(prog_name="notegen")
