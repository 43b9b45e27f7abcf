"""Idioms of notebooks, each a list of cells that are run as a step of its own."""

# ruff: noqa: E501 - a row is a row

from __future__ import annotations

PLAIN = {
    "numbers": ["a = 3; b = 2.5; c = 'x'; d = None; e = 1j", "print(a, b, c, d, e)"],
    "alias": ["a = [1]; b = a", "b.append(2); print(a, a is b)", "print(a, b, a is b)"],
    "nested alias": ["a = [1]; c = {'x': a}", "a.append(2)", "print(c, c['x'] is a)"],
    "alias made later": ["a = [1]", "c = {'x': a}", "c['x'].append(5)", "print(a, c, c['x'] is a)"],
    "part taken later": ["a = {'in': [1, 2]}", "p = a['in']", "p.append(3)", "print(a, p is a['in'])"],
    "part of part": ["a = {'in': {'deep': [1]}}", "p = a['in']", "q = p['deep']", "q.append(2)", "print(a, p, q)"],
    "alias changed then dropped": ["a = []; d = [a]", "a.append(1); a = None", "print(a, d)"],
    "alias deleted": ["a = []; d = [a]", "a.append(1)\ndel a", "print(d, 'a' in globals())"],
    "popped part": ["a = [[1], [2]]; keep = [a[0]]", "p = a.pop(0)", "p.append(9); print(a, keep, p is keep[0])"],
    "moved between": ["a = [[1]]; b = []", "b.append(a.pop())", "b[0].append(2); print(a, b)"],
    "three holders": ["x = {'n': 0}; p = [x]; q = (x,)", "p[0]['n'] += 1", "q[0]['n'] += 1", "print(x, p, q)"],
    "cycle": ["a = []; a.append(a)", "a.append(1); print(a[0] is a, len(a))", "print(a[0][0][1])"],
    "two in a cycle": ["a = {}; b = {'a': a}; a['b'] = b", "a['n'] = 1", "print(b['a']['n'], a['b'] is b)"],
    "linked list": [
        "n = None\nfor i in range(5000): n = [i, n]",
        "m = n\nk = 0\nwhile m: k += m[0]; m = m[1]\nprint(k)",
    ],
    "shadowed builtin": [
        "id = 7; max = lambda *a: 'mine'",
        "print(id, max(1, 2), min(1, 2))",
        "del id; print(id is not 7)",
    ],
    "deleted": ["x = 1; y = 2", "del x", "try:\n    x\nexcept NameError as e:\n    print(e)\nprint(y)"],
    "rebound": ["x = 1", "x = x + 1", "print(x)"],
    "augmented": ["x = [1]; y = x", "x += [2]", "print(x, y, x is y)"],
    "conditional name": ["x = 1", "try:\n    z\nexcept NameError:\n    z = 5\nprint(z)", "print(z)"],
    "globals()": ["x = 1; y = [2]", "print(sorted(k for k in globals() if len(k) == 1 and k != '_'))"],
    "globals key": ["x = 1", "print(globals()['x']); globals()['y'] = 2", "print(y)"],
    "exec and eval": ["x = 2", "exec('y = x + 1'); print(eval('x + y'))", "print(y)"],
    "star unpacking": ["first, *rest = range(4)", "print(first, rest)"],
    "walrus": ["print((n := 10))", "print(n)"],
    "private name": ["_x = 4; __y = 5", "print(_x, __y)"],
    "f-string": ["x = 3", "print(f'{x:>4} {x!r} {x + 1}')"],
    "unicode name": ["größe = 3", "print(größe)"],
    "loop variable": ["for i in range(3): pass", "print(i)"],
    "in a comprehension": ["k = 3", "print([k * i for i in range(3)], {k: 1}, [x for x in [k]])"],
    "in a class body": ["k = 3", "class A:\n    v = k\n    def m(self): return k + 1\nprint(A.v, A().m())"],
    "global statement": ["n = 0", "def f():\n    global n\n    n += 1\nf(); f()", "f(); print(n)", "print(n)"],
    "global delete in function": ["n = 0\ndef f():\n    global n\n    del n", "f()", "print('n' in globals())"],
    "annotated": ["x: int = 3", "print(x)"],
    "with dunder main": ["x = 3", "import __main__; print(__main__.x)"],
    "frozen and sets": ["s = {1, 2}; f = frozenset(s); t = (s,)", "s.add(3); print(f, t[0] is s, t)"],
    "bytes": ["b = bytearray(b'ab'); m = b", "m += b'c'", "print(b, b is m)"],
    "big bytes": ["b = bytearray(200000); m = b", "m[5] = 1", "print(b[5], b is m, len(b))"],
    "exception kept": ["try:\n    1/0\nexcept ZeroDivisionError as e:\n    err = e", "print(repr(err), type(err))"],
    "own exception": [
        "class E(ValueError):\n    def __init__(self, a, b): super().__init__(a); self.b = b\ne = E(1, 2)",
        "print(e.args, e.b)",
    ],
    "datetime": [
        "import datetime as dt; d = dt.datetime(2024, 1, 2, tzinfo=dt.timezone.utc)",
        "print(d + dt.timedelta(1))",
    ],
    "decimal": ["from decimal import Decimal; d = Decimal('1.10')", "print(d + 1, Decimal(3))"],
    "path": ["from pathlib import Path; p = Path('a') / 'b'", "print(p, Path('c'))"],
    "regex": ["import re; r = re.compile('a+')", "print(r.match('aaa'), re.sub('a', 'b', 'a'))"],
    "module alias": ["import os.path as osp, collections.abc", "print(osp.join('a', 'b'), collections.abc.Sized)"],
    "submodule": ["import xml.etree.ElementTree as ET, xml.dom", "print(ET.fromstring('<a/>').tag, xml.dom)"],
    "from import": ["from math import sqrt, pi as PI", "print(sqrt(4), PI)"],
    "module in a list": ["import math; ms = [math]", "print(ms[0] is math, math.pi)"],
    "sentinel": ["MISSING = object(); d = {'a': MISSING}", "print(d['a'] is MISSING)"],
    "ellipsis": ["e = ...; n = NotImplemented; t = type(None)", "print(e is ..., n is NotImplemented, t)"],
    "shell line": ["name = 'abc'", "!echo $name {name.upper()}"],
    "shell to list": ["n = 2", "files = !printf 'a\\nb\\n'", "print(list(files), n)"],
    "capture": ["n = 2", "%%capture out\nprint('hidden', n)", "print(out.stdout)"],
    "time": ["n = 2", "%%capture spent\n%time m = n + 1", "print(m)"],
    "who": ["alpha = 1; beta = 2", "%who"],
    "locals": ["alpha = 1", "print('alpha' in locals(), 'alpha' in vars(), 'alpha' in dir())"],
    "string keys": ["alpha = 1", "d = {'alpha': 2}; print(d['alpha'])"],
}

