# syntax=docker/dockerfile:1
# 栋梁. Three stages: front-end files from npm, Python wheels, and a slim runtime without compilers or node.

FROM node:24-bookworm-slim AS vendor
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json assets.toml ./
COPY common/assets.py common/assets.py
# the same code as `manage.py vendor`, which needs nothing but the standard library
RUN python3 -c "from pathlib import Path; from common import assets; assets.install(Path('.').resolve(), Path('build/vendor').resolve())"

FROM python:3.11-slim-bookworm AS wheels
WORKDIR /wheels
COPY requirements.txt ./
RUN pip wheel --no-cache-dir --require-hashes --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim-bookworm AS runtime
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DONGLIANG_NO_VENV=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    STATIC_ROOT=/srv/static VAR_DIR=/srv/var MEDIA_ROOT=/srv/files \
    HOST=0.0.0.0 PORT=8000
# pango draws PDF, Noto holds the Chinese characters
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk tini tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin dongliang \
    && install -d -o dongliang -g dongliang /srv /srv/static /srv/var /srv/files
COPY --from=wheels /wheels /wheels
RUN pip install --no-cache-dir --no-index --no-deps /wheels/*.whl && rm -rf /wheels
WORKDIR /app
COPY . .
COPY --from=vendor /app/build/vendor build/vendor
RUN python -m compileall -q -x '/(tests|bench)/' .
USER dongliang
# collectstatic reads no secret: the values below exist for this one command
RUN SECRET_KEY=build-only-build-only-build-only-build-only-1234 ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=sqlite:////srv/var/build.sqlite3 REDIS_URL=redis://build.invalid EMAIL_URL=smtp://build.invalid \
    BASE_URL=http://build.invalid python manage.py collectstatic --noinput --verbosity 0
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s --retries=3 CMD ["python", "ops/healthcheck.py"]
ENTRYPOINT ["tini", "--"]
CMD ["gunicorn", "-c", "ops/gunicorn.conf.py", "config.wsgi"]
