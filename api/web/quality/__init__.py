"""The pages of figures and quality for leads and planners."""
