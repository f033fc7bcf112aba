"""Every write of the alerts floor: scan → notices → digests → deliveries; what people do with alerts."""

from alerts.actions.delivery import Delivered, resend, send_due, send_test
from alerts.actions.digest import Composed, compose_digests
from alerts.actions.handling import acknowledge, acknowledge_all
from alerts.actions.rules import Preview, preview, tune_rule
from alerts.actions.scan import Scanned, scan

__all__ = [
    "Composed",
    "Delivered",
    "Preview",
    "Scanned",
    "acknowledge",
    "acknowledge_all",
    "compose_digests",
    "preview",
    "resend",
    "scan",
    "send_due",
    "send_test",
    "tune_rule",
]
