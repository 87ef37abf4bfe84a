"""The phones' protocol over HTTP."""
