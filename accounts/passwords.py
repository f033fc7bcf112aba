"""Password rules of the 等保 profile that Django does not bring, or not in Chinese (reliability §1)."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError


class LengthValidator(MinimumLengthValidator):
    """Long enough, said in Chinese (Django's sentence is not translated)."""

    def get_error_message(self) -> str:
        return f"密码太短，至少 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        return f"密码至少 {self.min_length} 个字符。"


class CharacterClassesValidator:
    """At least three of: capital letters, small letters, digits, signs."""

    message = "密码须包含大写字母、小写字母、数字、符号中的至少三类。"

    def validate(self, password: str, user=None) -> None:
        classes = [
            any(c.isupper() for c in password),
            any(c.islower() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if sum(classes) < 3:
            raise ValidationError(self.message, code="password_classes")

    def get_help_text(self) -> str:
        return self.message
