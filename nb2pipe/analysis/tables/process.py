"""The process and the interpreter: settings, warnings, logging."""

FUNCTIONS = {
    "socket": {
        "none sets=socket": "setdefaulttimeout",
        "str varies": "gethostname",
        "socket varies": "socket create_connection",
    },
    "warnings": {
        "none sets=warnings": "filterwarnings simplefilter resetwarnings",
        "none": "warn",
        "any restores=warnings": "catch_warnings",
    },
    "logging": {
        "logger": "getLogger",
        "handler": "StreamHandler NullHandler Handler",
        "none sets=logging": "basicConfig disable setLevel addLevelName captureWarnings",
        "none": "debug info warning error critical exception log",
    },
    "logging.config": {"none sets=logging": "dictConfig fileConfig"},
    "locale": {"str sets=locale": "setlocale", "any sees=locale": "getlocale localeconv"},
    "sys": {
        "none": "exit",
        "scalar": "getsizeof getrecursionlimit getdefaultencoding",
        "none sets=recursion": "setrecursionlimit",
        "none sets=switches": "setswitchinterval set_int_max_str_digits",
        "none sets=hooks": "settrace setprofile addaudithook",
    },
    "calendar": {"none sets=calendar": "setfirstweekday"},
    "gc": {"scalar": "collect", "none sets=gc": "enable disable set_threshold"},
    "signal": {"any sets=signals": "signal alarm setitimer siginterrupt"},
    "resource": {"none sets=limits": "setrlimit prlimit"},
    "nb2pipe": {"any own": "panel"},
    "atexit": {"arg sets=atexit": "register", "none sets=atexit": "unregister"},
}

DEFAULTS = {
    "warnings": "none",
    "logging": "any",
    "signal": "any",
    "resource": "any",
}

METHODS = {
    "logger": {
        "none": "debug info warning error critical exception log isEnabledFor",
        "none sets=logging": "setLevel addHandler removeHandler addFilter",
        "logger": "getChild",
    },
    "handler": {
        "none sets=logging": "setFormatter setLevel addFilter removeFilter setStream setTarget",
    },
}

METHOD_DEFAULTS = {
    "logger": "any",
    "handler": "any",
}
