"""How gunicorn runs the web application (its configuration file).

The access log is off: paths and addresses are patients' business. Requests are logged by the access log of
the application itself. Threads share one process's connection pool.
"""

import os

from mainstay.config.installation import SUPERVISED
from mainstay.config.supervisor import end_with_parent

bind = os.environ.get("MAINSTAY_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("MAINSTAY_WEB_PROCESSES", "2"))
threads = int(os.environ.get("MAINSTAY_WEB_THREADS", "8"))
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 15
accesslog = None
errorlog = "-"
loglevel = "warning"
limit_request_line = 8190
forwarded_allow_ips = os.environ.get("MAINSTAY_PROXIES", "127.0.0.1")
proc_name = "mainstay-web"
control_socket_disable = True


def on_starting(server) -> None:  # type: ignore[no-untyped-def]
    """Called by gunicorn in its main process before anything else."""
    if os.environ.get(SUPERVISED):
        end_with_parent()
