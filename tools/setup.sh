#!/bin/sh
# Make .venv, with everything the book and its tests need in it.
#
# Finds a Python of at least the wanted version even where `python3` is older, installs the
# versions in constraints.txt, and does nothing when neither they nor pyproject.toml changed.
set -eu
home=${HOME:-/nonexistent}
cd "$(dirname "$0")/.."

venv=.venv
installed=$venv/installed  # what stood in the two files when the installation finished

candidates() {
    wanted=$(cat .python-version)
    for name in "${PYTHON:-python$wanted}" "python$wanted" python3.13 python3.14 python3 python; do
        command -v "$name" || true
    done
    # Tools that keep several Pythons each have a folder for them, often not on PATH.
    for python in \
        "${PYENV_ROOT:-$home/.pyenv}"/versions/3.*/bin/python3 \
        "${UV_PYTHON_INSTALL_DIR:-$home/.local/share/uv/python}"/*/bin/python3 \
        "$home"/.local/share/mise/installs/python/*/bin/python3 \
        "$home"/.asdf/installs/python/*/bin/python3 \
        "$home"/miniconda3/bin/python3 "$home"/miniconda3/envs/*/bin/python3 \
        "$home"/miniforge3/bin/python3 "$home"/miniforge3/envs/*/bin/python3 \
        "$home"/anaconda3/bin/python3 "$home"/anaconda3/envs/*/bin/python3 \
        /opt/conda/bin/python3 \
        /opt/homebrew/opt/python@3.*/bin/python3.* \
        /usr/local/opt/python@3.*/bin/python3.* \
        /home/linuxbrew/.linuxbrew/opt/python@3.*/bin/python3.* \
        /Library/Frameworks/Python.framework/Versions/3.*/bin/python3 \
        /usr/local/bin/python3.* /opt/python*/bin/python3; do
        echo "$python"
    done
}

# Only running a candidate tells what it is: a shim on PATH may stand for nothing, and a
# Debian Python may lack the parts that make environments.
suits() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 </dev/null
}

find_python() {
    candidates | while read -r python; do
        if suits "$python"; then
            echo "$python"
            break
        fi
    done
}

if cat pyproject.toml constraints.txt | cmp -s - $installed && suits $venv/bin/python; then
    exit 0
fi

if ! suits $venv/bin/python; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "Chainrule needs Python 3.12 or newer with its venv module, and found none:" \
            "install one (python.org, your package manager, or 'uv python install 3.12')," \
            "or name it: make PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
    echo "Making .venv with $python"
    "$python" -m venv --clear $venv
fi
echo "Installing into .venv (a minute or two, the first time)"
$venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
    --constraint constraints.txt --editable '.[docs,test]'
cat pyproject.toml constraints.txt >$installed
