"""NumPy, SciPy and their kin."""

FUNCTIONS = {
    "numpy": {
        "array part": """asarray asanyarray ascontiguousarray ravel reshape transpose squeeze swapaxes moveaxis
            atleast_1d atleast_2d atleast_3d broadcast_to expand_dims split array_split hsplit vsplit dsplit diagonal
            broadcast_arrays rollaxis real imag fromiter rot90 flip fliplr flipud asfortranarray einsum frombuffer
            require asmatrix mat matrix_transpose permute_dims unstack trim_zeros from_dlpack asarray_chkfinite
            lib.stride_tricks.as_strided lib.stride_tricks.sliding_window_view lib.stride_tricks.broadcast_to
            ma.array ma.masked_array ma.asarray ma.masked_where ma.masked_invalid ma.masked_equal ma.getmask
            ma.getdata ma.getmaskarray rec.array lib.recfunctions.structured_to_unstructured""",
        "array boxes": "array",
        "array part overwrites": "nan_to_num",
        "none mutates0": """copyto put place putmask fill_diagonal put_along_axis add.at subtract.at multiply.at
            divide.at maximum.at minimum.at logical_or.at logical_and.at bitwise_or.at""",
        "array mutates1": """sqrt exp exp2 log log2 log10 log1p expm1 negative positive abs absolute fabs square sign
            floor ceil rint trunc sin cos tan arcsin arccos arctan sinh cosh tanh reciprocal conjugate invert
            logical_not isnan isinf isfinite""",
        "array mutates2": """add subtract multiply divide true_divide floor_divide power float_power remainder mod
            fmod maximum minimum fmax fmin hypot arctan2 logical_and logical_or logical_xor bitwise_and bitwise_or
            bitwise_xor left_shift right_shift greater greater_equal less less_equal equal not_equal matmul""",
        "array mutates3": "clip",
        "array reads0": "load loadtxt genfromtxt fromfile",
        "function": "frompyfunc",
        "none writes0": "savetxt",
        "none sets=numpy.printoptions": "set_printoptions",
        "any sees=numpy.printoptions": "get_printoptions",
        "any restores=numpy.printoptions": "printoptions",
        "any sets=numpy.errstate": "seterr setbufsize",
        "any sees=numpy.errstate": "geterr getbufsize",
        "any sets=numpy.errcall": "seterrcall",
        "any restores=numpy.errstate": "errstate",
        "scalar": """mean sum std var min max argmin argmax median percentile quantile prod allclose array_equal
            isclose ptp average nanmean nansum nanstd nanmin nanmax nanmedian dot trapz trapezoid ndim size shape
            float32 float64 int32 int64 int8 int16 uint8 bool_ dtype finfo iinfo isscalar result_type can_cast
            count_nonzero datetime64 timedelta64 interp""",
        "iterator holds": "nditer ndenumerate ndindex",
    },
    "numpy.random": {
        "rng": "default_rng RandomState Generator PCG64 MT19937 SeedSequence Philox",
        "none seeds=numpy.random": "seed set_state",
        "any sees=numpy.random": "get_state",
        "none draws=numpy.random mutates0": "shuffle",
        "rng draws=numpy.random": "get_bit_generator",
    },
    "scipy.stats": {},
    "scipy.io": {
        "any reads0": "loadmat",
        "none writes0": "savemat",
        "any reads0 ": "wavfile.read",
        "none writes0 ": "wavfile.write",
    },
    "scipy.sparse": {"array reads0": "load_npz", "none writes0": "save_npz", "array draws=numpy.random": "random rand"},
    "scipy.optimize": {"any draws=numpy.random": "differential_evolution dual_annealing basinhopping shgo"},
    "scipy.cluster.vq": {"any draws=numpy.random": "kmeans kmeans2"},
    "scipy.signal": {},
    "scipy.linalg": {},
    "scipy.spatial": {},
    "scipy.special": {},
    "scipy.interpolate": {},
    "scipy": {},
    "networkx": {
        "none": "draw draw_networkx draw_spring draw_circular",
        "none mutates0": "set_node_attributes set_edge_attributes add_path add_cycle add_star freeze",
        "graph": "Graph DiGraph MultiGraph from_pandas_edgelist",
    },
    "statsmodels": {"frame": "api.add_constant tools.add_constant api.datasets.get_rdataset"},
    "sympy": {},
    "patsy": {},
    "torch": {
        "none seeds=torch": "manual_seed set_rng_state cuda.manual_seed cuda.manual_seed_all random.manual_seed",
        "none sets=torch.config": """set_default_dtype set_default_device set_default_tensor_type set_printoptions
            set_num_threads use_deterministic_algorithms set_grad_enabled set_float32_matmul_precision""",
        "array draws=torch": "rand randn randint randperm normal bernoulli multinomial rand_like randn_like",
        "any reads0": "load",
        "none mutates1 writes1": "save",
        "array part": "as_tensor from_numpy asarray reshape squeeze transpose",
        "any": "device no_grad inference_mode",
    },
    "torch.nn": {"estimator holds draws=torch": "Linear Conv1d Conv2d LSTM GRU RNN Embedding Transformer Bilinear"},
    "torch.nn.functional": {"array draws=torch": "dropout"},
    "torch.optim": {},
    "torch.utils.data": {"any draws=torch": "random_split"},
    "joblib": {
        "any reads0 unpickles": "load",
        "list writes1 flat": "dump",
        "any holds": "delayed Memory",
        "any unknown": "Parallel",
    },
    "cloudpickle": {
        "scalar": "dumps",
        "any unpickles": "loads",
        "any mutates0 unpickles": "load",
        "none mutates1": "dump",
    },
    "dill": {"scalar": "dumps", "any unpickles": "loads", "any mutates0 unpickles": "load", "none mutates1": "dump"},
    "yaml": {"any": "safe_load load full_load safe_load_all", "str": "dump safe_dump"},
    "toml": {"any": "loads load", "str": "dumps dump"},
    "tomllib": {},
    "requests": {"any varies": "get post put delete head patch request", "session varies": "Session session"},
    "tqdm": {"arg": "tqdm trange tqdm_notebook auto.tqdm auto.trange notebook.tqdm", "none": "tqdm.write"},
    "tabulate": {"str": "tabulate"},
    "sqlalchemy": {"engine": "create_engine", "any": "text select"},
    "psycopg": {"connection varies": "connect"},
    "psycopg2": {"connection varies": "connect"},
    "pymysql": {"connection varies": "connect"},
    "duckdb": {"connection varies": "connect", "any varies": "sql query"},
    "PIL": {"image reads0": "Image.open"},
    "skimage": {"array reads0": "io.imread", "none writes1": "io.imsave"},
    "cv2": {"array reads0": "imread", "none writes0": "imwrite"},
    "imageio": {"array reads0": "imread", "none writes0": "imwrite imsave"},
    "IPython": {},
    "ipywidgets": {},
    "IPython.display": {"display": "DisplayHandle", "any reads0": "Image Video Audio FileLink SVG IFrame"},
    "rich": {},
    "pyspark.sql": {"spark varies": "SparkSession.builder SparkSession"},
    "faker": {},
    "pandera": {},
    "pydantic": {},
}

