"""{% control field %}: a form field's widget in the look of the house, tied to its help and its errors."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def kind(field: BoundField) -> str:
    """checkbox | choices (radios or checkboxes) | file | hidden | plain — which markup components/_field.html uses."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "hidden" if field.is_hidden else "plain"


@register.filter
def is_wide(field: BoundField) -> bool:
    """Whether the field takes both columns: text areas, choices, and widgets with the attribute `data-wide`."""
    widget = field.field.widget
    return isinstance(widget, forms.Textarea | forms.CheckboxSelectMultiple) or "data-wide" in widget.attrs


@register.filter
def anchor(field: BoundField) -> str:
    """The id to jump to: the control, or the fieldset round several of them."""
    return field.id_for_label or f"{field.auto_id}_field"


@register.filter
def is_broken(form: forms.BaseForm) -> bool:
    """Whether a hidden field is wrong, which nobody can mend by typing."""
    return any(field.errors for field in form.hidden_fields())


@register.simple_tag
def control(field: BoundField, css: str = "") -> SafeString:
    """The widget with class, `aria-invalid` and `aria-describedby`; attributes set on the widget win."""
    widget = field.field.widget
    given = widget.attrs.get("class", "")
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        base = ""
    else:
        base = "select" if isinstance(widget, forms.Select) and not widget.allow_multiple_selected else "input"
    attrs = {"class": " ".join(filter(None, [base, css, given]))}
    described = []
    if field.help_text:
        described.append(f"{field.auto_id}_help")
    if field.errors:
        attrs["aria-invalid"] = "true"
        described.insert(0, f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)
