#!/bin/sh
# What `make check` runs: every check, all of them, and a failing exit code when any failed.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=""

try() {
    title=$1
    shift
    printf '%s\n' "— $title"
    "$@" || failed="$failed $title"
}

production() {
    env DJANGO_SETTINGS_MODULE=config.settings.prod \
        SECRET_KEY=check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ \
        ALLOWED_HOSTS=dongliang.example.test DATABASE_URL=postgres://nobody@127.0.0.1/none \
        REDIS_URL=redis://127.0.0.1/0 EMAIL_URL=smtp://127.0.0.1:25 BASE_URL=https://dongliang.example.test \
        python manage.py check --deploy --fail-level WARNING --verbosity 0
}

# Types where a mistake is silent: money, time, codes, dates, what writes, what computes. The list only grows.
TYPED="common/clock.py common/codes.py common/dates.py common/db.py common/errors.py common/fields.py common/lights.py
    common/money.py common/periods.py common/proxy.py common/supervisor.py common/text.py common/workdays.py common/excel
    accounts/roles.py projects/lifecycle.py projects/scheduling.py projects/actions/people.py
    projects/actions/progress.py projects/actions/project.py projects/actions/stage.py alerts/rules ops/stack.py"

try "ruff" ruff check .
try "ruff format" ruff format --check --quiet .
try "djlint" djlint templates --lint --quiet
try "楼层" lint-imports
# shellcheck disable=SC2086
try "mypy" mypy $TYPED
try "迁移" env DJANGO_SETTINGS_MODULE=config.settings.test python manage.py makemigrations --check --dry-run
try "生产配置" production

if [ -n "$failed" ]; then
    printf '没有通过：%s\n' "$failed"
    exit 1
fi
printf '%s\n' "全部通过。"