DEFAULTS = {
    "numpy": "array",
    "numpy.random": "array draws=numpy.random",
    "numpy.linalg": "array",
    "numpy.fft": "array",
    "numpy.testing": "none",
    "scipy.stats": "any draws=scipy",
    "scipy": "any",
    "scipy.signal": "any",
    "scipy.linalg": "any",
    "scipy.spatial": "any holds",
    "scipy.special": "any",
    "scipy.interpolate": "any holds",
    "scipy.io": "any",
    "scipy.sparse": "array",
    "scipy.optimize": "any",
    "scipy.cluster.vq": "any",
    "networkx": "any",
    "statsmodels": "statsmodel holds",
    "sympy": "any",
    "patsy": "any",
    "torch": "array",
    "torch.nn": "estimator holds",
    "torch.nn.functional": "array",
    "torch.optim": "optimizer holds",
    "torch.utils.data": "any holds",
    "yaml": "any",
    "tomllib": "any",
    "tabulate": "str",
    "IPython.display": "none",
    "IPython": "any",
    "rich": "none",
    "PIL": "any",
    "skimage": "array",
    "cv2": "array part",
    "imageio": "array",
    "sqlalchemy": "any holds",
    "pydantic": "any",
    "ipywidgets": "any holds",
}

METHODS = {
    "array": {
        "none mutates stores": "append extend update setdefault clear discard popitem",  # of what stands in it
        "part mutates": "pop",
        "none mutates": "sort fill resize put partition itemset setfield setflags byteswap",
        "array part": """reshape ravel transpose view squeeze swapaxes diagonal detach numpy cpu cuda to contiguous
            permute unsqueeze expand T real imag""",
        "scalar": "mean sum std var min max argmin argmax prod all any item ptp dot trace",
        "list flat": "tolist",
        "none writes0": "tofile dump",
        "array": "flatten copy astype cumsum clip round clone",
        "none mutates ": """add_ sub_ mul_ div_ zero_ fill_ copy_ clamp_ normal_ uniform_ requires_grad_ backward""",
    },
    "connection": {"any external": ""},
    "statsmodel": {"result holds": "fit fit_regularized"},
    "optimizer": {"any mutates deep": "step zero_grad load_state_dict", "any": "state_dict"},
    "graph": {
        "none mutates": """add_node add_nodes_from add_edge add_edges_from remove_node remove_edge
        add_weighted_edges_from remove_nodes_from remove_edges_from clear"""
    },
    "image": {"none writes0": "save", "none mutates": "paste putpixel putdata thumbnail seek load"},
}

METHOD_DEFAULTS = {
    "statsmodel": "any",
    "result": "any",
    "array": "array",
    "connection": "cursor external",
    "cursor": "part external",
    "engine": "connection external",
    "session": "any external",
    "spark": "any external",
    "graph": "any holds",
    "image": "image",
    "socket": "any external",
    "lock": "any external",
    "pool": "any unknown",
    "thread": "any external",
}
