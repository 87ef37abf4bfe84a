"""Files for a spreadsheet hold nothing that it would run."""

import pytest

from api.web.sheets import csv_file


@pytest.mark.parametrize("risky", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_might_run_is_guarded(app, risky):
    with app.test_request_context():
        body = csv_file("x", [[risky]]).get_data().decode("utf-8-sig")

    assert body.strip('"\r\n').startswith("'")
