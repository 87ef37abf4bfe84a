"""What gunicorn is told beside its command line; it looks for a file of this name by itself."""

import gunicorn.http.wsgi

# A visitor need not know what serves her. gunicorn has no setting for it.
gunicorn.http.wsgi.SERVER = "nye-familier"

accesslog = None
"""Its access log would hold paths; ours holds the routes."""

limit_request_line = 2000
limit_request_fields = 60
