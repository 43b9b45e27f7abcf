"""Rows about what is refused or warned of before anything runs."""

from tests.conversion.rows import Row

FINDINGS = [
    Row("a name that nothing binds", "--- step:a\nprint(nowhere)", "", "N2P202"),
    Row("a name bound only later", "--- step:a\nprint(x)\n--- step:b\nx = 1", "", "N2P202"),
    Row(
        "a name that may be missing", "--- step:a\nimport sys\nif len(sys.argv) > 99:\n    print(nowhere)", "", "N2P203"
    ),
    Row(
        "a name missing in a called function",
        "--- step:a\ndef f():\n    return nowhere\n--- step:b\nf()",
        "a>b",
        "N2P202",
    ),
    Row("a name missing in a function that is not called", "--- step:a\ndef f():\n    return nowhere", "", ""),
    Row("a name missing after a sure end", "--- step:a\nraise SystemExit\n--- step:b\nprint(nowhere)", "", "N2P203"),
    Row("a syntax error", "--- step:a\nx = 1\n--- step:b\nprint('x'", "", "N2P201"),
    Row(
        "a connection across steps",
        "--- step:a\nimport sqlite3\ncon = sqlite3.connect('x.db')\n--- step:b\nprint(con)",
        "a>b",
        "N2P205",
    ),
    Row(
        "a cursor across steps",
        "--- step:a\nimport sqlite3\ncur = sqlite3.connect('x.db').cursor()\n--- step:b\nprint(cur.fetchall())",
        "a>b",
        "N2P205",
    ),
    Row(
        "a generator across steps", "--- step:a\ng = (i for i in range(3))\n--- step:b\nprint(list(g))", "a>b", "N2P205"
    ),
    Row(
        "a generator function's result across steps",
        "--- step:a\ndef gen():\n    yield 1\ng = gen()\n--- step:b\nprint(next(g))",
        "a>b",
        "N2P205",
    ),
    Row("an open file across steps", "--- step:a\nf = open('x.txt')\n--- step:b\nprint(f.read())", "a>b", "N2P205"),
    Row(
        "a lock across steps",
        "--- step:a\nimport threading\nlock = threading.Lock()\n--- step:b\nwith lock:\n    pass",
        "a>b",
        "N2P205",
    ),
    Row(
        "a csv reader across steps",
        "--- step:a\nimport csv\nr = csv.reader(open('x.csv'))\n--- step:b\nprint(next(r))",
        "a>b",
        "N2P205",
    ),
    Row("a lambda across steps is fine", "--- step:a\nf = lambda v: v\n--- step:b\nprint(f(1))", "a>b"),
    Row(
        "an engine across steps",
        "--- step:a\nfrom sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n--- step:b\nprint(engine)",
        "a>b",
        "N2P205",
    ),
    Row(
        "a generator of setup used by two steps",
        "--- setup\ng = iter(i for i in range(3))\nh = (i for i in range(3))\n--- step:a\nnext(h)\n--- step:b\nprint(next(h))",
        "a>b",
        "N2P206",
    ),
    Row(
        "a database in memory used by two steps",
        "--- setup\nimport sqlite3\ncon = sqlite3.connect(':memory:')\n--- step:a\ncon.execute('create table t (x)')\n--- step:b\ncon.execute('select * from t')",
        "a>b",
        "N2P206",
    ),
    Row(
        "a module changed",
        "--- setup\nimport json\n--- step:a\njson.flag = 1\n--- step:b\nprint(json.flag)",
        "",
        "N2P208",
    ),
    Row(
        "a module changed and not used later",
        "--- setup\nimport json\n--- step:a\njson.flag = 1\n--- step:b\nprint(1)",
        "",
    ),
    Row(
        "a configuration that is not carried",
        "--- step:a\nimport sklearn\nsklearn.set_config(display='text')\n--- step:b\nprint(1)",
        "a>b",
        "N2P209",
    ),
    Row("an unknown step", "--- step:load\nx = 1\n--- step:b after:laod\nprint(x)", "load>b", "N2P301"),
    Row("after a later step", "--- step:a after:b\nx = 1\n--- step:b\ny = 1", "", "N2P302"),
    Row("after itself", "--- step:a after:a\nx = 1", "", "N2P303"),
    Row("a declared order", "--- step:a\nx = 1\n--- step:b after:a\ny = 1", "a>b"),
    Row("Kale's prev tags leave an order out", "--- block:a\nx = 1\n--- block:b\nprint(x)", "a>b", "N2P310"),
    Row(
        "Kale's branches change one object",
        "--- block:s\nx = []\n--- block:a prev:s\nx.append(1)\n--- block:b prev:s\nx.append(2)\n--- block:m prev:a prev:b\nprint(x)",
        "s>a a>b b>m",
        "N2P311",
    ),
]
