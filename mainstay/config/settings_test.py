"""Settings of a test run: the checkout's throwaway server, cheap passwords, no pool."""

from __future__ import annotations

import os

from mainstay.foundation.database.testing import throwaway_cluster

os.environ["DATABASE_URL"] = os.environ.get("MAINSTAY_TEST_DATABASE_URL") or throwaway_cluster().address().url()
os.environ["MAINSTAY_ENVIRONMENT"] = "test"
static = throwaway_cluster().root.parent / "test-static"
static.mkdir(parents=True, exist_ok=True)
os.environ["MAINSTAY_STATIC"] = str(static)
os.environ.pop("MAINSTAY_REPLICA_URL", None)

from mainstay.config.settings import *  # noqa: E402, F403 - after the environment it reads is set
from mainstay.config.settings import DATABASES  # noqa: E402 - likewise

SECRET_KEY = "only for tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool", None)  # type: ignore[attr-defined]  # a dictionary of dictionaries
# A disk that everybody uses may stop for a minute, and no test is about that.
DATABASES["default"]["OPTIONS"]["options"] = (  # type: ignore[index]  # likewise
    "-c statement_timeout=300000 -c lock_timeout=60000 -c join_collapse_limit=4"
)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
