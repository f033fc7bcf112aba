"""Pages of the alerts floor."""
