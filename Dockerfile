# The service in a container: the wheel that a release has, run by a user who owns nothing.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY setup.cfg pyproject.toml README.md LICENSE wsgi.py hournote.py ./
COPY docs/guides docs/guides
COPY app app
COPY notegen notegen
COPY scanner scanner
COPY designs designs
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
# libgl1, libglib2.0-0: OpenCV; libzbar0: the proof's second decoder; postgresql-client: backups
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 libzbar0 postgresql-client \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(ls /wheels/*.whl)[postgres]" \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin hournote \
 && install -d -o hournote -g hournote -m 0700 /var/lib/hournote /var/lib/hournote/jobs /backups
ENV HOURNOTE_INSTANCE=/var/lib/hournote PYTHONUNBUFFERED=1
USER 10001
WORKDIR /var/lib/hournote
EXPOSE 8000
ENTRYPOINT ["hournote"]
CMD ["serve", "--host", "127.0.0.1", "--port", "8000"]
