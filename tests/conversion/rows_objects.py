"""Rows about objects: what changes them, and two names for one."""

from tests.conversion.rows import Row

OBJECTS = [
    Row("append changes", "--- step:a\nd = []\n--- step:b\nd.append(1)\n--- step:c\nprint(d)", "a>b b>c"),
    Row("item assignment changes", "--- step:a\nd = {}\n--- step:b\nd['k'] = 1\n--- step:c\nprint(d)", "a>b b>c"),
    Row(
        "nested item assignment changes",
        "--- step:a\nd = {'a': {}}\n--- step:b\nd['a']['k'] = 1\n--- step:c\nprint(d)",
        "a>b b>c",
    ),
    Row(
        "attribute assignment changes",
        "--- step:a\nclass C: pass\nc = C()\n--- step:b\nc.x = 1\n--- step:c\nprint(c.x)",
        "a>b b>c",
    ),
    Row("del of an item changes", "--- step:a\nd = {'k': 1}\n--- step:b\ndel d['k']\n--- step:c\nprint(d)", "a>b b>c"),
    Row(
        "+= on a list changes the object",
        "--- step:a\nd = []\ne = d\n--- step:b\nd += [1]\n--- step:c\nprint(e)",
        "a>b b>c",
    ),
    Row("+= on a number does not", "--- step:a\nd = 1\ne = d\n--- step:b\nd += 1\n--- step:c\nprint(e)", "a>b a>c"),
    Row(
        "reading methods do not change",
        "--- step:a\nd = {'k': [1]}\n--- step:b\nd.get('k'), d.items(), 'k' in d, len(d)\n--- step:c\nprint(d)",
        "a>b a>c",
    ),
    Row("an alias", "--- step:a\na = [1]\nb = a\n--- step:b\nb.append(2)\n--- step:c\nprint(a)", "a>b b>c"),
    Row(
        "an alias made in another step",
        "--- step:a\na = [1]\n--- step:b\nb = a\n--- step:c\nb.append(2)\n--- step:d\nprint(a)",
        "a>b b>c c>d",
    ),
    Row("an element", "--- step:a\na = [1]\nb = [a]\n--- step:b\nb[0].append(2)\n--- step:c\nprint(a)", "a>b b>c"),
    Row("a holder", "--- step:a\na = [1]\nb = [a]\n--- step:b\na.append(2)\n--- step:c\nprint(b)", "a>b b>c"),
    Row(
        "changing a holder leaves the held",
        "--- step:a\na = [1]\nb = [a]\n--- step:b\nb.append(2)\n--- step:c\nprint(a)",
        "a>b a>c",
    ),
    Row(
        "stored later",
        "--- step:a\na = [1]\nb = []\n--- step:b\nb.append(a)\n--- step:c\na.append(2)\n--- step:d\nprint(b)",
        "a>b a>c b>d c>d",
    ),
    Row(
        "an attribute alias",
        "--- step:a\nclass C: pass\na = [1]\nc = C()\nc.a = a\n--- step:b\nc.a.append(2)\n--- step:c\nprint(a)",
        "a>b b>c",
    ),
    Row(
        "a rebound name is no alias any more",
        "--- step:a\na = [1]\nb = a\nb = [2]\n--- step:b\nb.append(3)\n--- step:c\nprint(a)",
        "a>b a>c",
    ),
    Row(
        "a slice is a new list",
        "--- step:a\na = [1, 2]\n--- step:b\nb = sorted(a)\nb.append(3)\n--- step:c\nprint(a)",
        "a>b a>c",
    ),
    Row(
        "list() is a new list of old things",
        "--- step:a\na = [[1]]\n--- step:b\nb = list(a)\nb[0].append(3)\n--- step:c\nprint(a)",
        "a>b b>c",
    ),
    Row(
        "deepcopy is all new",
        "--- step:a\na = [[1]]\n--- step:b\nimport copy\nb = copy.deepcopy(a)\nb[0].append(3)\n--- step:c\nprint(a)",
        "a>b a>c",
    ),
    Row(
        "loop variables are parts",
        "--- step:a\na = [[1], [2]]\n--- step:b\nfor row in a:\n    row.append(0)\n--- step:c\nprint(a)",
        "a>b b>c",
    ),
    Row(
        "loop over a literal of names",
        "--- step:a\np = {}\nq = {}\n--- step:b\nfor d in (p, q):\n    d['x'] = 1\n--- step:c\nprint(p)",
        "a>b b>c",
    ),
    Row(
        "loop over items",
        "--- step:a\nd = {'k': []}\n--- step:b\nfor k, v in d.items():\n    v.append(k)\n--- step:c\nprint(d)",
        "a>b b>c",
    ),
    Row(
        "zip keeps parts apart",
        "--- step:a\na = [[1]]\nb = [2]\n--- step:b\nfor x, y in zip(a, b):\n    x.append(y)\n--- step:c\nprint(a)\n--- step:d\nprint(b)",
        "a>b b>c a>d",
    ),
    Row("swap", "--- step:a\na, b = [1], [2]\na, b = b, a\n--- step:b\na.append(3)\n--- step:c\nprint(b)", "a>b a>c"),
    Row(
        "conditional alias",
        "--- step:a\np = []\nq = []\n--- step:b\nt = p if len(q) else q\nt.append(1)\n--- step:c\nprint(p)\n--- step:d\nprint(q)",
        "a>b b>c b>d",
    ),
    Row("or alias", "--- step:a\np = []\n--- step:b\nt = p or []\nt.append(1)\n--- step:c\nprint(p)", "a>b b>c"),
    Row(
        "loop-carried alias",
        "--- step:a\np = []\n--- step:b\nt = None\nfor i in range(3):\n    if t is not None:\n        t.append(i)\n    t = p\n--- step:c\nprint(p)",
        "a>b b>c",
    ),
    Row(
        "next uses an iterator up",
        "--- step:a\nit = iter([1, 2])\n--- step:b\nnext(it)\n--- step:c\nprint(next(it))",
        "a>b b>c",
    ),
    Row(
        "a loop uses an iterator up",
        "--- step:a\nz = zip([1], [2])\n--- step:b\nfor p in z:\n    pass\n--- step:c\nprint(list(z))",
        "a>b b>c",
    ),
    Row(
        "a list is not used up",
        "--- step:a\nz = [1, 2]\n--- step:b\nfor p in z:\n    pass\n--- step:c\nprint(list(z))",
        "a>b a>c",
    ),
    Row(
        "an enumerate over an iterator",
        "--- step:a\nit = map(str, [1, 2])\n--- step:b\nfor n, v in enumerate(it):\n    break\n--- step:c\nprint(list(it))",
        "a>b b>c",
    ),
    Row(
        "unknown code may change its argument",
        "--- step:a\nd = []\n--- step:b\nimport nosuch_lib\nnosuch_lib.fill(d)\n--- step:c\nprint(d)",
        "a>b b>c",
        "N2P210",
    ),
    Row(
        "unknown code cannot change a number",
        "--- step:a\nn = 3\n--- step:b\nimport nosuch_lib\nnosuch_lib.use(n)\n--- step:c\nprint(n)",
        "a>b a>c",
        "N2P210",
    ),
    Row(
        "unknown code keeps its argument",
        "--- step:a\nd = []\nimport nosuch_lib\nk = nosuch_lib.Keeper(d)\n--- step:b\nk.run()\n--- step:c\nprint(d)",
        "a>b b>c",
        "N2P210",
    ),
    Row(
        "setdefault chains",
        "--- step:a\nd = {}\n--- step:b\nd.setdefault('k', []).append(1)\n--- step:c\nprint(d)",
        "a>b b>c",
    ),
    Row(
        "a deque and a Counter",
        "--- step:a\nfrom collections import deque, Counter, defaultdict\nq = deque()\nc = Counter()\ng = defaultdict(list)\n--- step:b\nq.append(1)\n--- step:c\nc.update('ab')\n"
        "--- step:d\ng['k'].append(1)\n--- step:e\nprint(q)\n--- step:f\nprint(c)\n--- step:g\nprint(g)",
        "a>b a>c a>d b>e c>f d>g",
    ),
    Row(
        "print and display change nothing",
        "--- step:a\nd = [1]\n--- step:b\nprint(d)\ndisplay(d)\n--- step:c\nprint(d)",
        "a>b a>c",
    ),
    Row(
        "heapq and shuffle change",
        "--- step:a\nimport heapq\nh = [3, 1]\n--- step:b\nheapq.heapify(h)\n--- step:c\nprint(h)",
        "a>b b>c",
    ),
    Row(
        "setattr changes",
        "--- step:a\nclass C: pass\nc = C()\n--- step:b\nsetattr(c, 'x', 1)\n--- step:c\nprint(vars(c))",
        "a>b b>c",
    ),
    Row(
        "a string is never changed",
        "--- step:a\ns = 'a'\n--- step:b\ns.replace('a', 'b').upper()\n--- step:c\nprint(s)",
        "a>b a>c",
    ),
    Row(
        "a set",
        "--- step:a\ns = {1}\n--- step:b\ns |= {2}\n--- step:c\ns.discard(1)\n--- step:d\nprint(s)",
        "a>b b>c c>d",
    ),
]
