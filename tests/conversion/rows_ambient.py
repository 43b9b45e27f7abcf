"""Rows about what is not a variable: random numbers, options, environment, files."""

from tests.conversion.rows import Row

AMBIENT = [
    Row(
        "draws are in order",
        "--- setup\nimport random\n--- step:a\nx = random.random()\n--- step:b\ny = random.random()",
        "a>b",
    ),
    Row(
        "a seed starts anew",
        "--- setup\nimport random\n--- step:a\nrandom.seed(1)\nx = random.random()\n--- step:b\nrandom.seed(2)\ny = random.random()\n--- step:c\nprint(random.random())",
        "b>c",
    ),
    Row(
        "a seed in setup counts once",
        "--- setup\nimport numpy as np\nnp.random.seed(0)\n--- step:a\nx = np.random.rand(3)\n--- step:b\ny = np.random.rand(3)\n--- step:c\nprint(1)",
        "a>b",
    ),
    Row(
        "seeded without drawing",
        "--- setup\nimport numpy as np\nnp.random.seed(0)\n--- step:a\nx = 1\n--- step:b\ny = np.random.rand(3)",
        "a>b",
    ),
    Row(
        "kinds of random numbers do not mix",
        "--- setup\nimport random\nimport numpy as np\n--- step:a\nx = random.random()\n--- step:b\ny = np.random.rand()",
        "",
    ),
    Row(
        "a generator is an object",
        "--- setup\nimport numpy as np\n--- step:a\nrng = np.random.default_rng(0)\n--- step:b\nx = rng.normal(size=3)\n--- step:c\ny = rng.normal(size=3)",
        "a>b b>c",
    ),
    Row(
        "sample without a seed draws",
        "--- setup\nimport pandas as pd\n--- step:a\ndf = pd.DataFrame({'x': [1, 2]})\n--- step:b\ns = df.sample(1)\n--- step:c\nt = df.sample(1)",
        "a>b b>c",
    ),
    Row(
        "sample with a seed does not",
        "--- setup\nimport pandas as pd\n--- step:a\ndf = pd.DataFrame({'x': [1, 2]})\n--- step:b\ns = df.sample(1, random_state=1)\n--- step:c\nt = df.sample(1, random_state=2)",
        "a>b a>c",
    ),
    Row(
        "drawing in a function",
        "--- setup\nimport random\n--- step:a\ndef draw():\n    return random.gauss(0, 1)\n--- step:b\nx = draw()\n--- step:c\ny = draw()",
        "a>b b>c",
    ),
    Row(
        "shuffle draws and changes",
        "--- setup\nimport random\n--- step:a\nd = [1, 2]\n--- step:b\nrandom.shuffle(d)\n--- step:c\nprint(d)",
        "a>b b>c",
    ),
    Row(
        "options hold for later steps",
        "--- setup\nimport pandas as pd\n--- step:a\npd.set_option('display.width', 99)\n--- step:b\nprint(1)\n--- step:c\nprint(2)",
        "a>b a>c",
    ),
    Row(
        "options by attribute",
        "--- setup\nimport pandas as pd\n--- step:a\npd.options.display.width = 99\n--- step:b\nprint(1)",
        "a>b",
    ),
    Row(
        "options in setup hold without order",
        "--- setup\nimport pandas as pd\npd.set_option('display.width', 99)\n--- step:a\nprint(1)\n--- step:b\nprint(2)",
        "",
    ),
    Row(
        "rcParams hold",
        "--- setup\nimport matplotlib.pyplot as plt\n--- step:a\nplt.rcParams['figure.figsize'] = (2, 2)\n--- step:b\nplt.plot([1])",
        "a>b",
    ),
    Row(
        "styles hold",
        "--- setup\nimport matplotlib.pyplot as plt\n--- step:a\nplt.style.use('ggplot')\n--- step:b\nplt.plot([1])",
        "a>b",
    ),
    Row(
        "environment holds",
        "--- setup\nimport os\n--- step:a\nos.environ['K'] = '1'\n--- step:b\nprint(os.environ['K'])",
        "a>b",
    ),
    Row(
        "reading the environment makes no order",
        "--- setup\nimport os\n--- step:a\nprint(os.environ['HOME'])\n--- step:b\nprint(os.environ.get('HOME'))",
        "",
    ),
    Row(
        "the working directory holds",
        "--- setup\nimport os\n--- step:a\nos.chdir('/tmp')\n--- step:b\nprint(os.getcwd())",
        "a>b",
    ),
    Row(
        "warnings filters hold",
        "--- step:a\nimport warnings\nwarnings.filterwarnings('ignore')\n--- step:b\nprint(1)",
        "a>b",
    ),
    Row("sys.path holds", "--- setup\nimport sys\n--- step:a\nsys.path.append('lib')\n--- step:b\nprint(1)", "a>b"),
    Row(
        "print options hold",
        "--- setup\nimport numpy as np\n--- step:a\nnp.set_printoptions(precision=2)\n--- step:b\nprint(1)",
        "a>b",
    ),
    Row(
        "a file written and read",
        "--- step:a\nopen('o.txt', 'w').write('x')\n--- step:b\nprint(open('o.txt').read())",
        "a>b",
    ),
    Row(
        "different files make no order",
        "--- step:a\nopen('o.txt', 'w').write('x')\n--- step:b\nprint(open('p.txt').read())",
        "",
    ),
    Row(
        "two writers of one file",
        "--- step:a\nopen('o.txt', 'w').write('x')\n--- step:b\nopen('o.txt', 'a').write('y')",
        "a>b",
    ),
    Row(
        "a reader before a writer",
        "--- step:a\nprint(open('o.txt').read())\n--- step:b\nopen('o.txt', 'w').write('y')",
        "a>b",
    ),
    Row("two readers", "--- step:a\nprint(open('o.txt').read())\n--- step:b\nprint(open('o.txt').read())", ""),
    Row(
        "a frame through a file",
        "--- setup\nimport pandas as pd\n--- step:a\npd.DataFrame({'x': [1]}).to_csv('o.csv', index=False)\n--- step:b\ndf = pd.read_csv('o.csv')",
        "a>b",
    ),
    Row(
        "paths folded from constants",
        "--- setup\nimport os\nfrom pathlib import Path\nOUT = Path('out')\nNAME = 'o'\n--- step:a\nOUT.mkdir(exist_ok=True)\n(OUT / f'{NAME}.txt').write_text('x')\n--- step:b\nprint(open(os.path.join('out', 'o.txt')).read())",
        "a>b",
    ),
    Row(
        "a path with an unknown part",
        "--- step:a\nfor i in range(2):\n    open(f'part_{i}.txt', 'w').write('x')\n--- step:b\nprint(open('part_1.txt').read())\n--- step:c\nprint(open('other.txt').read())",
        "a>b",
    ),
    Row(
        "a folder read after a file in it",
        "--- setup\nimport os\n--- step:a\nopen('out/o.txt', 'w').write('x')\n--- step:b\nprint(os.listdir('out'))",
        "a>b",
    ),
    Row(
        "glob after a file",
        "--- setup\nimport glob\n--- step:a\nopen('out/o.txt', 'w').write('x')\n--- step:b\nprint(glob.glob('out/*.txt'))",
        "a>b",
    ),
    Row(
        "making a folder twice is no order",
        "--- setup\nimport os\n--- step:a\nos.makedirs('out', exist_ok=True)\n--- step:b\nos.makedirs('out', exist_ok=True)",
        "",
    ),
    Row(
        "a model through joblib",
        "--- setup\nimport joblib\n--- step:a\njoblib.dump([1], 'm.pkl')\n--- step:b\nprint(joblib.load('m.pkl'))",
        "a>b",
    ),
    Row(
        "pickle through open files",
        "--- setup\nimport pickle\n--- step:a\nwith open('m.pkl', 'wb') as f:\n    pickle.dump([1], f)\n--- step:b\nwith open('m.pkl', 'rb') as f:\n    print(pickle.load(f))",
        "a>b",
    ),
    Row(
        "removing a file",
        "--- setup\nimport os\n--- step:a\nopen('o.txt', 'w').write('x')\n--- step:b\nprint(open('o.txt').read())\n--- step:c\nos.remove('o.txt')",
        "a>b b>c",
    ),
    Row(
        "a figure saved and shown",
        "--- setup\nimport matplotlib.pyplot as plt\n--- step:a\nplt.plot([1])\nplt.savefig('p.png')\n--- step:b\nfrom IPython.display import Image\nImage('p.png')",
        "a>b",
    ),
]
