# 栋梁 · everything that starts, tests and packages the product. `make help` lists the commands; README explains them.
# Two of them do all the set-up on a machine with Python 3.11 or newer: `make run` and `make test`.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
SIZE ?= default
export PORT SIZE
unexport PYTHONDONTWRITEBYTECODE  # compiled files are kept: every process starts a third faster

VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
NODE := $(VENV)/.node
VENDOR := build/vendor/VERSIONS.json
REQUIREMENTS := requirements.txt requirements-dev.txt

.DEFAULT_GOAL := help
.PHONY: help setup run test wide e2e rig bench check stack clean vendor-or-warn

help: ## 列出全部命令
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(INSTALLED) vendor-or-warn ## 准备：虚拟环境、依赖、前端文件、数据库、演示数据
	@$(PY) manage.py prepare --demo

run: setup ## 启动（SQLite、无需其他服务），PORT=8000
	@exec $(PY) manage.py serve

test: $(INSTALLED) vendor-or-warn ## 单元与页面测试；DATABASE_URL=… 时在该数据库上运行
	$(PY) -m pytest tests -m "not e2e and not rig and not wide" -n $(WORKERS) -rs

wide: $(INSTALLED) vendor-or-warn ## 逐页、逐链接、逐数核对（几分钟）：多种角色走遍全站
	$(PY) -m pytest tests -m wide -n $(WORKERS) -rs

e2e: $(INSTALLED) $(VENDOR) ## 浏览器测试（需要 Chromium；PostgreSQL、Redis 供 make stack 的部分使用）
	$(PY) -m pytest tests -m e2e -rs

rig: $(INSTALLED) vendor-or-warn ## 故障与并发演练（需要 PostgreSQL、Redis），SIZE=short 为短版，结果写入 build/rig.json
	$(PY) -m pytest tests -m rig -rs

bench: $(INSTALLED) vendor-or-warn ## 性能对比，结果写入 build/bench.json，SIZE=full 为完整版
	$(PY) -m bench

check: $(INSTALLED) vendor-or-warn ## 静态检查：格式、类型、楼层、迁移、生产配置
	@sh ops/check.sh

stack: $(INSTALLED) $(VENDOR) ## 不用 Docker 启动生产进程（需要 PostgreSQL、Redis），PORT=8000
	@exec $(PY) -m ops.stack

clean: ## 删除可重新生成的文件；数据（var/）保留
	rm -rf build staticfiles .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# --- what the commands above stand on ---------------------------------------------------------------------------

$(INSTALLED): $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新版本，现在是 " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes $(addprefix -r ,$(REQUIREMENTS))
	@touch $@

# npm of the machine, else the one that a Python package carries.
$(NODE): requirements-build.txt $(INSTALLED)
	command -v npm >/dev/null 2>&1 || $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
	@touch $@

$(VENDOR): package-lock.json assets.toml $(NODE)
	$(PY) manage.py vendor
	@touch $@

# Pages work plainly without the third-party front-end files, so a machine that cannot reach npm still gets on.
vendor-or-warn: $(INSTALLED)
	@$(MAKE) --no-print-directory $(VENDOR) || echo "注意：前端第三方文件没有装上，页面以基础样式显示。能上网时执行 make $(VENDOR)，或用 manage.py vendor --from-archive。"
