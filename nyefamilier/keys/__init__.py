"""Key-encryption keys: what lies under which version, and how it is brought to the newest."""
