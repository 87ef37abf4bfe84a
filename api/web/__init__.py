"""The pages for nurses, leads, planners and privacy officers: forms in, intents to the one door."""
