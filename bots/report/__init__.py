"""The day's report: what was posted, what waits and why, how long it took, how much needed no person."""
