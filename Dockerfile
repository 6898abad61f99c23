FROM python:3.12-slim

ENV PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_SERVER_HEADLESS=true

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
COPY geo geo
RUN pip install -c constraints.txt ".[app]"

COPY .streamlit .streamlit
COPY dashboard.py ./

# Where lines of contact are that the operator adds or the server downloads: a volume there outlives the container.
ENV MAPCORE_HOME=/var/lib/mapcore
RUN useradd --create-home --uid 10001 mapcore && install --directory --owner=10001 "$MAPCORE_HOME"
# By its number, so that a host that lets no container run as root can see that it is another.
USER 10001

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s \
    CMD ["python", "-c", "import os, urllib.request as r; base = os.environ.get('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); r.urlopen(f'http://127.0.0.1:8501/{base}/ready' if base else 'http://127.0.0.1:8501/ready', timeout=4)"]

CMD ["streamlit", "run", "dashboard.py", "--server.address=0.0.0.0", "--server.port=8501"]
