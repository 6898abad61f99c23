"""Run the command line with ``python -m mapcore``."""

import sys

from mapcore.cli.main import main

sys.exit(main())
