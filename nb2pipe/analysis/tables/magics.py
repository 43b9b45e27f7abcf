"""IPython's magics, by what they do to names."""

from __future__ import annotations

from nb2pipe.analysis.tables.words import words

STATEMENT = {
    "debug": "b",
    "lprun": "fmDTsru",
    "memit": "rt",
    "mprun": "fT",
    "pdb": "",
    "prun": "lsTD",
    "time": "",
    "timeit": "nrp",
}
"""Line magics that run the rest of the line as Python, and the letters of their options that take a value."""

NO_CODE = words(
    """
    HTML SVG alias autoawait automagic autosave bookmark code_wrap dhist dirs doctest_mode gui
    hist history html javascript js latex logoff logon logstart logstate logstop lsmagic magic markdown
    notebook pwd quickref
    recall rehashx subplots svg sx tb unload_ext
    """
)
"""Magics that touch no name."""

INSPECTING = words(
    """
    page pdef pdoc pfile pinfo pinfo2 psearch psource
    """
)
"""Magics that look up the names in their line and show what they find."""

SHELL = words(
    """
    ! bash cat cmd cp ld less lf lk ll ls lx man mkdir more mv perl rm rmdir ruby script sh sx system zsh
    """
)
"""Magics that run commands."""

WHOLE = words(
    """
    ed edit load loadpy macro pastebin rerun reset_selective run save store who who_ls whos xdel
    """
)
"""Magics that read or bind names that only show when they run."""

LINE_MAGICS = words(
    """
    alias alias_magic autoawait autocall autoindent automagic bookmark cat cd clear code_wrap colors conda
    config cp cpaste debug dhist dirs doctest_mode ed edit env gui hist history killbgscripts ldir less lf lk
    ll load load_ext loadpy logoff logon logstart logstate logstop ls lsmagic lx macro magic mamba man
    matplotlib micromamba mkdir more mv notebook page paste pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd
    pprint precision prun psearch psource pushd pwd pycat pylab quickref recall rehashx reload_ext rep rerun
    reset reset_selective rm rmdir run save sc set_env store subshell sx system tb time timeit unalias
    unload_ext uv who who_ls whos xdel xmode
    """
)
"""All line magics: at the start of a cell of one line they need no ``%``, unless a name hides them."""

AMBIENT = {
    "load_ext": "extensions",
    "reload_ext": "extensions",
    "autoreload": "extensions",
    "alias_magic": "extensions",
    "cd": "cwd",
    "pushd": "cwd",
    "popd": "cwd",
    "env": "environ",
    "set_env": "environ",
    "config": "ipython",
    "precision": "ipython",
    "pprint": "ipython",
    "colors": "ipython",
    "xmode": "ipython",
}
"""Magics that change ambient state, with its key."""
