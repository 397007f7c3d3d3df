"""A local stand-in for the public APIs of the messengers; it imports nothing of the product."""
