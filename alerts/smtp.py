"""Django's SMTP backend; in rehearsals its connection may be stopped at the two moments that only SMTP knows."""

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp

from common.failpoints import failpoint

END_OF_MAIL = b"\r\n.\r\n"


class EmailBackend(smtp.EmailBackend):
    """As Django's, with the connection of rehearsals where settings.TESTING says so."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Rehearsed if settings.TESTING and not self.use_ssl else super().connection_class


class _Rehearsed(smtplib.SMTP):
    def data(self, msg: Any) -> Any:
        failpoint("mail.rcpt_accepted")
        return super().data(msg)

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes) and s.endswith(END_OF_MAIL):
            failpoint("mail.data_sent")
