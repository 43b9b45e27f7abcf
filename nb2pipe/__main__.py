"""``python -m nb2pipe``."""

from nb2pipe.cli.program import program

if __name__ == "__main__":
    program()
