"""Properties are tried on few examples and without a deadline: the machine may be busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("bots", deadline=None, max_examples=60)
settings.load_profile("bots")
