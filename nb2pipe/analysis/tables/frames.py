"""pandas, and frames of its kind."""

FUNCTIONS = {
    "pandas": {
        "frame boxes": "DataFrame",
        "series boxes": "Series",
        "frame": """concat merge merge_asof merge_ordered get_dummies melt pivot pivot_table crosstab
            json_normalize DataFrame.from_dict DataFrame.from_records wide_to_long lreshape""",
        "frame reads0": """read_csv read_table read_parquet read_json read_feather read_pickle read_fwf read_orc
            read_stata read_sas read_spss read_xml read_hdf""",
        "frame reads0 ": "read_excel read_html",
        "frame external0": "read_sql_query read_sql_table read_sql",
        "series": """
            to_numeric to_datetime to_timedelta cut qcut date_range period_range timedelta_range
            bdate_range interval_range Categorical
        """,
        "index": """
            Index MultiIndex MultiIndex.from_tuples MultiIndex.from_product MultiIndex.from_arrays RangeIndex
            DatetimeIndex CategoricalIndex
        """,
        "scalar": "isna isnull notna notnull Timestamp Timedelta Period Interval unique value_counts",
        "none sets=pandas.options": "set_option reset_option set_eng_float_format",
        "any sees=pandas.options": "get_option describe_option",
        "any restores=pandas.options": "option_context",
        "writer writes0": "ExcelWriter HDFStore",
        "file reads0": "ExcelFile",
        "any names": "eval",
    },
    "pandas.plotting": {"axes": "scatter_matrix autocorrelation_plot lag_plot parallel_coordinates"},
    "polars": {"frame reads0": "read_csv read_parquet read_json scan_csv scan_parquet", "frame": "DataFrame concat"},
    "pyarrow": {"frame reads0": "parquet.read_table csv.read_csv", "none writes1": "parquet.write_table"},
    "geopandas": {"frame reads0": "read_file"},
}

DEFAULTS = {
    "pandas": "any",
    "pandas.plotting": "axes",
    "pandas.api.types": "scalar",
    "pandas.tseries": "any",
    "pandas.testing": "none",
    "pandas.errors": "exception",
    "polars": "any",
    "pyarrow": "any",
    "geopandas": "any",
}

_WRITE = """to_csv to_parquet to_excel to_json to_feather to_pickle to_stata to_html to_markdown to_latex to_string
    to_hdf to_orc to_xml write_csv write_parquet write_json"""

METHODS = {
    "frame": {
        "none mutates stores": "update",
        "none mutates": "insert isetitem",
        "series mutates": "pop",
        "none writes0": _WRITE,
        "none external1": "to_sql",
        "frame names": "query eval",
        "array part": "to_numpy",
        "groupby holds": "groupby rolling expanding resample ewm",
        "view": "items itertuples iterrows",
        "frame draws=numpy.random": "sample",
        "frame": """copy head tail drop dropna fillna rename merge join assign sort_values sort_index
            reset_index set_index drop_duplicates astype replace apply map applymap describe isna isnull notna corr cov
            melt pivot pivot_table stack unstack explode transpose select_dtypes filter nlargest nsmallest
            agg aggregate transform diff shift cumsum cumprod pct_change rank round clip where mask combine_first
            interpolate ffill bfill reindex to_frame value_counts convert_dtypes infer_objects rename_axis xs align
            add sub mul div truediv mod pow eq ne lt le gt ge abs quantile mode duplicated isin between get
            tz_localize tz_convert asfreq truncate add_prefix add_suffix set_axis squeeze dot""",
        "series": "sum mean median std var min max count nunique idxmin idxmax skew kurt any all prod memory_usage sem",
        "none": "info",
        "axes": "plot hist boxplot",
        "self": "set_flags",
        "part": "pipe",
    },
    "series": {
        "none mutates stores ": "append extend setdefault clear discard",  # of what stands in it
        "series draws=numpy.random": "sample",
        "none mutates stores": "update",
        "scalar mutates": "pop",
        "none writes0": _WRITE,
        "array part": "to_numpy ravel view",
        "list flat": "tolist to_list",
        "array": "unique",
        "dict flat": "to_dict",
        "view": "items",
        "scalar": """
            sum mean median std var min max nunique count idxmin idxmax argmin argmax skew kurt any all prod
            autocorr corr cov sem item
        """,
        "groupby holds": "groupby rolling expanding resample ewm",
        "axes": "plot hist",
    },
    "groupby": {
        "frame": """agg aggregate apply transform filter mean sum count size min max std var median first last
        nunique head tail cumsum cumcount rank describe shift diff pct_change quantile nth ngroup value_counts idxmax
        idxmin prod ohlc corr cov interpolate ffill bfill asfreq""",
        "part": "get_group",
        "axes": "plot hist boxplot",
    },
    "index": {"list flat": "tolist to_list", "frame": "to_frame", "array": "to_numpy"},
    "writer": {"none mutates": "close save"},
    "result": {
        "any": """summary conf_int cov_params get_prediction get_forecast forecast simulate wald_test t_test f_test
            evaluate count_params get_config get_weights plot_diagnostics plot_components make_future_dataframe
            get_params_as_list""",
    },
}

METHOD_DEFAULTS = {
    "styler": "styler",
    "frame": "frame",
    "series": "series",
    "groupby": "frame",
    "index": "index",
    "strings": "series",
}

FRAME_PARTS = {
    "indexer": "loc iloc at iat",
    "index": "columns index",
    "array": "values T array",
    "strings": "str dt cat sparse list struct",
    "plotter": "plot hist",
    "scalar": "shape size ndim empty dtype name is_unique hasnans",
    "series": "dtypes",
    "dict": "attrs flags",
    "styler": "style",
}
