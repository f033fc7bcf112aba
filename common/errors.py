"""Errors that are part of the domain: expected, explained in Chinese, shown once (common.middleware)."""


class DomainError(Exception):
    """A refusal with a reason. `message` is for people (Chinese); `code` for programs; `status` for HTTP."""

    status = 422
    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class NotAllowed(DomainError):
    """The person may see this but not do that."""

    status = 403
    code = "not_allowed"


class StaleVersion(DomainError):
    """Somebody saved this record after the person opened it (decisions §4: nothing is overwritten)."""

    status = 409
    code = "stale"

    def __init__(self, record: object, message: str = "这条记录刚被他人修改过，您的内容还没有保存。") -> None:
        super().__init__(message)
        self.record = record
