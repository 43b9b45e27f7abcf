"""Rows about magics, shell lines and IPython's own names."""

from tests.conversion.rows import Row

IPYTHON = [
    Row("%time assigns", "--- step:a\n%time x = 1\n--- step:b\nprint(x)", "a>b"),
    Row("%timeit does not assign", "--- step:a\nx = 1\n--- step:b\n%timeit y = x + 1\n--- step:c\nprint(x)", "a>b a>c"),
    Row("%timeit with options reads", "--- step:a\nx = 1\n--- step:b\n%timeit -n 1 -r 1 sum([x])", "a>b"),
    Row("%%time", "--- step:a\n%%time\nx = 1\n--- step:b\nprint(x)", "a>b"),
    Row("%%time behind empty lines and a comment", "--- step:a\n\n%%time\n# note\nx = 1\n--- step:b\nprint(x)", "a>b"),
    Row("%%capture assigns", "--- step:a\n%%capture out\nprint('hi')\ny = 1\n--- step:b\nprint(out.stdout, y)", "a>b"),
    Row("%matplotlib is nothing", "--- step:a\n%matplotlib inline\nv = 1\n--- step:b\nprint(v)", "a>b"),
    Row("a shell line reads names", "--- step:a\nname = 'x'\n--- step:b\n!echo {name} $name", "a>b"),
    Row("shell output assigned", "--- step:a\nfiles = !ls\n--- step:b\nprint(files)", "a>b"),
    Row(
        "shell output assigned in a loop",
        "--- step:a\nfor i in range(2):\n    out = !echo {i}\n--- step:b\nprint(out)",
        "a>b",
    ),
    Row(
        "shell commands are in order with files",
        "--- step:a\nopen('a.txt', 'w').write('x')\n--- step:b\n!cat a.txt\n--- step:c\nprint(1)",
        "a>b",
    ),
    Row("%%bash", "--- step:a\n%%bash\necho hi > f.txt\n--- step:b\nprint(open('f.txt').read())", "a>b"),
    Row("%%bash --out assigns", "--- step:a\n%%bash --out text\necho hi\n--- step:b\nprint(text)", "a>b"),
    Row(
        "%%writefile and read",
        "--- step:a\n%%writefile conf.json\n{}\n--- step:b\nimport json\nprint(json.load(open('conf.json')))",
        "a>b",
    ),
    Row(
        "%%writefile and import",
        "--- step:a\n%%writefile helper_mod.py\nA = 1\n--- step:b\nimport helper_mod\nprint(helper_mod.A)",
        "a>b",
    ),
    Row("%%html is no code", "--- step:a\n%%html\n<b>x</b>\n--- step:b\nprint(1)", ""),
    Row("help is nothing", "--- step:a\nx = 1\n--- step:b\nlen?\n--- step:c\nprint(x)", "a>c"),
    Row(
        "%run binds anything", "--- step:a\nx = 1\n--- step:b\n%run other.py\n--- step:c\nprint(x)", "a>b b>c", "N2P204"
    ),
    Row("%env holds", "--- step:a\n%env K=1\n--- step:b\nprint(1)", "a>b"),
    Row("%cd holds", "--- step:a\n%cd /tmp\n--- step:b\nprint(1)", "a>b"),
    Row("pip installs for later steps", "--- step:a\n%pip install x\n--- step:b\nprint(1)", "a>b"),
    Row("!pip installs for later steps", "--- step:a\n!pip install -q x\n--- step:b\nprint(1)", "a>b"),
    Row("automagic", "--- step:a\nls\n--- step:b\nprint(1)", ""),
    Row("a name that looks like automagic", "--- step:a\nls = 1\n--- step:b\nls", "a>b"),
    Row("history in one step", "--- step:a\n1 + 1\n--- untagged\nprint(_)", ""),
    Row("history of another step", "--- step:a\n1 + 1\n--- step:b\nprint(_)", "", "N2P207"),
    Row("the output by number of another step", "--- step:a\n1 + 1\n--- step:b\nprint(_1)", "", "N2P207"),
    Row("_ as a plain name", "--- step:a\nfor _ in range(3):\n    pass\n--- step:b\na, _ = 1, 2\nprint(_)", ""),
    Row(
        "a magic of the notebook",
        "--- setup\nfrom IPython.core.magic import register_line_magic\n@register_line_magic\ndef hello(line):\n    print(line)\n--- step:a\n%hello x\n--- step:b\nprint(1)",
        "",
    ),
    Row(
        "a magic of another step",
        "--- step:a\nfrom IPython.core.magic import register_line_magic\n@register_line_magic\ndef hello(line):\n    print(line)\n--- step:b\n%hello x",
        "",
        "N2P222",
    ),
    Row(
        "an unknown cell magic",
        "--- step:a\nx = 1\n--- step:b\n%%nosuchmagic\nselect\n--- step:c\nprint(x)",
        "a>b b>c",
        "N2P221",
    ),
    Row("line continuation in a shell line", "--- step:a\n!echo a \\\n  b\nx = 1\n--- step:b\nprint(x)", "a>b"),
    Row("percent inside a string", "--- step:a\ns = '''\n%time is text\n!ls\n'''\n--- step:b\nprint(s)", "a>b"),
    Row("a magic within a block", "--- step:a\nif True:\n    %time v = 1\n--- step:b\nprint(v)", "a>b"),
    Row(
        "get_ipython by hand", "--- step:a\nget_ipython().run_line_magic('time', 'v = 1')\n--- step:b\nprint(v)", "a>b"
    ),
    Row(
        "globals() as a whole",
        "--- step:a\nx = 1\n--- step:b\nprint(len(globals()))\n--- step:c\nprint(x)",
        "a>b a>c",
        "N2P204",
    ),
    Row(
        "globals() by a known name",
        "--- step:a\nx = 1\n--- step:b\nglobals()['y'] = globals()['x']\n--- step:c\nprint(y)",
        "a>b b>c",
    ),
    Row(
        "eval of an unknown text",
        "--- step:a\nx = 1\nt = input()\n--- step:b\nv = eval(t)\n--- step:c\nprint(x)\n",
        "a>b b>c",
        "N2P204",
    ),
]
