"""The WSGI entry point."""

from api.app import create_app
from config.logging import configure_logging
from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap

configure_logging()
programme = bootstrap(read_settings())
programme.require_own_keys()
app = create_app(programme)
