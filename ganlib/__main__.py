"""`python -m ganlib`: the same as `ganlib`."""

from ganlib.cli import main

if __name__ == "__main__":
    main()
