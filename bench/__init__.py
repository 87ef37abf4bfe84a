"""What is measured; see each module."""
