"""Rows about names: scopes, branches, loops, deletion, comprehensions, imports."""

from tests.conversion.rows import Row

FLOW = [
    Row("a reader waits for the maker", "--- step:a\nx = 1\n--- step:b\nprint(x)", "a>b"),
    Row("two readers run side by side", "--- step:a\nx = 1\n--- step:b\nprint(x)\n--- step:c\nprint(x)", "a>b a>c"),
    Row("a later binding hides an earlier one", "--- step:a\nx = 1\n--- step:b\nx = 2\n--- step:c\nprint(x)", "b>c"),
    Row(
        "a conditional binding hides nothing",
        "--- step:a\nx = 1\n--- step:b\nimport sys\nif len(sys.path) > 99:\n    x = 2\n--- step:c\nprint(x)",
        "a>c b>c",
    ),
    Row(
        "both branches together bind",
        "--- step:a\nx = 1\nk = 1\n--- step:b\nif len('ab') > 1:\n    x = 2\nelse:\n    x = 3\n--- step:c\nprint(x)",
        "b>c",
    ),
    Row(
        "a loop may not run",
        "--- step:a\nx = 1\n--- step:b\nfor i in range(len('')):\n    x = i\n--- step:c\nprint(x)",
        "a>c b>c",
    ),
    Row("augmented assignment reads first", "--- step:a\nx = 1\n--- step:b\nx += 1\n--- step:c\nprint(x)", "a>b b>c"),
    Row(
        "comprehension variables are their own",
        "--- step:a\nx = 42\n--- step:b\ny = [x for x in range(3)]\n--- step:c\nprint(x, y)",
        "a>c b>c",
    ),
    Row("comprehensions read outer names", "--- step:a\nk = 2\n--- step:b\ny = {i: k for i in range(3)}\n", "a>b"),
    Row(
        "nested comprehensions read the outer one's name",
        "--- step:a\nm = [[1], [2]]\n--- step:b\nflat = [v for row in m for v in row if v]\n",
        "a>b",
    ),
    Row(
        "walrus in a comprehension binds outside",
        "--- step:a\nlast = 0\n--- step:b\ny = [last := i for i in (1, 2)]\n--- step:c\nprint(last)",
        "a>c b>c",
    ),
    Row("walrus in a condition binds", "--- step:a\nif (n := 10) > 5:\n    pass\n--- step:b\nprint(n)", "a>b"),
    Row("for targets stay bound", "--- step:a\nfor i in [1, 2]:\n    pass\n--- step:b\nprint(i)", "a>b"),
    Row(
        "except names are gone at the end",
        "--- step:a\ne = 2.7\n--- step:b\ntry:\n    1 / 0\nexcept ZeroDivisionError as e:\n    pass\n--- step:c\nprint('x')",
        "",
    ),
    Row("del makes a name unknown", "--- step:a\nx = 1\n--- step:b\ndel x\n--- step:c\nprint(x)", "a>b b>c", "N2P202"),
    Row(
        "del then bound anew",
        "--- step:a\nx = 1\n--- step:b\ndel x\n--- step:c\nx = 2\n--- step:d\nprint(x)",
        "a>b c>d",
    ),
    Row(
        "with binds",
        "--- step:a\nimport io\nwith io.StringIO() as buffer:\n    text = 'a'\n--- step:b\nprint(text)",
        "a>b",
    ),
    Row(
        "tuple targets", "--- step:a\n(a, *b), c = [1, 2], 3\n--- step:b\nprint(a, b)\n--- step:c\nprint(c)", "a>b a>c"
    ),
    Row("chained assignment", "--- step:a\nx = y = 0\n--- step:b\nprint(x)\n--- step:c\nprint(y)", "a>b a>c"),
    Row("annotation only", "--- step:a\nx: int\n--- step:b\nx = 1\n--- step:c\nprint(x)", "b>c"),
    Row(
        "string annotations are not read",
        "--- step:a\nFoo = 1\n--- step:b\ndef f(a: 'Foo') -> 'Foo':\n    return a\nf(1)",
        "",
    ),
    Row("annotations are read", "--- step:a\nFoo = int\n--- step:b\ndef f(a: Foo):\n    return a", "a>b"),
    Row(
        "annotations are not read with the future import",
        "--- step:a\nFoo = int\n--- step:b\nfrom __future__ import annotations\ndef f(a: Foo):\n    return a",
        "",
    ),
    Row(
        "defaults are read at definition",
        "--- step:a\nk = 3\n--- step:b\ndef f(a=k):\n    return a\n--- step:c\nprint(f())",
        "a>b b>c",
    ),
    Row(
        "decorators are read",
        "--- step:a\ndef deco(f):\n    return f\n--- step:b\n@deco\ndef g():\n    return 1\n--- step:c\nprint(g())",
        "a>b b>c",
    ),
    Row(
        "base classes are read",
        "--- step:a\nclass A:\n    pass\n--- step:b\nclass B(A):\n    pass\n--- step:c\nB()",
        "a>b b>c",
    ),
    Row(
        "class bodies read names",
        "--- step:a\nN = 4\n--- step:b\nclass A:\n    size = N\n    other = size + 1\n--- step:c\nprint(A.size)",
        "a>b b>c",
    ),
    Row(
        "class attributes are no names",
        "--- step:a\nsize = 1\n--- step:b\nclass A:\n    size = 2\n--- step:c\nprint(size)",
        "a>c",
    ),
    Row("f-strings read", "--- step:a\nx = 1\nw = 5\n--- step:b\nprint(f'{x:>{w}} {x!r} {x=}')", "a>b"),
    Row(
        "lambdas read when called",
        "--- step:a\nk = 1\nf = lambda v: v + k\n--- step:b\nk = 2\n--- step:c\nprint(f(1))",
        "a>c b>c",
    ),
    Row(
        "global in a function binds",
        "--- step:a\ndef init():\n    global state\n    state = 1\n--- step:b\ninit()\n--- step:c\nprint(state)",
        "a>b b>c",
    ),
    Row(
        "nonlocal stays inside",
        "--- step:a\nn = 5\ndef make():\n    n = 0\n    def up():\n        nonlocal n\n        n += 1\n        return n\n    return up\n"
        "--- step:b\nup = make()\nup()\n--- step:c\nprint(n)",
        "a>b a>c",
    ),
    Row(
        "local names hide global ones",
        "--- step:a\nx = 1\n--- step:b\ndef f():\n    x = 2\n    return x\nf()\n--- step:c\nprint(x)",
        "a>c",
    ),
    Row(
        "match captures",
        "--- step:a\np = (1, 2)\n--- step:b\nmatch p:\n    case (u, v):\n        s = u + v\n    case _:\n        s = 0\n--- step:c\nprint(s)",
        "a>b b>c",
    ),
    Row(
        "try with fallback",
        "--- step:a\nk = 1\n--- step:b\ntry:\n    import nosuchmodule_x as js\nexcept ImportError:\n    import json as js\n--- step:c\nprint(js.dumps(k))",
        "a>c b>c",
        "N2P210",
    ),
    Row(
        "try NameError guards",
        "--- step:a\ntry:\n    counter\nexcept NameError:\n    counter = 0\n--- step:b\ncounter += 1",
        "a>b",
    ),
    Row(
        "guarded read needs the earlier binding",
        "--- step:a\ncounter = 5\n--- step:b\ntry:\n    counter\nexcept NameError:\n    counter = 0\n--- step:c\nprint(counter)",
        "a>b b>c",
    ),
    Row(
        "'name' in globals() guards",
        "--- step:a\nn = 5\n--- step:b\nif 'n' not in globals():\n    n = 1\n--- step:c\nprint(n)",
        "a>b b>c",
    ),
    Row("shadowed builtins are names", "--- step:a\nsum = 7\nlist = [1]\n--- step:b\nprint(sum, list)", "a>b"),
    Row(
        "star import of a known module hides nothing else",
        "--- step:a\nfrom math import *\ntotal = 4\n--- step:b\nprint(sqrt(total))",
        "a>b",
    ),
    Row(
        "star import of an unknown module may give any name",
        "--- step:a\nfrom nosuch_pkg.sub import *\n--- step:b\nx = 1\n--- step:c\nprint(x, helper())",
        "a>c b>c",
        "N2P210",
    ),
    Row(
        "submodules under one name",
        "--- step:a\nimport os.path\nimport os\n--- step:b\nprint(os.path.join('a', 'b'))",
        "a>b",
    ),
    Row(
        "while with walrus",
        "--- step:a\nitems = [3, 2]\n--- step:b\nwhile (i := len(items)) < 1:\n    pass\n--- step:c\nprint(i)",
        "a>b b>c",
    ),
    Row(
        "names in a default lambda argument",
        "--- step:a\nk = 2\n--- step:b\nfs = [lambda v, k=k: v * k for _ in range(2)]\n--- step:c\nprint(fs[0](1))",
        "a>b b>c",
    ),
    Row(
        "async at top level",
        "--- step:a\nasync def get():\n    return 1\n--- step:b\nv = await get()\n--- step:c\nprint(v)",
        "a>b b>c",
    ),
    Row(
        "conditional definition",
        "--- step:a\nfast = True\n--- step:b\nif fast:\n    def run():\n        return 1\nelse:\n    def run():\n        return 2\n"
        "--- step:c\nprint(run())",
        "a>b b>c",
    ),
    Row("a step continued next to itself", "--- step:a\nx = 1\n--- untagged\nx = 2\n--- step:b\nprint(x)", "a>b"),
    Row(
        "a step continued later may run early",
        "--- step:a\nx = 1\n--- step:b\nprint(x)\n--- step:a\ny = 2\n--- step:c\nprint(y)",
        "a>b a>c",
    ),
    Row("a step continued later may run late", "--- step:a\nz = 1\n--- step:b\ny = 1\n--- step:a\nprint(y, z)", "b>a"),
    Row(
        "a step in pieces that cannot be joined",
        "--- step:a\nx = 1\n--- step:b\nprint(x)\n--- step:a\nx = 2",
        "a>b",
        "N2P304",
    ),
    Row("start holds code before the first step", "--- untagged\nx = 1\n--- step:a\nprint(x)", "start>a"),
    Row("skip cells are not there", "--- step:a\nx = 1\n--- skip\nx = 2\n--- step:b\nprint(x)", "a>b"),
]
