"""`python -m servery` and the command `servery`: quiet if stopped while it still loads."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    try:
        from servery.cli import main as commands

        commands()
    except KeyboardInterrupt:
        print("Aborted!", file=sys.stderr)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
