"""The review desk: a web application on 127.0.0.1 for the person who decides what the bots doubt.

It holds no rules: it shows doubts, takes answers, and puts the item back into its queue, where the same bots run again.
"""
