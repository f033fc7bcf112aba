"""Ways out of the house. E-mail always; push messages (企业微信、钉钉、飞书) by Apprise where switched on.

A channel opens, sends one outbox row, closes. What it raises is judged by alerts.actions.delivery: OSError and
SMTPException are tried again, what `is_permanent` names is given up.
"""

import smtplib
from email.charset import BASE64, Charset
from hashlib import sha256
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from alerts.choices import Channel
from alerts.models import Mail

UTF8 = Charset("utf-8")
UTF8.body_encoding = BASE64  # Chinese text takes half the room that it takes as quoted-printable


class Way(Protocol):
    """What delivery needs of a channel. `open` raises OSError when it cannot be used at all."""

    def open(self) -> Any: ...
    def send(self, mail: Mail) -> None: ...
    def close(self) -> None: ...


class Email:
    """Django's mail backend over one connection."""

    def __init__(self) -> None:
        self._server = get_connection()

    def open(self) -> None:
        self._server.open()

    def send(self, mail: Mail) -> None:
        """Raises what smtplib raises, ValueError for an address that cannot be written."""
        self._server.send_messages([message(mail)])

    def close(self) -> None:
        self._server.close()


class Push:
    """Apprise: the subject and the plain text to the person's own address (wecombot://…, dingtalk://…, feishu://…)."""

    def open(self) -> None:
        """Imported here: the library is installed only where it is wanted (requirements-push.txt)."""
        try:
            import apprise
        except ImportError as error:
            raise OSError("没有安装 apprise，见 requirements-push.txt") from error
        self._apprise = apprise

    def send(self, mail: Mail) -> None:
        """Raises ValueError for an address that is not allowed, OSError when the service does not take it."""
        target = self._apprise.Apprise()
        if not push_allowed(mail.address) or not target.add(mail.address):
            raise ValueError("推送地址不可用")
        if not target.notify(title=mail.subject, body=mail.text):
            raise OSError("推送服务没有接收")

    def close(self) -> None:
        """Nothing is kept open."""


WAYS: dict[Channel, type[Way]] = {Channel.EMAIL: Email, Channel.PUSH: Push}


def enabled() -> list[Channel]:
    """The channels that this site uses."""
    return [Channel.EMAIL, *([Channel.PUSH] if settings.PUSH_SCHEMES else [])]


def push_allowed(address: str) -> bool:
    """Whether the site allows this kind of address: nothing may be sent elsewhere than to the named services."""
    return address.partition("://")[0] in settings.PUSH_SCHEMES


class _Letter(EmailMultiAlternatives):
    encoding = UTF8

    def message(self, **options: Any) -> Any:
        """With a boundary that follows from the Message-ID, so that the text need not be searched for a free one."""
        made = super().message(**options)
        made.set_boundary(f"=={sha256(self.extra_headers['Message-ID'].encode()).hexdigest()[:32]}==")
        return made


def message(mail: Mail) -> EmailMultiAlternatives:
    """The row as an e-mail: the same Message-ID for ever."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    made = _Letter(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.address], headers=headers)
    made.attach_alternative(mail.html, "text/html")
    return made


def refuses_recipient(error: Exception) -> bool:
    """Whether the server refused this very recipient for good: somebody must correct the address."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _ in error.recipients.values()
    )