FUNCTIONS = {
    "function": ["k = 2\ndef f(x): return x * k", "print(f(3)); k = 5", "print(f(3))"],
    "function calls function": [
        "def a(): return b() + 1\ndef b(): return 1",
        "print(a())",
        "def b(): return 10",
        "print(a())",
    ],
    "closure": [
        "def mk():\n    n = 0\n    def inc():\n        nonlocal n\n        n += 1\n        return n\n    return inc\ninc = mk(); inc()",
        "print(inc())",
        "print(inc())",
    ],
    "closures over one cell": [
        "def mk():\n    n = 0\n    def inc():\n        nonlocal n; n += 1\n    def get(): return n\n    return inc, get\ninc, get = mk()",
        "inc(); print(get())",
        "inc(); print(get())",
    ],
    "recursive": ["def fact(n): return 1 if n < 2 else n * fact(n - 1)", "print(fact(5))"],
    "recursive inner": [
        "def mk():\n    def f(n): return 0 if n == 0 else 1 + f(n - 1)\n    return f\nf = mk()",
        "print(f(4))",
    ],
    "lambda in dict": ["k = 2; d = {'f': lambda x: x * k}", "print(d['f'](4))"],
    "default argument": ["def f(x, acc=[]):\n    acc.append(x); return acc\nf(1)", "print(f(2))", "print(f(3))"],
    "function attribute": ["def f(): f.calls += 1\nf.calls = 0; f()", "f()", "print(f.calls)"],
    "decorated": [
        "import functools\ndef twice(g):\n    @functools.wraps(g)\n    def w(*a): return 2 * g(*a)\n    return w\n@twice\ndef f(x): return x + 1",
        "print(f(3), f.__name__, f.__wrapped__(3))",
    ],
    "partial": ["from functools import partial\ndef f(a, b): return a - b\np = partial(f, b=1)", "print(p(5))"],
    "lru_cache": [
        "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef f(n): return n if n < 2 else f(n - 1) + f(n - 2)",
        "print(f(30))",
        "print(f(31), f.__name__)",
    ],
    "cache decorator": ["import functools\n@functools.cache\ndef f(n): return n * 2", "print(f(4))"],
    "bound method": [
        "class A:\n    def __init__(self): self.n = 0\n    def inc(self): self.n += 1\na = A(); m = a.inc",
        "m(); m(); print(a.n)",
        "m(); print(a.n)",
    ],
    "generator function": ["def g():\n    yield from range(3)", "print(list(g()))"],
    "defaultdict": [
        "from collections import defaultdict\nd = defaultdict(lambda: [0]); d['a'].append(1)",
        "d['b'].append(2); print(dict(d))",
        "print(d['c'])",
    ],
    "source of function": ["def f(x):\n    # a comment\n    return x", "import inspect; print(inspect.getsource(f))"],
    "keyword only": ["def f(*, a, b=2, **k): return a, b, k", "print(f(a=1, z=3))"],
    "annotations": ["def f(a: int, b: 'str' = '') -> float: ...", "print(f.__annotations__)"],
    "singledispatch": [
        "from functools import singledispatch\n@singledispatch\ndef f(x): return 'any'\n@f.register\ndef _(x: int): return 'int'",
        "print(f(1), f('a'))",
    ],
    "property and static": [
        "class A:\n    @property\n    def p(self): return 1\n    @staticmethod\n    def s(): return 2\n    @classmethod\n    def c(cls): return cls.__name__",
        "print(A().p, A.s(), A.c())",
    ],
    "async function": ["import asyncio\nasync def f(): return 3", "print(await f())"],
    "operator": [
        "import operator; g = operator.itemgetter(1); a = operator.attrgetter('real')",
        "print(g([1, 2]), a(3))",
    ],
    "weak reference": ["import weakref\nclass A: pass\na = A(); r = weakref.ref(a)", "print(r() is a)"],
    "weak dictionary": [
        "import weakref\nclass A: pass\na = A(); w = weakref.WeakValueDictionary(); w['a'] = a",
        "print(w['a'] is a, len(w))",
    ],
}

