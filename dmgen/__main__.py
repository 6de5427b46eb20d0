"""`python -m dmgen`."""

from dmgen.cli import main

if __name__ == "__main__":
    main()
