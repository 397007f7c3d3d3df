"""A local stand-in for the messengers' public HTTP APIs (MAX and VK): the demo's messenger and the tests' double.

A separate WSGI application with an environment of its own; it imports nothing of the product, nor the product of it.
"""