CLASSES = {
    "class": ["class A:\n    def f(self): return 1\na = A()", "print(type(a) is A, isinstance(a, A), a.f())"],
    "class of later step": [
        "class A: pass",
        "a = A()",
        "b = A()",
        "print(type(a) is A, type(a) is type(b), isinstance(b, A))",
    ],
    "subclass later": [
        "class A:\n    def who(self): return 'A'",
        "class B(A):\n    def who(self): return 'B' + super().who()\nb = B()",
        "print(b.who(), isinstance(b, A), B.__mro__[1] is A)",
    ],
    "class counter": [
        "class A:\n    n = 0\n    def __init__(self): A.n += 1\na = A()",
        "b = A()",
        "c = A(); print(A.n, type(a).n)",
    ],
    "class changed": ["class A:\n    x = 1\na = A()", "A.x = 2", "print(a.x, A.x)"],
    "method replaced": ["class A:\n    def f(self): return 1\na = A()", "A.f = lambda self: 2", "print(a.f())"],
    "class redefined": [
        "class A:\n    v = 1\na = A()",
        "class A:\n    v = 2\nb = A()",
        "print(a.v, b.v, isinstance(a, A), isinstance(b, A))",
    ],
    "dataclass": [
        "from dataclasses import dataclass, field, replace\n@dataclass(order=True)\nclass P:\n    x: int\n    y: list = field(default_factory=list)\np = P(1)",
        "p.y.append(2); print(p, replace(p, x=5) > p, P(1, [2]) == p)",
    ],
    "frozen slots": [
        "from dataclasses import dataclass\n@dataclass(frozen=True, slots=True)\nclass P:\n    x: int\np = P(1)",
        "print(p, hash(p) == hash(P(1)), p == P(1))",
    ],
    "namedtuple": [
        "from collections import namedtuple\nP = namedtuple('P', 'x y'); p = P(1, 2)",
        "print(p, p.x, type(p) is P, p._replace(x=3))",
    ],
    "typed namedtuple": [
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int = 2\np = P(1)",
        "print(p, p == P(1), type(p) is P)",
    ],
    "enum": [
        "from enum import Enum, IntFlag\nclass C(Enum):\n    R = 1\n    G = 2\nc = C.R",
        "print(c is C.R, C['G'], list(C), {C.R: 1}[c])",
    ],
    "enum by auto": [
        "from enum import Enum, auto\nclass C(Enum):\n    A = auto()\n    B = auto()\n    def low(self): return self.name.lower()",
        "print(C.B.value, C.B.low(), C(1))",
    ],
    "abstract": [
        "from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def f(self): ...\nclass B(A):\n    def f(self): return 1\nb = B()",
        "try:\n    A()\nexcept TypeError as e:\n    print('abstract')\nprint(b.f(), isinstance(b, A))",
    ],
    "metaclass": [
        "class M(type):\n    def __call__(cls, *a):\n        cls.made = getattr(cls, 'made', 0) + 1\n        return super().__call__(*a)\nclass A(metaclass=M): pass\nA();",
        "A(); print(A.made, type(A) is M)",
    ],
    "singleton": [
        "class S:\n    _it = None\n    def __new__(cls):\n        cls._it = cls._it or super().__new__(cls)\n        return cls._it\ns = S()",
        "print(S() is s)",
    ],
    "slots": ["class A:\n    __slots__ = ('x',)\na = A(); a.x = 1", "print(a.x)", "a.x = 2", "print(a.x)"],
    "own reduce": [
        "class A:\n    def __init__(self, n): self.n = n\n    def __reduce__(self): return (A, (self.n + 1,))\na = [A(1)]",
        "print('ran')",
    ],
    "state hooks": [
        "class A:\n    def __init__(self): self.n = 1; self.f = open('/dev/null')\n    def __getstate__(self): return {'n': self.n}\n    def __setstate__(self, s): self.n = s['n']; self.f = None\na = A()",
        "print(a.n)",
    ],
    "class in a class": [
        "class A:\n    class B:\n        v = 1\nb = A.B()",
        "print(type(b) is A.B, type(b).__qualname__)",
    ],
    "local class": [
        "def mk(n):\n    class C:\n        v = n\n    return C\nX = mk(1); Y = mk(2); x = X()",
        "print(X.v, Y.v, type(x) is X, X is Y)",
    ],
    "registry": [
        "R = {}\ndef reg(c):\n    R[c.__name__] = c\n    return c\n@reg\nclass A: pass",
        "@reg\nclass B: pass",
        "print(sorted(R), R['A'] is A, R['B'] is B)",
    ],
    "instances changed apart": [
        "class A:\n    def __init__(self): self.v = 0\na = A(); b = A()",
        "a.v = 1",
        "b.v = 2",
        "print(a.v, b.v, type(a) is type(b))",
    ],
    "generic": [
        "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass Box(Generic[T]):\n    def __init__(self, v): self.v = v\nb = Box[int](3)",
        "print(b.v, Box[str])",
    ],
    "protocol": [
        "from typing import Protocol, runtime_checkable\n@runtime_checkable\nclass P(Protocol):\n    def f(self): ...\nclass A:\n    def f(self): ...",
        "print(isinstance(A(), P))",
    ],
    "typed dict": [
        "from typing import TypedDict\nclass D(TypedDict):\n    a: int\nd: D = {'a': 1}",
        "print(d, D.__annotations__)",
    ],
    "dict subclass": [
        "class D(dict):\n    def __missing__(self, k): return k\nd = D(a=1)",
        "print(d['a'], d['b'], type(d) is D)",
    ],
    "callable object": [
        "class F:\n    def __init__(self): self.n = 0\n    def __call__(self): self.n += 1; return self.n\nf = F(); f()",
        "print(f())",
        "print(f())",
    ],
    "property cache": [
        "from functools import cached_property\nclass A:\n    @cached_property\n    def p(self): return [1]\na = A()",
        "a.p.append(2)",
        "print(a.p)",
    ],
    "counter": [
        "from collections import Counter, deque, OrderedDict, ChainMap\nc = Counter('aab'); d = deque([1], maxlen=2); m = ChainMap({}, {'k': 1})",
        "d.append(2); d.append(3); print(c, d, m['k'])",
    ],
    "simple namespace": ["from types import SimpleNamespace\ns = SimpleNamespace(a=[1])", "s.a.append(2)", "print(s)"],
}

