# One recipe for every service:
#   docker build --build-arg SERVICE=mcp-catalyst-center --build-arg COMMAND="mcp-serve catalyst-center" .
#   docker build --build-arg SERVICE=mcp-rest-api-proxy --build-arg COMMAND=mcp-rest-api-proxy .
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
ARG SERVICE
WORKDIR /src
COPY requirements.lock requirements.override ./
# uv and the build backend come out of the lock too: nothing unpinned takes part.
RUN python -m venv /build \
 && sed -n '/^uv==/,/[^\\]$/p' requirements.lock > /tmp/uv.lock \
 && /build/bin/pip install --quiet --no-cache-dir --no-deps --require-hashes -r /tmp/uv.lock \
 && /build/bin/uv pip install --quiet --python /build/bin/python --constraint requirements.lock hatchling editables
COPY mcp-common-app mcp-common-app
COPY ${SERVICE} ${SERVICE}
# Compiled here: the user it runs as may write nothing there, and would compile everything at every start.
RUN for member in mcp-common-app "${SERVICE}"; do \
      /build/bin/uv build --quiet --wheel --no-build-isolation --python /build/bin/python --out-dir /wheels "$member" || exit 1; \
    done \
 && python -m venv --without-pip /app \
 && /build/bin/uv pip install --quiet --no-cache --compile-bytecode --python /app/bin/python \
      --constraint requirements.lock --override requirements.override /wheels/*.whl

FROM ${PYTHON}
ARG COMMAND
# regopy, the policy engine in process, is linked against libatomic.
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin mcp \
 && mkdir -p /var/lib/mcp && chown mcp /var/lib/mcp
COPY --from=build /app /app
RUN printf '#!/bin/sh\nexec /app/bin/%s\n' "${COMMAND}" > /app/start && chmod +x /app/start
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 AUDIT_FILE=/var/lib/mcp/audit.jsonl \
    FASTMCP_CHECK_FOR_UPDATES=off
USER 10001
WORKDIR /var/lib/mcp
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
ENTRYPOINT ["/app/start"]
