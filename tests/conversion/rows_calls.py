"""Rows about functions and classes of the notebook: followed where they are called."""

from tests.conversion.rows import Row

CALLS = [
    Row(
        "globals of a function count where it is called",
        "--- step:a\ndef f():\n    return k\n--- step:b\nk = 1\n--- step:c\nprint(f())",
        "a>c b>c",
    ),
    Row("a function that is not called reads nothing", "--- step:a\nk = 1\n--- step:b\ndef f():\n    return k\n", ""),
    Row(
        "helpers of helpers",
        "--- step:a\nk = 1\n--- step:b\ndef g():\n    return k\ndef f():\n    return g()\n--- step:c\nprint(f())",
        "a>c b>c",
    ),
    Row(
        "a function passed along is called",
        "--- step:a\nk = 1\n--- step:b\ndef f(v):\n    return v + k\n--- step:c\nprint(list(map(f, [1])))",
        "a>c b>c",
    ),
    Row(
        "a function in a container is called",
        "--- step:a\nk = 1\n--- step:b\nsteps = {'f': lambda v: v + k}\n--- step:c\nprint(steps['f'](1))",
        "a>c b>c",
    ),
    Row(
        "a partial is called",
        "--- step:a\nk = 1\n--- step:b\nfrom functools import partial\ndef f(a, b):\n    return a + b + k\ng = partial(f, 1)\n--- step:c\nprint(g(2))",
        "a>c b>c",
    ),
    Row(
        "sort keys are called",
        "--- step:a\norder = {'a': 1}\n--- step:b\nxs = ['a']\n--- step:c\nprint(sorted(xs, key=lambda v: order[v]))",
        "a>c b>c",
    ),
    Row(
        "closures remember",
        "--- step:a\nitems = []\n--- step:b\ndef maker(target):\n    def add(v):\n        target.append(v)\n    return add\nadd = maker(items)\n"
        "--- step:c\nadd(1)\n--- step:d\nprint(items)",
        "a>b b>c c>d",
    ),
    Row(
        "a method reads a global",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    def run(self, v):\n        return v * S\n--- step:c\nprint(A().run(2))",
        "a>c b>c",
    ),
    Row(
        "a method of an instance from another step",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    def run(self, v):\n        return v * S\nm = A()\n--- step:c\nprint(m.run(2))",
        "a>c b>c",
    ),
    Row(
        "a property is a call",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    @property\n    def size(self):\n        return S\nm = A()\n--- step:c\nprint(m.size)",
        "a>c b>c",
    ),
    Row(
        "__call__ is a call",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    def __call__(self):\n        return S\nm = A()\n--- step:c\nprint(m())",
        "a>c b>c",
    ),
    Row(
        "operators are calls",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    def __add__(self, o):\n        return S\nm = A()\n--- step:c\nprint(m + 1)",
        "a>c b>c",
    ),
    Row(
        "showing an object calls its __repr__",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    def __repr__(self):\n        return str(S)\nm = A()\n--- step:c\nm",
        "a>c b>c",
    ),
    Row(
        "__enter__ is a call",
        "--- step:a\nlog = []\n--- step:b\nclass A:\n    def __enter__(self):\n        log.append(1)\n        return self\n    def __exit__(self, *a):\n        pass\n"
        "--- step:c\nwith A():\n    pass\n--- step:d\nprint(log)",
        "a>c b>c c>d",
    ),
    Row(
        "inherited methods",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    def run(self):\n        return S\nclass B(A):\n    pass\n--- step:c\nprint(B().run())",
        "a>c b>c",
    ),
    Row(
        "super reaches the base",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    def run(self):\n        return S\nclass B(A):\n    def run(self):\n        return super().run()\n"
        "--- step:c\nprint(B().run())",
        "a>c b>c",
    ),
    Row(
        "static and class methods",
        "--- step:a\nS = 3\n--- step:b\nclass A:\n    @staticmethod\n    def f():\n        return S\n    @classmethod\n    def g(cls):\n        return cls.f()\n"
        "--- step:c\nprint(A.g())",
        "a>c b>c",
    ),
    Row(
        "a function that changes its argument",
        "--- step:a\nd = []\n--- step:b\ndef f(v):\n    v.append(1)\n--- step:c\nf(d)\n--- step:d\nprint(d)",
        "a>c b>c c>d",
    ),
    Row(
        "through a helper",
        "--- step:a\nd = {}\n--- step:b\ndef g(v):\n    v['k'] = 1\ndef f(v):\n    g(v)\n--- step:c\nf(d)\n--- step:d\nprint(d)",
        "a>c b>c c>d",
    ),
    Row(
        "a function that only reads its argument",
        "--- step:a\nd = [1]\n--- step:b\ndef f(v):\n    return len(v)\n--- step:c\nf(d)\n--- step:d\nprint(d)",
        "a>c b>c a>d",
    ),
    Row(
        "a function that copies first",
        "--- step:a\nd = [1]\n--- step:b\ndef f(v):\n    v = v.copy()\n    v.append(1)\n    return v\n--- step:c\nf(d)\n--- step:d\nprint(d)",
        "a>c b>c a>d",
    ),
    Row(
        "a function that changes a global",
        "--- step:a\nlog = []\n--- step:b\ndef note(v):\n    log.append(v)\n--- step:c\nnote(1)\n--- step:d\nprint(log)",
        "a>c b>c c>d",
    ),
    Row(
        "a mutable default keeps state",
        "--- step:a\ndef f(v, seen=[]):\n    seen.append(v)\n    return len(seen)\n--- step:b\nf(1)\n--- step:c\nprint(f(2))",
        "a>b b>c",
    ),
    Row(
        "function attributes keep state",
        "--- step:a\ndef f():\n    f.calls += 1\n    return f.calls\nf.calls = 0\n--- step:b\nf()\n--- step:c\nprint(f())",
        "a>b b>c",
    ),
    Row(
        "class attributes keep state",
        "--- step:a\nclass C:\n    count = 0\n    def up(self):\n        C.count += 1\n--- step:b\nC().up()\n--- step:c\nprint(C.count)",
        "a>b b>c",
    ),
    Row(
        "a counter object",
        "--- step:a\nclass C:\n    def __init__(self):\n        self.n = 0\n    def up(self):\n        self.n += 1\nc = C()\n--- step:b\nc.up()\n--- step:c\nprint(c.n)",
        "a>b b>c",
    ),
    Row(
        "a decorator that counts",
        "--- step:a\ncalls = []\ndef counted(f):\n    def inner(*a):\n        calls.append(1)\n        return f(*a)\n    return inner\n@counted\ndef g(v):\n    return v\n"
        "--- step:b\ng(1)\n--- step:c\nprint(len(calls))",
        "a>b b>c",
    ),
    Row(
        "recursion ends",
        "--- step:a\nk = 1\n--- step:b\ndef fact(n):\n    return k if n < 2 else n * fact(n - 1)\n--- step:c\nprint(fact(5))",
        "a>c b>c",
    ),
    Row(
        "mutual recursion ends",
        "--- step:a\nk = 1\n--- step:b\ndef even(n):\n    return k if n == 0 else odd(n - 1)\ndef odd(n):\n    return 0 if n == 0 else even(n - 1)\n"
        "--- step:c\nprint(even(4))",
        "a>c b>c",
    ),
    Row(
        "keyword and star arguments",
        "--- step:a\nd = []\n--- step:b\ndef f(*args, **kw):\n    for a in args:\n        a.append(1)\n    kw['z'].append(2)\n--- step:c\ne = []\nf(d, z=e)\n--- step:d\nprint(d)",
        "a>c b>c c>d",
    ),
    Row(
        "starred call",
        "--- step:a\nd = []\n--- step:b\ndef f(a, b):\n    b.append(a)\n--- step:c\nf(*(1, d))\n--- step:d\nprint(d)",
        "a>c b>c c>d",
    ),
    Row(
        "a returned alias",
        "--- step:a\nd = []\n--- step:b\ndef same(v):\n    return v\n--- step:c\nsame(d).append(1)\n--- step:d\nprint(d)",
        "a>c b>c c>d",
    ),
    Row(
        "a fresh return is no alias",
        "--- step:a\nd = [1]\n--- step:b\ndef new(v):\n    return [i for i in v]\n--- step:c\ne = new(d)\ne.append(1)\n--- step:d\nprint(d)",
        "a>c b>c a>d",
    ),
    Row(
        "a dataclass",
        "--- step:a\nfrom dataclasses import dataclass, field\n@dataclass\nclass P:\n    xs: list = field(default_factory=list)\np = P()\n--- step:b\np.xs.append(1)\n--- step:c\nprint(p)",
        "a>b b>c",
    ),
    Row(
        "a callback given to a library",
        "--- step:a\nseen = []\n--- step:b\nimport re\ndef repl(m):\n    seen.append(m.group())\n    return ''\n--- step:c\nre.sub('a', repl, 'banana')\n--- step:d\nprint(seen)",
        "a>c b>c c>d",
    ),
    Row(
        "getattr by text",
        "--- step:a\nclass A:\n    v = 1\n--- step:b\nA.w = 2\n--- step:c\nprint(getattr(A, 'w'))",
        "a>b b>c",
    ),
    Row(
        "eval of a known text",
        "--- step:a\nx = 1\ny = 2\n--- step:b\nx = 5\n--- step:c\nprint(eval('x + y'))",
        "a>c b>c",
    ),
    Row("exec of a known text", "--- step:a\nx = 1\n--- step:b\nexec('y = x + 1')\n--- step:c\nprint(y)", "a>b b>c"),
]