ITERATORS = {
    "list iterator": ["l = [1, 2, 3]; it = iter(l); next(it)", "print(next(it))", "l.append(4); print(list(it))"],
    "zip": ["z = zip([1, 2, 3], 'abc'); next(z)", "print(next(z))", "print(list(z))"],
    "enumerate": ["e = enumerate('abc'); next(e)", "print(next(e))", "print(list(e))"],
    "map and filter": [
        "m = map(lambda x: x * 2, [1, 2, 3]); next(m); f = filter(None, [0, 1, 2])",
        "print(next(m), next(f))",
    ],
    "itertools": [
        "import itertools; c = itertools.count(5); next(c); k = itertools.cycle('ab'); next(k)",
        "print(next(c), next(k))",
    ],
    "range iterator": ["r = iter(range(5)); next(r)", "print(next(r))", "print(list(r))"],
    "dict iterator": ["d = {'a': 1, 'b': 2}; it = iter(d.items()); next(it)", "print(next(it))"],
    "reversed": ["r = reversed([1, 2, 3]); next(r)", "print(list(r))"],
    "string io": ["import io; s = io.StringIO('a\\nb\\nc'); s.readline()", "print(s.readline())", "print(s.read())"],
    "csv reader over list": ["import csv; rows = list(csv.reader(['a,b', '1,2']))", "print(rows)"],
}

