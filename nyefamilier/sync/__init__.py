"""The phones' doorway into the programme: push, pull, devices, and what each phone holds."""
