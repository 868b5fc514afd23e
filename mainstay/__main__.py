"""`python -m mainstay VERB …`."""

import sys

from mainstay.config.commandline import main

sys.exit(main())