ARRAYS = {
    "array": ["import numpy as np; a = np.arange(5)", "a[0] = 9; print(a)", "print(a)"],
    "big array": [
        "import numpy as np; a = np.arange(100000)",
        "a[5] = -1; print(a[:6])",
        "print(a[:6], a.flags.writeable)",
    ],
    "big array read": ["import numpy as np; a = np.arange(100000.)", "print(a.sum())", "print(a.mean())"],
    "view": [
        "import numpy as np; a = np.arange(100000); v = a[10:20]",
        "v[0] = -5; print(a[10])",
        "a[11] = -6; print(v[:3])",
    ],
    "view made later": [
        "import numpy as np; a = np.arange(100000)",
        "v = a[10:20]",
        "v[0] = -5; print(a[10])",
        "print(a[10], v[0])",
    ],
    "small view": ["import numpy as np; a = np.arange(10); v = a[2:5]", "v[0] = -5; print(a)", "a[3] = -6; print(v)"],
    "small view made later": [
        "import numpy as np; a = np.arange(10)",
        "v = a[2:5]",
        "v[0] = -5; print(a)",
        "print(a, v)",
    ],
    "view of a view": [
        "import numpy as np; a = np.zeros((4, 4)); b = a[1:]; c = b.T",
        "c[0, 0] = 7; print(a[1, 0])",
        "print(a, np.shares_memory(a, c))",
    ],
    "row views": [
        "import numpy as np; a = np.zeros((3, 3)); rows = [r for r in a]",
        "rows[1][:] = 2; print(a)",
        "print(a, rows[1])",
    ],
    "read only": [
        "import numpy as np; a = np.arange(3); a.flags.writeable = False; b = np.arange(100000); b.flags.writeable = False",
        "print(a.flags.writeable, b.flags.writeable)",
    ],
    "fortran": [
        "import numpy as np; a = np.asfortranarray(np.ones((300, 300)))",
        "print(a.flags.f_contiguous, a.flags.c_contiguous, a.sum())",
    ],
    "strided": [
        "import numpy as np; a = np.arange(100000)[::2]; b = a[::-1]",
        "print(a.strides, b.strides, b[:3], a.sum())",
    ],
    "structured": [
        "import numpy as np; a = np.zeros(3, dtype=[('x', 'i4'), ('y', 'f8')]); a['x'] = 1",
        "a['y'] = 2; print(a)",
        "print(a)",
    ],
    "objects": [
        "import numpy as np; a = np.array([1, 'a', None, [1]], dtype=object); l = a[3]",
        "l.append(2); print(a)",
        "print(a, a[3] is l)",
    ],
    "datetime64": [
        "import numpy as np; a = np.arange('2024-01-01', '2024-01-05', dtype='M8[D]'); b = np.zeros(20000, 'M8[ns]')",
        "print(a[1:], b[0])",
    ],
    "strings": ["import numpy as np; a = np.array(['ab', 'c']); b = np.array(['x'] * 30000)", "print(a, b[:2])"],
    "zero size": [
        "import numpy as np; a = np.zeros((0, 3)); b = np.array(5); c = np.float32(2)",
        "print(a.shape, b, b.ndim, repr(c))",
    ],
    "masked": [
        "import numpy as np; a = np.ma.array([1, 2, 3], mask=[0, 1, 0])",
        "a[0] = np.ma.masked; print(a)",
        "print(a)",
    ],
    "matrix and record": [
        "import numpy as np; r = np.rec.array([(1, 2.)], dtype=[('a', int), ('b', float)])",
        "print(r.a, r.b)",
    ],
    "generator": [
        "import numpy as np; g = np.random.default_rng(0); g.random()",
        "print(g.random())",
        "print(g.random())",
    ],
    "random state": [
        "import numpy as np; g = np.random.RandomState(0); g.rand()",
        "print(g.rand())",
        "print(g.rand())",
    ],
    "broadcast": ["import numpy as np; b = np.broadcast_to(np.arange(3), (4, 3))", "print(b.strides, b)"],
    "memory shared in a dict": [
        "import numpy as np; a = np.zeros(20000); d = {'all': a, 'head': a[:5]}",
        "d['head'][0] = 3; print(d['all'][0])",
        "print(d['all'][0], d['head'][0])",
    ],
    "ufunc": ["import numpy as np; g = np.add; d = {'f': np.sin}", "print(g(1, 2), d['f'](0))"],
    "sum is exact": [
        "import numpy as np; a = np.random.default_rng(1).random((500, 333)).T",
        "print(repr(a.sum()), repr(a.sum(0)[3]), repr((a @ a.T).sum()))",
    ],
}

