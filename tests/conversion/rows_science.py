"""Rows about pandas, NumPy, scikit-learn and plots: what runs side by side, and what must not."""

from tests.conversion.rows import Row

_LOAD = "--- setup\nimport pandas as pd\nimport numpy as np\nimport matplotlib.pyplot as plt\n--- step:a\ndf = pd.DataFrame({'x': [1, 2], 'y': [3, 4]})\n"
_LEARN = (
    "--- setup\nimport numpy as np\nfrom sklearn.datasets import load_iris\nfrom sklearn.model_selection import train_test_split, GridSearchCV, cross_val_score\n"
    "from sklearn.linear_model import LogisticRegression\nfrom sklearn.ensemble import RandomForestClassifier\nfrom sklearn.pipeline import make_pipeline\n"
    "from sklearn.preprocessing import StandardScaler\nfrom sklearn.metrics import accuracy_score\n"
    "--- step:a\nX, y = load_iris(return_X_y=True)\nXa, Xb, ya, yb = train_test_split(X, y, random_state=0)\n"
)

SCIENCE = [
    Row(
        "looking at a frame changes nothing",
        _LOAD
        + "--- step:b\ndf.head()\n--- step:c\ndf.describe()\n--- step:d\nprint(df.shape, df.dtypes)\ndf.info()\n--- step:e\ndf",
        "a>b a>c a>d a>e",
    ),
    Row(
        "plots change nothing of the frame",
        _LOAD
        + "--- step:b\ndf.plot(x='x', y='y')\n--- step:c\ndf.plot.scatter(x='x', y='y')\nplt.show()\n--- step:d\nfig, ax = plt.subplots()\nax.plot(df['x'], df.y)\nax.set_title('t')\n"
        "--- step:e\ndf['x'].hist()",
        "a>b a>c a>d a>e",
    ),
    Row(
        "features into new names",
        _LOAD
        + "--- step:b\nf1 = df[['x']].copy()\nf1['z'] = f1['x'] * 2\n--- step:c\nf2 = df.groupby('x').agg({'y': 'mean'}).reset_index()\n--- step:d\nf3 = df['x'] + df['y']\n"
        "--- step:e\nall_ = pd.concat([f1, f2], axis=1).assign(s=f3)",
        "a>b a>c a>d b>e c>e d>e",
    ),
    Row("a new column changes the frame", _LOAD + "--- step:b\ndf['z'] = 1\n--- step:c\nprint(df)", "a>b b>c"),
    Row("loc assignment changes", _LOAD + "--- step:b\ndf.loc[df.x > 1, 'y'] = 0\n--- step:c\nprint(df)", "a>b b>c"),
    Row(
        "at and iloc assignment change",
        _LOAD + "--- step:b\ndf.at[0, 'y'] = 0\ndf.iloc[0, 0] = 1\n--- step:c\nprint(df)",
        "a>b b>c",
    ),
    Row("inplace changes", _LOAD + "--- step:b\ndf.dropna(inplace=True)\n--- step:c\nprint(df)", "a>b b>c"),
    Row("inplace=False does not", _LOAD + "--- step:b\ndf.dropna(inplace=False)\n--- step:c\nprint(df)", "a>b a>c"),
    Row("columns assignment changes", _LOAD + "--- step:b\ndf.columns = ['p', 'q']\n--- step:c\nprint(df)", "a>b b>c"),
    Row(
        "insert and pop change",
        _LOAD + "--- step:b\ndf.insert(0, 'k', 1)\n--- step:c\ny = df.pop('y')\n--- step:d\nprint(df, y)",
        "a>b b>c c>d",
    ),
    Row("a mask is a copy", _LOAD + "--- step:b\nsub = df[df.x > 1]\nsub['z'] = 1\n--- step:c\nprint(df)", "a>b a>c"),
    Row(
        "a column may be the frame's own",
        _LOAD + "--- step:b\ncol = df['x']\ncol[0] = 9\n--- step:c\nprint(df)",
        "a>b b>c",
    ),
    Row("query reads names", _LOAD + "--- step:b\nlimit = 1\n--- step:c\nprint(df.query('x > @limit'))", "a>c b>c"),
    Row(
        "apply calls the function",
        _LOAD + "--- step:b\nrate = 2\n--- step:c\nprint(df.apply(lambda r: r.x * rate, axis=1))",
        "a>c b>c",
    ),
    Row(
        "pipe calls the function with the frame",
        _LOAD
        + "--- step:b\ndef add(d):\n    d['z'] = 1\n    return d\n--- step:c\nout = df.pipe(add)\n--- step:d\nprint(df)",
        "a>c b>c c>d",
    ),
    Row(
        "assign reads names in lambdas",
        _LOAD + "--- step:b\nk = 2\n--- step:c\nprint(df.assign(z=lambda d: d.x * k))",
        "a>c b>c",
    ),
    Row(
        "iterating a frame changes nothing",
        _LOAD
        + "--- step:b\nfor col in df.columns:\n    print(df[col].mean())\nfor i, r in df.iterrows():\n    print(r.x)\n--- step:c\nprint(df)",
        "a>b a>c",
    ),
    Row(
        "groupby loops change nothing",
        _LOAD + "--- step:b\nfor k, g in df.groupby('x'):\n    print(k, g.y.sum())\n--- step:c\nprint(df)",
        "a>b a>c",
    ),
    Row(
        "array sort changes",
        "--- setup\nimport numpy as np\n--- step:a\nv = np.array([2, 1])\n--- step:b\nv.sort()\n--- step:c\nprint(v)",
        "a>b b>c",
    ),
    Row(
        "np.sort does not",
        "--- setup\nimport numpy as np\n--- step:a\nv = np.array([2, 1])\n--- step:b\nnp.sort(v)\n--- step:c\nprint(v)",
        "a>b a>c",
    ),
    Row(
        "a view shares memory",
        "--- setup\nimport numpy as np\n--- step:a\nv = np.arange(6)\nw = v.reshape(2, 3)\n--- step:b\nw[0, 0] = 9\n--- step:c\nprint(v)",
        "a>b b>c",
    ),
    Row(
        "arithmetic makes new arrays",
        "--- setup\nimport numpy as np\n--- step:a\nv = np.arange(6)\nw = v * 2\n--- step:b\nw[0] = 9\n--- step:c\nprint(v)",
        "a>b a>c",
    ),
    Row(
        "*= on an array changes",
        "--- setup\nimport numpy as np\n--- step:a\nv = np.arange(6)\nw = v\n--- step:b\nw *= 2\n--- step:c\nprint(v)",
        "a>b b>c",
    ),
    Row(
        "out= changes",
        "--- setup\nimport numpy as np\n--- step:a\nv = np.arange(6)\n--- step:b\nnp.add(v, 1, out=v)\n--- step:c\nprint(v)",
        "a>b b>c",
    ),
    Row(
        "two models side by side",
        _LEARN
        + "--- step:rf\nrf = RandomForestClassifier(random_state=0).fit(Xa, ya)\n--- step:lr\nlr = make_pipeline(StandardScaler(), LogisticRegression())\nlr.fit(Xa, ya)\n"
        "--- step:e\nprint(accuracy_score(yb, rf.predict(Xb)), lr.score(Xb, yb))",
        "a>rf a>lr rf>e lr>e",
    ),
    Row(
        "models without a seed share NumPy's random numbers",
        _LEARN
        + "--- step:r1\nm1 = RandomForestClassifier().fit(Xa, ya)\n--- step:r2\nm2 = RandomForestClassifier().fit(Xa, ya)",
        "a>r1 r1>r2",
    ),
    Row(
        "fit changes the model",
        _LEARN + "--- step:m\nm = LogisticRegression()\n--- step:f\nm.fit(Xa, ya)\n--- step:p\nprint(m.coef_)",
        "a>f m>f f>p",
    ),
    Row(
        "a search clones what it is given",
        _LEARN
        + "--- step:m\nm = LogisticRegression()\n--- step:f\ngs = GridSearchCV(m, {'C': [1, 2]}, cv=3)\ngs.fit(Xa, ya)\n--- step:p\nprint(gs.best_score_)",
        "a>f m>f f>p",
    ),
    Row(
        "cross validation changes nothing",
        _LEARN + "--- step:m\nm = LogisticRegression()\n--- step:c\ncross_val_score(m, Xa, ya)\n--- step:d\nprint(m)",
        "a>c m>c m>d",
    ),
    Row(
        "fitting in a helper",
        _LEARN
        + "--- step:h\ndef train(model):\n    model.fit(Xa, ya)\n    return model\n--- step:f\nm = train(LogisticRegression())\n--- step:g\nn = train(LogisticRegression(C=2))\n",
        "a>f h>f a>g h>g",
    ),
    Row(
        "models in a dict",
        _LEARN + "--- step:m\nmodels = {'lr': LogisticRegression(), 'rf': RandomForestClassifier(random_state=1)}\n"
        "--- step:f\nfor name, model in models.items():\n    model.fit(Xa, ya)\n--- step:p\nprint(models['lr'].score(Xb, yb))",
        "a>f m>f f>p",
    ),
    Row(
        "results in one dict are in order",
        _LEARN
        + "--- step:r\nresults = {}\n--- step:f\nresults['lr'] = LogisticRegression().fit(Xa, ya).score(Xb, yb)\n"
        "--- step:g\nresults['c2'] = LogisticRegression(C=2).fit(Xa, ya).score(Xb, yb)\n--- step:p\nprint(results)",
        "a>f r>f f>g g>p",
    ),
]
