"""One step each: what to do with one item. Decisions are pure functions."""
