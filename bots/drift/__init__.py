"""Drift: whether papers, confidences or people's corrections are not what they used to be. Pure functions."""
