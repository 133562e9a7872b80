"""What bash, zsh and fish are told so that a press of the tab key asks caresim (completion.py) what may come next.

Each function hands over the line up to the cursor, in the environment, and gets whole words back, one a line. The shell
quotes what it inserts. A word that goes on (it ends with = . / or @) gets no blank behind it.
"""

from __future__ import annotations

BASH = r"""_caresim_complete() {
    local line=${COMP_LINE:0:COMP_POINT} word cut="" found=()
    word=${line##*[[:space:]]}
    mapfile -t found < <(COMP_LINE=$line "${COMP_WORDS[0]}" -sc query=bash 2>/dev/null)
    [[ $word == *[=:@]* ]] && cut=${word%"${word##*["$COMP_WORDBREAKS"]}"}
    COMPREPLY=()
    for word in "${found[@]}"; do
        word=${word#"$cut"}
        [[ $word == *[=./@] ]] && compopt -o nospace
        COMPREPLY+=("$(printf '%q' "$word")")
    done
}
complete -o default -F _caresim_complete caresim
"""
ZSH = r"""_caresim_complete() {
    local -a found open
    found=("${(@f)$(COMP_LINE="${LBUFFER}" "${words[1]}" -sc query=zsh 2>/dev/null)}")
    open=("${(@M)found:#*[=./@]}")
    found=("${(@)found:#*[=./@]}")
    (( ${#open} )) && compadd -S '' -- "${open[@]}"
    (( ${#found} )) && compadd -- "${(@)found:#}"
    (( ${#open} + ${#found} )) || _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _caresim_complete caresim
"""
FISH = r"""function _caresim_complete
    set -lx COMP_LINE (commandline -cp)
    eval (commandline -opc)[1] -sc query=fish 2>/dev/null
end
complete -c caresim -a '(_caresim_complete)'
"""
INSTALL = {"bash": BASH, "zsh": ZSH, "fish": FISH}
UNINSTALL = {
    "bash": "complete -r caresim\nunset -f _caresim_complete\n",
    "zsh": "compdef -d caresim\nunfunction _caresim_complete\n",
    "fish": "complete -e -c caresim\nfunctions -e _caresim_complete\n",
}
EXAMPLES = {
    "bash": 'eval "$(caresim -sc install=bash)"',
    "zsh": 'eval "$(caresim -sc install=zsh)"',
    "fish": "caresim -sc install=fish | source",
}
"""A line for the shell's own file of settings."""
SCRIPTS = {"install": INSTALL, "uninstall": UNINSTALL}


def script(what: str, shell: str) -> str:
    """What the shell shall evaluate. BadInput for what is no request for a script of a shell that is known."""
    if what in SCRIPTS and shell in INSTALL:
        return SCRIPTS[what][shell]
    from caresim.config.errors import MISSING, BadInput  # late: it takes longer to load than all else here

    asked = f"{what}={shell}".rstrip("=") or MISSING
    ways = ", ".join(f"{name}: {line}" for name, line in EXAMPLES.items())
    raise BadInput("--shell-completion", asked, f"allowed: install=SHELL and uninstall=SHELL ({ways})")
