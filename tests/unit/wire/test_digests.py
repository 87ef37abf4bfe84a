"""A body's digest is told and read as RFC 9530 says."""

import pytest

from nyefamilier.wire.digests import content_digest, is_whole, told_digest

# RFC 9530 appendix B.1
BODY = b'{"hello": "world"}\n'
HEADER = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_the_digest_is_that_of_the_standards_own_example():
    assert content_digest(BODY) == HEADER


def test_a_told_digest_is_found_beside_others():
    assert told_digest(f"sha-512=:AAAA:, {HEADER}") == told_digest(HEADER)
    assert is_whole(BODY, told_digest(f"{HEADER}, md5=:AAAA:"))


def test_a_cut_off_body_is_not_whole():
    assert not is_whole(BODY[:-1], told_digest(HEADER))


@pytest.mark.parametrize("header", ["", "sha-256", "sha-256=RK", "sha-256=:RK:", "sha-512=:AA==:"])
def test_what_tells_no_digest_of_ours_is_none(header):
    assert told_digest(header) is None
