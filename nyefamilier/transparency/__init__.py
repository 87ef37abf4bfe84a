"""The access log made evident: its entries are leaves of a Merkle tree whose heads are signed."""
