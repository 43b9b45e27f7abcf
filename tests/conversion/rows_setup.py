"""Rows about setup and parameters cells."""

from tests.conversion.rows import Row

SETUP = [
    Row(
        "imports in setup make no order",
        "--- setup\nimport math\n--- step:a\nprint(math.pi)\n--- step:b\nprint(math.e)",
        "",
    ),
    Row("functions in setup make no order", "--- setup\ndef f():\n    return 1\n--- step:a\nf()\n--- step:b\nf()", ""),
    Row(
        "functions in setup read at the call",
        "--- setup\ndef f():\n    return k\n--- step:a\nk = 1\n--- step:b\nf()",
        "a>b",
    ),
    Row(
        "literals in setup make no order",
        "--- setup\nSIZES = [1, 2]\n--- step:a\nprint(SIZES)\n--- step:b\nprint(SIZES)",
        "",
    ),
    Row(
        "a changed literal of setup is carried",
        "--- setup\nCONF = {}\n--- step:a\nCONF['k'] = 1\n--- step:b\nprint(CONF)",
        "a>b",
    ),
    Row(
        "a shared literal of setup is carried",
        "--- setup\nCONF = {}\n--- step:a\nalias = CONF\n--- step:b\nCONF['k'] = 1\n--- step:c\nprint(alias)",
        "a>b b>c",
    ),
    Row(
        "data read in setup is carried",
        "--- setup\nimport json\ndata = json.load(open('d.json'))\n--- step:a\nprint(data)\n--- step:b\nprint(data)",
        "a>b",
    ),
    Row(
        "a random draw in setup is carried",
        "--- setup\nimport random\nx = random.random()\n--- step:a\nprint(1)\n--- step:b\nprint(x)",
        "a>b",
    ),
    Row(
        "a connection in setup is each step's own",
        "--- setup\nimport sqlite3\ncon = sqlite3.connect('d.db')\n--- step:a\ncon.execute('create table t (x)')\n--- step:b\nprint(con.execute('select 1').fetchall())",
        "a>b",
    ),
    Row(
        "setup that uses a step's data runs once",
        "--- step:a\nn = 2\n--- setup\nm = n * 2\n--- step:b\nprint(m)\n--- step:c\nprint(m)",
        "a>b b>c",
        "N2P305",
    ),
    Row(
        "setup that rebinds a step's name runs once",
        "--- step:a\nx = 1\n--- setup\nx = 5\n--- step:b\nprint(x)\n--- step:c\nprint(x)",
        "b>c",
        "N2P305",
    ),
    Row("setup behind the last step runs in it", "--- step:a\nx = 1\n--- setup\nprint('end')", "", "N2P305"),
    Row("setup between steps", "--- step:a\nx = 1\n--- setup\nimport math\n--- step:b\nprint(math.pi)", ""),
    Row("a notebook of setup alone", "--- setup\nx = 1", "", "N2P305"),
    Row("a parameter makes no order", "--- parameters\nn = 1\n--- step:a\nprint(n)\n--- step:b\nprint(n)", ""),
    Row("a changed parameter does", "--- parameters\nn = 1\n--- step:a\nn += 1\n--- step:b\nprint(n)", "a>b"),
    Row(
        "a changed list parameter does",
        "--- parameters\nxs = [1]\n--- step:a\nxs.append(2)\n--- step:b\nprint(xs)",
        "a>b",
    ),
    Row(
        "a computed name of the parameters cell",
        "--- parameters\nn = 1\nm = n * 2\n--- step:a\nprint(n)\n--- step:b\nprint(m)",
        "",
    ),
]
