# Stage 1 builds the front end and installs; stage 2 carries what runs, and nothing else.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY requirements-build.txt ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --target /tools -r requirements-build.txt
COPY bin/build-frontend bin/build-frontend
COPY frontend frontend
RUN PYTHON=/venv/bin/python PYTHONPATH=/tools bin/build-frontend

FROM python:3.11-slim
# A volume takes over the owner of the folder that it is mounted on, where that is in the image.
RUN useradd --create-home --user-group --uid 10001 servery \
 && install --directory --owner=servery --group=servery --mode=0700 /var/lib/servery /var/lib/servery/jobs
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app/frontend/dist frontend/dist
COPY backend backend
# Nobody can write bytecode later: the files are root's, and the root may be read-only.
RUN python -m compileall -q backend
COPY models models
COPY Procfile ./
USER servery
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app/backend PYTHONUNBUFFERED=1 SERVERY_HOST=0.0.0.0 PORT=8000 \
    SERVERY_JOBS=/var/lib/servery/jobs SERVERY_CACHE=/var/lib/servery/cache
EXPOSE 8000
# Docker's own image format has this, OCI's does not: docs/deploy.md says what to probe.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', os.environ['PORT'], timeout=4); c.request('GET', '/readyz'); raise SystemExit(c.getresponse().status != 200)"]
# exec form: gunicorn takes this process's place, so that a stop signal reaches it; a worker of batch
# jobs runs beside it
CMD ["python", "-m", "servery", "serve", "models"]
