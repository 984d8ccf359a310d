"""Our own gunicorn settings for another app: the same workers, threads and keep-alive."""

from servery.servers.gunicorn import (
    accesslog,
    bind,
    control_socket_disable,
    keepalive,
    logconfig_dict,
    pre_fork,
    preload_app,
    threads,
    timeout,
    worker_class,
    worker_tmp_dir,
    workers,
)

__all__ = [
    "accesslog",
    "bind",
    "control_socket_disable",
    "keepalive",
    "logconfig_dict",
    "pre_fork",
    "preload_app",
    "threads",
    "timeout",
    "worker_class",
    "worker_tmp_dir",
    "workers",
]
