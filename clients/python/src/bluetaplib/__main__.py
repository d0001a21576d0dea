"""python3 -m bluetaplib: sends one command to a device. docs/reference/cli.md has its options, JSON and exit codes."""

import sys

from .cli import main

sys.exit(main(sys.argv[1:]))
