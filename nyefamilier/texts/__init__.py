"""Texts to parents: written in the transaction of what they tell, checked when they are sent."""