FRAMES = {
    "frame": [
        "import pandas as pd; df = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
        "df['c'] = df.a * 2; print(df)",
        "print(df.dtypes)",
    ],
    "frame in place": [
        "import pandas as pd; df = pd.DataFrame({'a': [3, 1, 2]}); same = df",
        "df.sort_values('a', inplace=True); print(same)",
        "print(df, same is df)",
    ],
    "big frame": [
        "import pandas as pd, numpy as np; df = pd.DataFrame(np.arange(60000.).reshape(-1, 3), columns=list('abc'))",
        "df.loc[0, 'a'] = -1; print(df.iloc[0])",
        "print(df.iloc[0], df.shape)",
    ],
    "big frame read": [
        "import pandas as pd, numpy as np; df = pd.DataFrame(np.arange(60000.).reshape(-1, 3), columns=list('abc'))",
        "print(df.describe())",
        "print(df.sum())",
    ],
    "column": [
        "import pandas as pd; df = pd.DataFrame({'a': range(3)}); s = df['a']",
        "s.iloc[0] = 9; print(df.a.tolist(), s.tolist())",
        "print(df.a.tolist(), s.tolist())",
    ],
    "lazy copies": [
        "import pandas as pd, numpy as np; df = pd.DataFrame({'a': np.arange(50000)}); d2 = df.copy(deep=False); d3 = df[:]",
        "d2.iloc[0, 0] = 5; print(df.iloc[0, 0], d2.iloc[0, 0], d3.iloc[0, 0])",
        "df.iloc[0, 0] = 6; print(df.iloc[0, 0], d2.iloc[0, 0], d3.iloc[0, 0])",
    ],
    "query": [
        "import pandas as pd; df = pd.DataFrame({'a': [1, 2, 3]}); limit = 1",
        "print(df.query('a > @limit'))",
        "print(df.eval('a + @limit').tolist())",
    ],
    "categorical": [
        "import pandas as pd; c = pd.Categorical(['a', 'b', 'a'], ordered=True); df = pd.DataFrame({'c': c})",
        "df['c'] = df.c.cat.rename_categories(['x', 'y']); print(df, df.c.cat.categories)",
        "print(df.dtypes)",
    ],
    "multiindex": [
        "import pandas as pd; df = pd.DataFrame({'v': range(4)}, index=pd.MultiIndex.from_product([['a', 'b'], [1, 2]], names=['k', 'n']))",
        "print(df.loc['b'], df.index.names)",
    ],
    "datetimes": [
        "import pandas as pd; df = pd.DataFrame({'t': pd.date_range('2024-01-01', periods=20000, freq='h', tz='Europe/Berlin')}).set_index('t'); df['v'] = 1",
        "print(df.index.freq, df.resample('D').sum().head(2))",
    ],
    "strings": [
        "import pandas as pd; s = pd.Series(['a', None, 'b'], dtype='string'); t = pd.Series(['x', 'y'])",
        "print(s.str.upper().tolist(), s.dtype, t.dtype)",
    ],
    "nullable": [
        "import pandas as pd; s = pd.Series([1, None, 3], dtype='Int64'); b = pd.Series([True, None], dtype='boolean')",
        "s.iloc[0] = 7; print(s.tolist(), b.dtype)",
        "print(s.sum())",
    ],
    "sparse": [
        "import pandas as pd, numpy as np; s = pd.arrays.SparseArray([0, 0, 1]); df = pd.DataFrame({'s': s})",
        "print(df.dtypes, df.s.sum())",
    ],
    "interval and period": [
        "import pandas as pd; i = pd.interval_range(0, 3); p = pd.period_range('2024-01', periods=2, freq='M')",
        "print(i, p)",
    ],
    "arrow": [
        "import pandas as pd, pyarrow as pa; s = pd.Series([1, 2], dtype='int64[pyarrow]'); t = pa.table({'a': [1, 2]})",
        "print(s.sum(), t.to_pydict(), s.dtype)",
    ],
    "group by": [
        "import pandas as pd; df = pd.DataFrame({'g': list('aab'), 'v': [1, 2, 3]}); g = df.groupby('g')",
        "print(g.v.sum())",
    ],
    "attrs and names": [
        "import pandas as pd; df = pd.DataFrame({'a': [1]}); df.attrs['note'] = 'n'; df.index.name = 'i'; df.columns.name = 'c'",
        "print(df.attrs, df.index.name, df.columns.name)",
    ],
    "frames in a dict": [
        "import pandas as pd; d = {k: pd.DataFrame({'a': [i]}) for i, k in enumerate('xy')}; x = d['x']",
        "x.loc[0, 'a'] = 10; print(d['x'].a.tolist())",
        "print(d['x'] is x, d['x'].a.tolist())",
    ],
    "frame of objects": [
        "import pandas as pd; l = [1]; df = pd.DataFrame({'o': [l, {'k': 1}]})",
        "df.o.iloc[0].append(2); print(l)",
        "print(df, df.o.iloc[0] is l)",
    ],
    "array of a frame": [
        "import pandas as pd, numpy as np; a = np.zeros((20000, 2)); df = pd.DataFrame(a)",
        "a[0, 0] = 5; print(df.iloc[0, 0], a[0, 0])",
    ],
    "accessor read": [
        "import pandas as pd; s = pd.Series(['a', 'b'])",
        "print(s.str.len().tolist())",
        "print(s.str.upper().tolist())",
    ],
    "subclass": [
        "import pandas as pd\nclass F(pd.DataFrame):\n    @property\n    def _constructor(self): return F\n    def total(self): return int(self.a.sum())\nf = F({'a': [1, 2]})",
        "print(f.total(), type(f).__name__, type(f[f.a > 1]).__name__)",
    ],
}

