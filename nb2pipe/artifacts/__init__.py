"""Values that steps leave to later steps: content-addressed bundles on disk that keep shared objects and shared memory.

- ``store``: the folder of bundles: written whole or not at all, verified, pruned.
- ``manifest``: what a bundle holds.
- ``saving``: from live values to a bundle.
- ``loading``: from bundles back to live values, big buffers mapped rather than read.
"""
