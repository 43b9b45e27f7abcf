"""``python -m nb2pipe``."""

from nb2pipe.cli.main import main

if __name__ == "__main__":
    main()
