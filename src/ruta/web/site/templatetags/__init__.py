"""Template tags: `{% load site %}`."""
