"""How a server is tuned, by what its data is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Statements and row details hold what patients told us: neither may reach a log file.
_ALWAYS = {
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "jit": "off",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "random_page_cost": "1.1",
    "shared_preload_libraries": "pg_stat_statements",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Server settings; whether the application role may create databases; whether a power cut loses nothing."""

    name: str
    settings: Mapping[str, str]
    creates_databases: bool = False
    is_durable: bool = True


DURABLE = Profile(
    "durable",
    MappingProxyType(
        _ALWAYS
        | {
            "max_connections": "80",
            "shared_buffers": "256MB",
            "effective_cache_size": "1GB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "idle_in_transaction_session_timeout": "10min",
        }
    ),
)
THROWAWAY = Profile(
    "throwaway",
    MappingProxyType(
        _ALWAYS
        | {
            "max_connections": "120",
            "shared_buffers": "128MB",
            "max_wal_size": "1GB",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
        }
    ),
    creates_databases=True,
    is_durable=False,
)
