"""What the directory says, at the command line."""

from tests.commands.conftest import Office
