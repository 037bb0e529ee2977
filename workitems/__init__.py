"""The nouns that the bots hand to each other, and the queue that carries them."""
