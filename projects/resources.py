"""The list as django-import-export sees it: the columns shown, in their order, for exactly the filtered rows."""

from collections.abc import Iterator
from typing import Any

from import_export import fields, resources

from common.excel.aliases import Column as ExcelColumn
from projects.columns import REGISTRY, Column, ListContext
from projects.selectors.list import Query


class ListField(fields.Field):
    """A field that asks the list's own column."""

    def __init__(self, column: Column, context: ListContext) -> None:
        super().__init__(column_name=column.label, readonly=True)
        self.column, self.context = column, context

    def export(self, instance: Any, **kwargs: Any) -> Any:
        return self.column.export(instance, self.context)


class ProjectListResource(resources.Resource):
    """Exports what a query shows. Amounts are in 万元 whatever the page shows."""

    def __init__(self, query: Query) -> None:
        super().__init__()
        self.query = query
        self.columns = with_companions(query.columns)
        self.fields = {column.code: ListField(column, query.context) for column in self.columns}

    def get_export_order(self) -> list[str]:
        return list(self.fields)

    def headers(self) -> list[ExcelColumn]:
        """The columns for the writer of workbooks."""
        return [ExcelColumn(column.code, column.label, (), column.kind) for column in self.columns]

    def lines(self) -> Iterator[list[Any]]:
        """The filtered rows, one after the other, however many there are."""
        for project in self.query.ordered().iterator(chunk_size=500):
            yield self.export_resource(project)


def with_companions(columns: list[Column]) -> list[Column]:
    """The columns shown, each followed by those whose values its cell shows in small print."""
    shown = {column.code for column in columns}
    whole = []
    for column in columns:
        whole += [column, *(REGISTRY.columns[code] for code in column.also if code not in shown)]
    return whole
