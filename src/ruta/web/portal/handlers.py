"""What the portal adds to the rooms below when it starts."""

from . import proofing

proofing.install()
