"""Blueprints and forms, one module a group of screens."""
