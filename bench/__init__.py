"""`make bench`: what the product costs above the bare work, as ratios on one machine in one run."""
