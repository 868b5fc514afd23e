"""The web application, as gunicorn loads it.

What was loaded stays: the collector need not look through it again at every few hundred objects of a page.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
application = get_wsgi_application()
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
