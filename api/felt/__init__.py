"""The field app at ``/felt/``: its files as they lie in `fieldapp`, the list of them, its texts."""
