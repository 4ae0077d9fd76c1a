"""Wrote the .npy and .npz files beside it, with NumPy 2.4.6: python3 write_golden_files.py DIRECTORY"""
import sys

import numpy as np

directory = sys.argv[1]
counts = np.arange(6).reshape(2, 3)


def save(name, array):
    np.save(f"{directory}/{name}.npy", array, allow_pickle=True)


for order, prefix in (("<", ""), (">", "b")):
    for kind in ("f4", "f8"):
        save(prefix + kind, (counts * 0.1).astype(order + kind))
    for kind in ("i4", "i8"):
        save(prefix + kind, (counts - 2**20).astype(order + kind))
save("b1", counts % 2 == 1)
save("fortran", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
save("scalar", np.float64(0.1))
save("empty", np.zeros((0, 3), np.float32))
save("special", np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324]))
for version in (2, 3):
    with open(f"{directory}/version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, np.float32([1, 2, 3]) / 3, version=(version, 0))
save("objects", np.array([{}, 1], dtype=object))
save("records", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
save("half", np.zeros(2, np.float16))
arrays = dict(
    observations=(np.arange(8).reshape(4, 2) / 3).astype(np.float32),
    terminals=np.array([False, False, False, True]),
    steps=np.arange(3),
)
np.savez(f"{directory}/plain.npz", **arrays)
np.savez_compressed(f"{directory}/compressed.npz", **arrays)
