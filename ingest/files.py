"""Lists as uploaded: accepted by content, kept under generated names, read back unchanged or not at all."""

import hashlib

from django.core.files.uploadedfile import UploadedFile

from accounts.files import display_name, keep
from accounts.models import StoredFile, User
from common.excel import gate
from common.excel.gate import FileRefused

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
}


def take(upload: UploadedFile) -> tuple[bytes, str, str]:
    """(content, name to show, kind) of an upload. Raises FileRefused: one Chinese sentence."""
    name = display_name(upload.name or "")
    if upload.size and upload.size > gate.MAX_BYTES:  # judged before it is read
        raise FileRefused("文件超过 10 MB：请删除图片或不需要的工作表后再上传。")
    content = upload.read()
    return content, name, gate.check(content, name)


def store_list(content: bytes, *, name: str, kind: str, by: User | None) -> StoredFile:
    """Keep a list that passed the gate."""
    return keep(content, name=name, extension=kind, content_type=CONTENT_TYPES[kind], by=by)


def content_of(stored: StoredFile) -> bytes:
    """The bytes of a stored list. Raises FileRefused when they are no longer those that were uploaded."""
    try:
        with stored.file.open("rb") as handle:
            content = handle.read()
    except FileNotFoundError:
        raise FileRefused("上传的文件已不在服务器上，请重新上传。") from None
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise FileRefused("服务器上的文件与上传时不一致，为安全起见不再使用，请重新上传。")
    return content
