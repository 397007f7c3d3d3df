"""Ways to join a lesson, one file each, and the choice between them."""
