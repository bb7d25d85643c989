"""`python -m dolmen`."""

from dolmen.cli import main

main()
