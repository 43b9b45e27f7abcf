"""Every use-case of nb2pipe, one function each; the command line, the Python API and the server call these.

They return values and raise ``Nb2pipeError``; none of them prints.
"""
