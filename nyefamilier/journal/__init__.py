"""The journal: signed, sealed notes, corrected by new versions and never edited."""
