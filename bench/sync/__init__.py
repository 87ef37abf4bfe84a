"""Phones that push and pull: ours beside Kinto, a server of the CouchDB protocol, and the limit."""
