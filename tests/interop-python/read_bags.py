"""Reads what fleche wrote with the real bagofholding and h5py: `read_bags.py DIRECTORY` prints what each file holds.

Every file of the directory is a bag. Prints JSON: file name -> value, with what JSON lacks as {"type": ..., ...}.
"""

import json
import pathlib
import sys

import h5py
import numpy as np
from bagofholding import H5Bag


def shown(value):
    if isinstance(value, np.ndarray):
        elements = value.ravel()
        if np.iscomplexobj(elements):
            elements = np.stack([elements.real, elements.imag], axis=-1).ravel()
        return {
            "type": "ndarray",
            "dtype": str(value.dtype),
            "shape": list(value.shape),
            "elements": [repr(element) if isinstance(element, float) else int(element) for element in elements.tolist()],
        }
    if isinstance(value, dict):
        return {"type": "dict", "items": [[shown(key), shown(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return {"type": type(value).__name__, "items": [shown(item) for item in value]}
    if isinstance(value, (bytes, bytearray)):
        return {"type": type(value).__name__, "hex": value.hex()}
    if value is None or isinstance(value, bool):
        return value
    if type(value) in (int, float):
        return {"type": type(value).__name__, "repr": repr(value)}
    if isinstance(value, str):
        return {"type": "str", "units": value.encode("utf-16-le", "surrogatepass").hex()}
    raise TypeError(f"unexpected {type(value)}")


def names(path):
    """All objects of the file, as h5py sees them."""
    found = []
    with h5py.File(path, "r") as file:
        file.visit(found.append)
    return found


def main():
    result = {}
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        result[path.name] = {"value": shown(H5Bag(path).load()), "names": names(path)}
    # Loaded once more for what JSON cannot show: that shared objects are one.
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        value = H5Bag(path).load()
        if isinstance(value, dict) and list(value) == ["first", "second"]:
            result[path.name]["same"] = value["first"] is value["second"]
    print(json.dumps(result))


main()
