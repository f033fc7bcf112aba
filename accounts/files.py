"""Files from outside: checked by content, stored under generated names, handed out as attachments."""

import hashlib
import unicodedata
import uuid
from pathlib import Path

import filetype
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse

from accounts.models import StoredFile, User
from common import clock
from common.errors import DomainError

MAX_BYTES = 20 * 1024 * 1024
ACCEPTED = {  # extension as recognised by content → what a browser is told
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "zip": "application/zip",
}
ACCEPTED_LABEL = "照片（JPG、PNG、WEBP、HEIC）、PDF、Word、Excel、PPT、ZIP"


def store_file(upload: UploadedFile, *, by: User | None) -> StoredFile:
    """Keep an uploaded file. Its type is read from its first bytes, never from its name.

    Raises DomainError (Chinese) for empty, too large (over 20 MB) and unknown content.
    """
    name = display_name(upload.name)
    if not upload.size:
        raise DomainError(f"文件“{name}”是空的，请重新选择。")
    if upload.size > MAX_BYTES:
        raise DomainError(f"文件“{name}”有 {upload.size / 1024 / 1024:.1f} MB，超过 20 MB。请压缩或拆分后再传。")
    content = upload.read()
    kind = filetype.guess(content)
    if kind is None or kind.extension not in ACCEPTED:
        raise DomainError(f"文件“{name}”的内容不是可接受的格式。可以上传：{ACCEPTED_LABEL}。")
    return keep(content, name=name, extension=kind.extension, content_type=ACCEPTED[kind.extension], by=by)


def keep(content: bytes, *, name: str, extension: str, content_type: str, by: User | None) -> StoredFile:
    """Store content that has been checked, under a generated name."""
    stored = StoredFile(
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    stored.file.save(f"{uuid.uuid4().hex}.{extension}", ContentFile(content), save=False)
    stored.save()
    return stored


def display_name(raw: str) -> str:
    """A file name fit to be shown: no path, no control or direction characters, at most 120 characters."""
    name = Path(raw.replace("\\", "/")).name
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip()
    stem, dot, suffix = name.rpartition(".")
    if len(name) > 120:
        name = f"{(stem or name)[:110]}{dot}{suffix[:8]}"
    return name or "未命名文件"


def serve_file(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as a download; photos and PDF may be shown in place. The caller has checked the owner's door."""
    shown = inline and (stored.is_image or stored.content_type == "application/pdf")
    response = FileResponse(
        stored.file.open("rb"), as_attachment=not shown, filename=stored.name, content_type=stored.content_type
    )
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
