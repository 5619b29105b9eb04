"""Writes bags with the real bagofholding: `write_bags.py DIRECTORY`, files named by 64 hexadecimal digits."""

import pathlib
import sys

import numpy as np
from bagofholding import H5Bag

shared = [1, 2]
values = [
    {"b": [1, 2.5, None, True], "a": (1, "x"), "text": "hé🙂\ufeff", "big": 2**70, "bytes": b"\x00\xff"},
    {1: "one", (2, 3): {"deep": []}},
    np.arange(6, dtype=">i2").reshape(2, 3),
    np.array([[1 + 2j, 3 - 4j]], dtype=np.complex64),
    np.array([True, False]),
    np.array([1.5, -0.0, np.inf, np.nan, 6e-8], dtype=np.float16),
    [np.float64(0.1), np.int64(-3), np.bool_(True), np.float32(1.5), np.uint64(2**63)],
    [shared, shared],
    {"a": np.zeros((0, 3)), "b": {"x" * 300: "y" * 100_000}},
]

for number, value in enumerate(values):
    H5Bag.save(value, pathlib.Path(sys.argv[1]) / f"{number:064x}")
