"""What names alone do not tell: packages that are imported only when something is used, and names that differ."""

from __future__ import annotations

from typing import NamedTuple


class Hint(NamedTuple):
    """A distribution that a package imports by itself when something of it is used.

    Args:
        module: top-level module whose use is meant.
        uses: attributes that need it; empty when every use does.
        needs: distributions; only those that are installed here are taken.
    """

    module: str
    uses: tuple[str, ...]
    needs: tuple[str, ...]


HINTS = (
    Hint("pandas", ("read_parquet", "to_parquet", "read_feather", "to_feather", "read_orc", "to_orc"), ("pyarrow",)),
    Hint("pandas", ("ArrowDtype", "dtype_backend"), ("pyarrow",)),
    Hint("pandas", ("read_excel", "to_excel", "ExcelFile", "ExcelWriter"), ("openpyxl", "xlsxwriter", "xlrd")),
    Hint("pandas", ("read_sql", "read_sql_query", "read_sql_table", "to_sql"), ("sqlalchemy",)),
    Hint("pandas", ("read_hdf", "to_hdf", "HDFStore"), ("tables",)),
    Hint("pandas", ("read_html",), ("lxml", "beautifulsoup4", "html5lib")),
    Hint("pandas", ("read_xml", "to_xml"), ("lxml",)),
    Hint("pandas", ("read_gbq", "to_gbq"), ("pandas-gbq",)),
    Hint("pandas", ("to_markdown",), ("tabulate",)),
    Hint("pandas", ("style",), ("jinja2", "matplotlib")),
    Hint("pandas", ("plot", "hist", "boxplot"), ("matplotlib",)),
    Hint("pandas", ("interpolate", "corr", "skew", "kurt"), ("scipy",)),
    Hint("pandas", (), ("numexpr", "bottleneck")),  # used for sums and comparisons where they are installed
    Hint("polars", ("read_excel",), ("fastexcel",)),
    Hint("polars", ("write_excel",), ("xlsxwriter",)),
    Hint("polars", ("to_pandas", "from_pandas", "to_arrow"), ("pandas", "pyarrow")),
    Hint("polars", ("read_database", "read_database_uri", "write_database"), ("connectorx", "sqlalchemy")),
    Hint("duckdb", ("df", "fetchdf"), ("pandas",)),
    Hint("duckdb", ("arrow", "fetch_arrow_table"), ("pyarrow",)),
    Hint("plotly", (), ("nbformat", "pandas", "numpy")),
    Hint("plotly", ("write_image", "to_image"), ("kaleido",)),
    Hint("sklearn", ("fetch_openml", "set_output"), ("pandas",)),
    Hint("networkx", ("draw", "draw_networkx", "draw_spring"), ("matplotlib", "scipy")),
    Hint("networkx", ("pagerank", "to_scipy_sparse_array", "spectral_layout"), ("scipy",)),
    Hint("xarray", ("open_dataset", "open_mfdataset", "to_netcdf"), ("netcdf4", "h5netcdf", "scipy", "dask")),
    Hint("xarray", ("open_zarr", "to_zarr"), ("zarr",)),
    Hint("xgboost", ("plot_tree", "plot_importance"), ("matplotlib", "graphviz")),
    Hint("lightgbm", ("plot_tree", "plot_importance"), ("matplotlib", "graphviz")),
    Hint("tqdm", ("notebook", "auto"), ("ipywidgets",)),
    Hint("torch", ("tensorboard", "SummaryWriter"), ("tensorboard",)),
    Hint("transformers", (), ("torch", "tokenizers", "accelerate", "sentencepiece")),
)
"""By parsing, not by text: an attribute of this name anywhere in code that imports the module."""

SCHEMES = {
    "s3": ("s3fs",),
    "s3a": ("s3fs",),
    "gs": ("gcsfs",),
    "gcs": ("gcsfs",),
    "az": ("adlfs",),
    "abfs": ("adlfs",),
    "abfss": ("adlfs",),
    "hdfs": ("pyarrow",),
    "postgresql": ("psycopg2", "psycopg2-binary"),
    "postgresql+psycopg2": ("psycopg2", "psycopg2-binary"),
    "postgresql+psycopg": ("psycopg", "psycopg-binary"),
    "postgresql+asyncpg": ("asyncpg",),
    "mysql+pymysql": ("pymysql",),
    "mysql+mysqlconnector": ("mysql-connector-python",),
    "mssql+pyodbc": ("pyodbc",),
    "snowflake": ("snowflake-sqlalchemy",),
    "duckdb": ("duckdb-engine",),
    "bigquery": ("sqlalchemy-bigquery",),
}
"""Beginnings of literal URLs to the distributions that read them; only those that are installed here are taken."""

ALIASES = {
    "attr": ("attrs",),
    "bs4": ("beautifulsoup4",),
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "Crypto": ("pycryptodome",),
    "dateutil": ("python-dateutil",),
    "docx": ("python-docx",),
    "dotenv": ("python-dotenv",),
    "faiss": ("faiss-cpu", "faiss-gpu"),
    "fitz": ("pymupdf",),
    "git": ("gitpython",),
    "jwt": ("pyjwt",),
    "magic": ("python-magic",),
    "MySQLdb": ("mysqlclient",),
    "osgeo": ("gdal",),
    "PIL": ("pillow",),
    "pptx": ("python-pptx",),
    "psycopg2": ("psycopg2-binary",),
    "serial": ("pyserial",),
    "skimage": ("scikit-image",),
    "sklearn": ("scikit-learn",),
    "tables": ("tables", "pytables"),
    "tensorflow": ("tensorflow-cpu",),
    "umap": ("umap-learn",),
    "usb": ("pyusb",),
    "yaml": ("pyyaml",),
    "zmq": ("pyzmq",),
}
"""Modules to distributions of other names, for modules that are not installed here but named in requirements."""

CONDA = {
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "pytables": "tables",
    "py-xgboost": "xgboost",
    "py-opencv": "opencv-python",
    "opencv": "opencv-python",
    "matplotlib-base": "matplotlib",
    "dask-core": "dask",
    "python-graphviz": "graphviz",
    "tensorflow-base": "tensorflow",
    "seaborn-base": "seaborn",
    "faiss-cpu": "faiss-cpu",
    "msgpack-python": "msgpack",
    "plotly-orca": "kaleido",
}
"""conda's names to those of distributions, where they differ."""

CONDA_ITSELF = frozenset({"python", "pip", "setuptools", "wheel", "conda", "nomkl", "mkl", "blas", "openblas"})
"""What an image has by its base, or by the wheels that pip installs."""

RUNTIME = ("papermill", "ipykernel", "cloudpickle")
"""What nb2pipe needs in an image; nb2pipe itself comes in with each task."""
