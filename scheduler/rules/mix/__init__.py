"""The mix of a remote day: which lessons are calls and which work on one's own. Pure: no database, no clock.

`problem` says what may be, `objective` what it is worth, `greedy` and `solver` look for the best, `moving` says what
one lesson moved by hand breaks. It changes no times and no order; a norm is a ceiling, never a target.
"""
