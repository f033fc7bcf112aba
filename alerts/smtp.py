"""Django's SMTP backend over a connection that cannot hold a mail beyond its lease; in rehearsals it may be stopped at
the two moments that only SMTP knows."""

import smtplib
import socket
from contextlib import suppress
from threading import Timer
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp

from common.failpoints import failpoint

END_OF_MAIL = b"\r\n.\r\n"


class EmailBackend(smtp.EmailBackend):
    """As Django's, with connections that are cut in time, and those of rehearsals where settings.TESTING says so."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        if self.use_ssl:
            return _TimedSSL
        return _Rehearsed if settings.TESTING else _Timed


class _Timed(smtplib.SMTP):
    """The timeout of a socket begins anew with every byte: a server that trickles would hold a mail until another
    process takes it over and sends it too. A sender begins no mail in the second half of its lease; this ends it."""

    def sendmail(self, *args: Any, **kwargs: Any) -> Any:
        """Raises SMTPServerDisconnected when half a lease is over."""
        watch = Timer(settings.MAIL_LEASE_SECONDS / 2, self._cut)
        watch.daemon = True
        watch.start()
        try:
            return super().sendmail(*args, **kwargs)
        finally:
            watch.cancel()

    def _cut(self) -> None:
        with suppress(OSError, AttributeError):  # closed meanwhile
            self.sock.shutdown(socket.SHUT_RDWR)


class _TimedSSL(_Timed, smtplib.SMTP_SSL):
    pass


class _Rehearsed(_Timed):
    def data(self, msg: Any) -> Any:
        failpoint("mail.rcpt_accepted")
        return super().data(msg)

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes) and s.endswith(END_OF_MAIL):
            failpoint("mail.data_sent")
