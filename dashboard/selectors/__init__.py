"""Reads of the boards. They compose what the floors beneath say and state no rule of their own."""
