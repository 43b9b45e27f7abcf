"""What library calls do, as data.

Each table maps a *specification* to the names it holds for, separated by blanks. A specification is a few words: first
the kind of the result, then what the call does besides. A call without further words is pure: it changes nothing,
keeps nothing, and its result is new.

Kinds of result: ``frame series array list dict set scalar str none ...``, or
    ``arg`` the first argument itself · ``part`` a part of the object or of the arguments · ``self`` the object ·
    ``same`` a new value of the object's kind · ``copy`` a new value whose parts are the old parts.
What it does:
    ``mutates`` changes the object · ``mutates0 mutates1 ...`` changes that argument · ``deep`` what they hold, too
    ``stores`` the object keeps the arguments · ``holds`` the result keeps the arguments · ``split`` the results are
    several new values · ``flat`` the result holds nothing but what it keeps · ``consumes`` uses iterators up
    ``reads0 writes0 ensures0`` the file named by that argument · ``shell`` starts a program
    ``draws=KEY`` draws random numbers unless a seed is given · ``fits`` draws if the estimator does
    ``restores=KEY`` a ``with`` block on it puts that state back · ``swallows`` such a block goes on after an error
    ``seeds=KEY`` sets a generator · ``sets=KEY`` changes ambient state · ``sees=KEY`` reads ambient state
    ``overwrites`` changes its arguments when it is told ``copy=False`` · ``hands`` hands them to its functions whole
    ``boxes`` objects in the arguments become elements of the result · ``weak`` the result refers to them weakly
    ``opaque`` a change of the result is one of what it holds
    ``unpickles`` looks up classes and functions by name
    ``varies`` may differ when run again · ``chance`` does so by clocks, random numbers or the process
    ``calls`` calls its function arguments more than once (all are called)
    ``own`` is a command of nb2pipe's own, which a run leaves out
    ``unknown`` like a call of unknown code.

``FUNCTIONS`` is by module; the name may have dots (``DataFrame.from_dict``). ``DEFAULTS`` says what a name that is not
listed does; modules in neither table are unknown. ``METHODS`` and ``METHOD_DEFAULTS`` are by the kind of the object.
"""
