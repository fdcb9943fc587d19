"""Rendered messages kept beside the tests, for a reviewer to paste into Block Kit Builder.

TIPFACTS_SNAPSHOTS=write writes them anew; read what changed before it is committed.
"""

import inspect
import json
import os
from pathlib import Path


def matches(name: str, rendered: object) -> None:
    """Compare what was rendered with the snapshot of this name, in `snapshots` beside the test that asks."""
    text = rendered if isinstance(rendered, str) else json.dumps(rendered, ensure_ascii=False, indent=2)
    path = Path(inspect.stack()[1].filename).parent / "snapshots" / name
    if os.environ.get("TIPFACTS_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == f"{text}\n", f"{name}: see snapshots.py"
