"""Command line, one file per command; each file has ``register(app)``."""

import os

# OpenBLAS starts a thread for each core when numpy is imported, and each of them waits for work at
# full load for some 50 ms. The matrices of all commands are too small to be shared.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
