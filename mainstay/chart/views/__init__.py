"""The pages of a chart."""
