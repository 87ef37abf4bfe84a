"""What phone and server say to each other, and what both must work out alike.

Nothing here knows a database or a screen: the server, the reference client and an integrator's own
client may all use it.
"""
