"""The address of an object, as Python writes it: another in every process."""

import re

ADDRESS = re.compile(r" at 0x[0-9a-f]{4,}")
