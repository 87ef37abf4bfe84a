"""A nurse's phone: what she writes is kept, sent and shown, with a network or without one.

The reference client of the sync protocol. It knows the wire and nothing of the server.
"""
