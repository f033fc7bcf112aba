"""Floors of import and delivery: the bare libraries in one script."""

import smtplib
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO

from python_calamine import CalamineWorkbook

from accounts.models import Unit
from common import clock
from projects.models import Project


def load_list(content: bytes, unit: Unit) -> int:
    """Read a sheet and insert its rows, believing everything it says. Returns how many."""
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    now = clock.now()
    projects = [
        Project(
            number=f"F-{number:05d}", name=str(row[1]), name_key=str(row[1]), stage="planning", stage_since=now.date(),
            lead_unit=unit, total_investment=Decimal(str(row[3])), content=str(row[4]), created_at=now, updated_at=now,
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    return len(Project.objects.bulk_create(projects, batch_size=500))


def send(port: int, count: int) -> None:
    """`count` small mails over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            message = EmailMessage()
            message["From"], message["To"] = "bench@example.test", f"p{number}@example.test"
            message["Subject"] = "今日待办"
            message.set_content("正文" * 200)
            server.send_message(message)
