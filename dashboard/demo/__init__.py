"""The demo district 云岭区 (handbook §9): invented units, people and projects, lived through by the real actions.

Everything is drawn with a fixed seed and anchored to the day on which it is loaded. Region 990101 does not exist.
"""

PASSWORD = "Yunling@2026"  # noqa: S105 - printed by `make run`; demo accounts exist only where the demo was loaded
SEED = 990101
REGION = "990101"
