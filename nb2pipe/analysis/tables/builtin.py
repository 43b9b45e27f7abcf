"""Built-in functions, and methods of built-in kinds."""

FUNCTIONS = {
    "builtins": {
        "scalar": """abs all any ascii bin bool bytes callable chr complex divmod float format hash hasattr help hex id
            int isinstance issubclass len object oct ord pow round slice type""",
        "str": "repr str",
        "scalar consumes": "all any sum",
        "part consumes": "max min",
        "copy consumes list flat": "list sorted",
        "tuple copy consumes flat": "tuple",
        "set copy consumes flat": "set frozenset",
        "dict copy consumes flat": "dict",
        "array": "bytearray",
        "iterator holds consumes flat": "map filter zip enumerate iter reversed aiter",
        "scalar flat": "range",
        "part mutates0": "next anext",
        "none": "print display breakpoint exit quit",
        "scalar varies": "input",
        "none mutates0 stores0": "setattr",
        "none mutates0": "delattr",
        "part": "getattr vars memoryview",
        "file varies": "open",
        "self": "super",
        "function": "property staticmethod classmethod",
        "module varies": "__import__",
        "ipython": "get_ipython",
        **{
            "exception holds flat": "BaseException Exception ArithmeticError AssertionError AttributeError EOFError "
            "FileExistsError FileNotFoundError ImportError IndexError "
            "KeyError KeyboardInterrupt LookupError MemoryError"
            "ModuleNotFoundError NameError NotImplementedError OSError OverflowError PermissionError RecursionError "
            "RuntimeError StopIteration SystemExit TimeoutError TypeError UnicodeDecodeError ValueError "
            "ZeroDivisionError Warning UserWarning DeprecationWarning FutureWarning RuntimeWarning"
        },
    }
}

DEFAULTS = {"builtins": "any holds"}

METHODS = {
    "scalar": {
        "scalar": """bit_length conjugate as_integer_ratio is_integer to_bytes from_bytes hex real imag isoformat
            strftime timestamp date time timetuple weekday isoweekday isocalendar replace astimezone total_seconds
            toordinal utcoffset dst tzname quantize sqrt ln log10 to_integral_value is_nan normalize item
            to_pydatetime day_name month_name floor ceil tz_localize tz_convert to_period to_timestamp"""
    },
    "str": {
        "str": """capitalize casefold center expandtabs format format_map join ljust lower lstrip removeprefix
            removesuffix replace rjust rstrip strip swapcase title translate upper zfill decode encode""",
        "scalar": """count endswith find index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric
            isprintable isspace istitle isupper rfind rindex startswith""",
        "list flat": "split rsplit splitlines partition rpartition",
    },
    "list": {
        "none mutates stores": "append extend insert appendleft extendleft",
        "none mutates": "remove sort reverse clear rotate",
        "part mutates": "pop popleft",
        "copy": "copy",
        "scalar": "index count",
    },
    "tuple": {"scalar": "index count"},
    "dict": {
        "part": "get",
        "view": "items keys values",
        "part mutates": "pop popitem",
        "part mutates stores": "setdefault",
        "none mutates stores": "update",
        "none mutates": "clear subtract move_to_end",
        "copy": "copy new_child",
        "list": "most_common",
        "iterator": "elements",
        "scalar": "total",
    },
    "set": {
        "none mutates stores": "add update",
        "none mutates": """discard remove clear intersection_update difference_update symmetric_difference_update""",
        "part mutates": "pop",
        "copy": "copy union intersection difference symmetric_difference",
        "scalar": "issubset issuperset isdisjoint",
    },
    "iterator": {"part mutates": "send throw close __next__ next"},
    "file": {
        "str mutates": "read readline",
        "list mutates flat": "readlines",
        "scalar mutates": "write seek truncate",
        "scalar": "tell fileno readable writable seekable isatty",
        "none mutates consumes": "writelines",
        "none mutates": "close flush",
    },
    "buffer": {
        "str mutates": "read readline read1",
        "list mutates flat": "readlines",
        "scalar mutates": "write seek truncate",
        "scalar": "tell readable writable seekable getvalue",
        "part": "getbuffer",
        "none mutates consumes": "writelines",
        "none mutates": "close flush",
    },
    "exception": {"self mutates": "with_traceback add_note"},
}

METHOD_DEFAULTS = {"scalar": "scalar", "str": "str"}