MODELS = {
    "estimator": [
        "from sklearn.linear_model import LinearRegression; m = LinearRegression().fit([[0], [1], [2]], [1, 3, 5])",
        "print(m.predict([[3]]).round(6), m)",
    ],
    "own estimator": [
        "from sklearn.base import BaseEstimator, TransformerMixin\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import LinearRegression\nclass Add(BaseEstimator, TransformerMixin):\n    def __init__(self, n=1): self.n = n\n    def fit(self, X, y=None): return self\n    def transform(self, X): return [[v + self.n for v in r] for r in X]\npipe = make_pipeline(Add(2), LinearRegression())",
        "pipe.fit([[0], [1]], [1, 2]); print(pipe)",
        "print(pipe.predict([[5]]).round(6), isinstance(pipe[0], Add))",
    ],
    "part of a pipeline": [
        "from sklearn.linear_model import Ridge\nfrom sklearn.pipeline import Pipeline\nclf = Ridge(); pipe = Pipeline([('clf', clf)])",
        "clf.set_params(alpha=3.0)",
        "print(pipe.named_steps['clf'].alpha, pipe.named_steps['clf'] is clf)",
    ],
    "forest": [
        "from sklearn.ensemble import RandomForestRegressor; import numpy as np; r = np.random.default_rng(0); X = r.random((60, 3)); y = X.sum(1); m = RandomForestRegressor(5, random_state=0)",
        "m.fit(X, y)",
        "print(m.predict(X[:2]).round(8))",
    ],
    "figure": [
        "import matplotlib.pyplot as plt; fig, ax = plt.subplots(); ax.plot([1, 2], [3, 4], label='l'); plt.close(fig)",
        "ax.set_title('t'); print(len(ax.lines), ax.figure is fig)",
        "print(ax.get_title(), fig.axes[0] is ax, ax.lines[0].get_label())",
    ],
}

IDIOMS = {**PLAIN, **FUNCTIONS, **CLASSES, **ITERATORS, **ARRAYS, **FRAMES, **MODELS}
