"""Write ``hve1.json``: the known answers of the sealed format HVE v1, good and bad.

``python -m tests.vectors.make_hve1`` rewrites the file; with ``--check`` it says by its exit code
whether the file is what it would write. It imports nothing of the programme.

Sources: docs/sealed-format.md; the shape of the file is Project Wycheproof's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.vectors.hve1_cases import Case, cases

FILE = Path(__file__).with_name("hve1.json")

FLAGS = {
    "Valid": "opens, and gives the plaintext",
    "BitFlip": "one bit changed; every byte is authenticated",
    "Truncated": "bytes are missing",
    "Extended": "bytes were added",
    "WrongTenant": "sealed in another deployment",
    "WrongTable": "sealed to another table",
    "WrongColumn": "sealed to another column",
    "WrongRecord": "sealed to another record of the family",
    "WrongFamily": "sealed to another family",
    "WrongSchema": "sealed under another schema of its contents",
    "ShiftedNames": "names that run together to the same letters",
    "RolledBackVersion": "sealed to another version of the row",
    "WrongKey": "sealed under another data key",
    "OtherDekVer": "names another data key, or another version of it",
    "PadNonZero": "the padding carries something",
    "LengthLie": "the length inside does not fit what is there",
    "WrongBucket": "padded to a length that its contents do not have",
    "UnknownFormat": "another magic or format version, honestly sealed",
    "UnknownSuite": "another suite, honestly sealed",
    "UnknownFlags": "other flags, honestly sealed",
    "WrongCommitment": "the commitment is not that of the key, the message is",
    "Salamander": "one message that AES-GCM opens under two keys, to two texts",
}


def described(number: int, case: Case) -> dict[str, Any]:
    return {
        "tcId": number,
        "comment": case.comment,
        "flags": list(case.flags),
        "key": case.key.hex(),
        "dek_id": str(case.dek_id),
        "ver": case.ver,
        "ctx": {
            "tenant": case.place.tenant,
            "table": case.place.table,
            "column": case.place.column,
            "record_id": str(case.place.record_id),
            "family_id": str(case.place.family_id),
            # As text: a row version can be more than a JSON number holds in JavaScript.
            "row_version": str(case.place.row_version),
            "schema": case.place.schema,
        },
        "blob": case.blob.hex(),
        "plaintext": "" if case.plaintext is None else case.plaintext.hex(),
        "result": "invalid" if case.plaintext is None else "valid",
    }


def document() -> str:
    tests = [described(number, case) for number, case in enumerate(cases(), start=1)]
    whole = {
        "algorithm": "HVE v1 (C2SP chunked-encryption@v1, SHA-512, AES-256-GCM)",
        "generatorVersion": "1",
        "numberOfTests": len(tests),
        "header": ["Made by tests/vectors/make_hve1.py. All people and words are made up."],
        "notes": FLAGS,
        "testGroups": [{"type": "SealedCellTest", "tests": tests}],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` say by the exit code whether it is as it should be."""
    if arguments == ["--check"]:
        return 0 if FILE.read_text(encoding="utf-8") == document() else 1
    FILE.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
