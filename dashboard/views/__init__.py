"""Boards and doors of the top floor."""
