"""`python -m erp2pim`."""

import sys

from erp2pim.cli import main

if __name__ == "__main__":
    sys.exit(main())
