"""IPython's magics, by what they do to names."""

from __future__ import annotations

from nb2pipe.analysis.tables.words import words

STATEMENT = words(
    """
    debug lprun memit mprun pdb prun time timeit
    """
)
"""Line magics that run the rest of the line as Python."""

NO_CODE = words(
    """
    HTML SVG alias autoawait automagic autosave bookmark code_wrap dhist dirs doctest_mode gui
    hist history html javascript js latex logoff logon logstart logstate logstop lsmagic magic markdown
    notebook page pdef pdoc pfile pinfo pinfo2 psearch psource pwd quickref
    recall rehashx subplots svg sx tb unload_ext
    """
)
"""Magics that touch no name."""

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

AUTOMAGIC = words(
    """
    cat cd conda cp env hist history less ll load_ext ls mamba man matplotlib mkdir more mv pdoc pinfo pip prun
    pwd reload_ext reset rm rmdir run set_env store time timeit uv who who_ls whos
    """
)
"""Words that alone on a line are commands without ``%``."""

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
