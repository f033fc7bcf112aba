"""python -m tests.rig.ledger: what the product's own books say."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from alerts.ledger import balance

    told = balance()
    sys.stdout.write(f"{told} holds={told.holds}\n")
