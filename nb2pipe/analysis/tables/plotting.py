"""Plotting: what it draws on changes, what it draws does not."""

FUNCTIONS = {
    "matplotlib": {
        "none sets=matplotlib.rcParams": "rc rcdefaults rc_file style.use use",
        "any restores=matplotlib.rcParams": "rc_context",
        "any": "get_backend",
    },
    "matplotlib.pyplot": {
        "axes": "subplots figure subplot axes gca gcf subplot_mosaic twinx hist boxplot bar plot scatter imshow",
        "none writes0": "savefig imsave",
        "array reads0": "imread",
        "none sets=matplotlib.rcParams": "rc rcdefaults style.use switch_backend ion ioff xkcd",
        "none mutates0": "sca close setp",
        "any restores=matplotlib.rcParams": "rc_context style.context",
    },
    "matplotlib.style": {"none sets=matplotlib.rcParams": "use", "any restores=matplotlib.rcParams": "context"},
    "matplotlib.image": {"array reads0": "imread"},
    "seaborn": {
        "none sets=matplotlib.rcParams": """
            set set_theme set_style set_context set_palette reset_defaults reset_orig set_color_codes despine
        """,
        "frame": "load_dataset",
        "array": "color_palette light_palette dark_palette",
    },
    "plotly": {},
    "altair": {},
    "bokeh": {},
    "wordcloud": {},
    "pylab": {},
    "folium": {},
    "graphviz": {},
    "mpl_toolkits": {},
}

DEFAULTS = {
    "matplotlib": "any",
    "matplotlib.pyplot": "axes",
    "seaborn": "axes",
    "plotly": "axes",
    "altair": "axes",
    "bokeh": "axes",
    "wordcloud": "axes",
    "pylab": "axes",
    "folium": "axes",
    "graphviz": "axes",
    "mpl_toolkits": "any",
}

METHODS = {"axes": {"none mutates writes0": "savefig write_html write_image"}, "plotter": {}}

METHOD_DEFAULTS = {"axes": "axes part mutates", "plotter": "axes"}

# Ambient state that is reached by attribute or subscript rather than by a call.
STATE = {
    "matplotlib.rcParams": "matplotlib.rcParams",
    "matplotlib.pyplot.rcParams": "matplotlib.rcParams",
    "pandas.options": "pandas.options",
    "os.environ": "environ",
    "sys.path": "sys.path",
    "warnings.filters": "warnings",
    "sys.stdout": "sys",
    "sys.stderr": "sys",
    "sys.argv": "sys.argv",
    "builtins.get_ipython": "extensions",
}
