"""The one way a list leaves as a workbook: exactly what is shown, streamed, with a note of who took it and a trace."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse

from accounts import audit
from common import clock
from common.excel.aliases import Column
from common.excel.writer import Row, stream_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(
    request: HttpRequest,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    title: str,
    chosen: str = "",
    notes: Sequence[str] = (),
    heading: str = "",
) -> StreamingHttpResponse:
    """`rows` as an .xlsx of constant memory; `chosen` are the filters in words,
    `heading` the first line of the sheet. The trail keeps who took what."""
    now = clock.now()
    by = request.user
    told = [f"导出时间：{now:%Y-%m-%d %H:%M}，导出人：{by.display_name}", f"筛选条件：{chosen or '无'}", *notes]
    heading = heading or f"{title}（{now:%Y-%m-%d}）"
    audit.record(by=by, action=f"导出{title}", subject=by, reason="；".join(told[1:]))
    pieces = stream_table(columns, rows, title=heading, notes=told, sheet=title)
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}{now:%Y%m%d-%H%M}.xlsx')}"
    response["Cache-Control"] = "private, no-store"
    return response


def columns_of(*told: str) -> list[Column]:
    """Columns by their headers; `节点:date` names how its cells look."""
    parts = [text.partition(":") for text in told]
    return [Column(str(index), label, (), kind or "text") for index, (label, _, kind) in enumerate(parts)]
