"""`python -m servery`: the same as the command `servery`."""

from servery.cli import main

if __name__ == "__main__":
    main()
