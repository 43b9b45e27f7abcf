"""The diagnostics of the conversion: ``N2P3xx``. ``nb2pipe/catalogue.py`` joins these with those of the other parts."""

from __future__ import annotations

from nb2pipe.rules import Rule

RULES: dict[str, Rule] = {
    "N2P301": Rule(
        "error",
        "Unknown step in `after:`",
        "A tag `after:` or `prev:` names a step that the notebook does not have.",
        "An order that the author wants would silently be dropped.",
        "step:train, after:claen",
        "Correct the name.",
        "Step {step} is tagged to come after {name!r}, but there is no such step.",
        "{advice}",
    ),
    "N2P302": Rule(
        "error",
        "`after:` a later step",
        "A tag `after:` names a step that stands later in the notebook.",
        "Notebook order is the truth; together with it the tag makes a cycle.",
        "step:load, after:train   # train stands below",
        "Move the cells, or drop the tag.",
        "Step {step} is tagged to come after step {name}, which begins later, at cell {cell}.",
        "Move the cells of step {name} before those of step {step}, or drop the tag.",
    ),
    "N2P303": Rule(
        "error",
        "`after:` itself",
        "A step is tagged to come after itself.",
        "No order can do that.",
        "step:load, after:load",
        "Drop the tag, or correct the name.",
        "Step {step} is tagged to come after itself.",
        "Drop the tag, or name the step that was meant.",
    ),
    "N2P304": Rule(
        "error",
        "Step in pieces that cannot be joined",
        "A step is continued behind another step's cells, and what stands between minds where it runs.",
        "Run in one piece, it would see or leave other values than in Run All.",
        "x = 1        # step one\ny = x + 1    # step two\nx = y * 2    # step one again",
        "Give the later cells a step name of their own.",
        "Step {step} is continued in cell {own} behind cell {between} of step {other}, and both use {what}; "
        "run in one piece it would not give what Run All gives.",
        "Give cell {own} a step name of its own.",
    ),
    "N2P305": Rule(
        "info",
        "Setup cell that runs once",
        "A cell tagged `setup` uses or changes what a step before it made, writes files, reads a file that a step "
        "behind it writes, or stands behind the last step.",
        "Run again in every step it would give other values, so it runs once, as part of the step named.",
        "df['x'] = 1   # tagged setup, df made in step load",
        "Nothing; tag it as part of the step to say so.",
        "This setup cell cannot run again in every step; it runs once, as part of step {step}.",
        "Tag it `step:{step}` to say so.",
    ),
    "N2P306": Rule(
        "info",
        "Step parted by a container cell",
        "A step has a cell `%%container` among other cells.",
        "Such a cell runs in an image that needs neither Python nor papermill, so it is a step of its own.",
        "x = load()               # step prep\n%%container IMAGE ...     # in the same step",
        "Nothing; give the cell, and the cell behind it, tags of their own to name the parts.",
        "This container cell is a step of its own, so that step {step} becomes {names}.",
        "Tag this cell and the one behind it to give them names that say more.",
    ),
    "N2P307": Rule(
        "warning",
        "Magic of container cells not loaded",
        "A cell uses `%%container`, and no cell before it loads nb2pipe's extension.",
        "Run All fails on that cell, and so does the pipeline, unless IPython's own configuration loads it.",
        "%%container alpine --out greeting   # no %load_ext nb2pipe before",
        "Put `%load_ext nb2pipe` into a cell before, such as that of the imports.",
        "`%%container` is used, but no cell loads it.",
        "Put `%load_ext nb2pipe` into a cell before this one.",
    ),
    "N2P310": Rule(
        "warning",
        "Order that the `prev:` tags do not declare",
        "Data flows between two steps that Kale's `prev:` tags do not put in order.",
        "Kale would not hand the value over; here the order is kept.",
        "x = 1      # block:load\nprint(x)   # block:use, without prev:load",
        "Add the tag, so that the notebook says what it needs.",
        "Step {step} needs `{name}` from step {source} (cell {made}), but no `prev:` tag says so; the order is kept.",
        "Add the tag `prev:{source}`.",
    ),
    "N2P311": Rule(
        "warning",
        "Branches that change one object",
        "Two steps that the `prev:` tags make parallel both change one object.",
        "Side by side each would change a copy of its own; they run one after the other, as in Run All.",
        "items.append(1)   # block:one, prev:start\nitems.append(2)   # block:two, prev:start",
        "Let each branch make an object of its own and join them later, or declare the order.",
        "Steps {source} (cell {made}) and {step} (cell {cell}) both change `{name}`; "
        "they run one after the other, in the notebook's order.",
        "Let each branch make a value of its own, or add the tag `prev:{source}` to step {step}.",
    ),
    "N2P320": Rule(
        "error",
        "Steps in another language than Python",
        "A notebook in another language has several steps.",
        "Its variables cannot be carried from one step to the next.",
        'load <- read.csv("a.csv")   # an R notebook with two steps',
        "Use one step, or files between the steps and say so: "
        '`"nb2pipe": {"data": "files"}` in the notebook\'s metadata.',
        "This is a notebook in {language}: its variables cannot cross to step {step}.",
        "Keep it in one step, or hand on files only and set "
        '`"nb2pipe": {{"data": "files"}}` in the notebook\'s metadata.',
    ),
    "N2P926": Rule(
        "error",
        "Time for an approval that is not asked for",
        "A step has the setting `approval_timeout_s`, but not `approval`.",
        "It would run without anybody having been asked, which is hardly what its author means.",
        'nb2pipe: {"approval_timeout_s": 3600}',
        'Add `"approval": true` or the question to ask, or remove the setting.',
        "Step {step} has the setting approval_timeout_s, but no approval to wait for.",
        'Add "approval": true, or the question to ask as a text; or remove approval_timeout_s.',
    ),
}
