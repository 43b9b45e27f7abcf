"""What runs inside a step's kernel: names come in as they are asked for, what the step did is observed, results go out.

The worker sends ``begin`` before the first cell, ``setup_done`` before the step's own first cell and ``finish`` after
the last one, as silent requests.
"""

from nb2pipe.execution.session.control import begin, finish, parameters_done, setup_done

__all__ = ["begin", "finish", "parameters_done", "setup_done"]
