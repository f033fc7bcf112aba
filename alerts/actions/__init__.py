"""Every write of the alerts floor: scan → notices → digests → deliveries; what people do with alerts."""

from alerts.actions.delivery import Delivered, resend, send_due, send_test
from alerts.actions.digest import Composed, compose_digests
from alerts.actions.handling import acknowledge, acknowledge_all, urge
from alerts.actions.preferences import OPTIONAL, set_preference
from alerts.actions.rules import Preview, preview, tune_rule
from alerts.actions.scan import Scanned, scan

__all__ = [
    "OPTIONAL",
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
    "set_preference",
    "tune_rule",
    "urge",
]
