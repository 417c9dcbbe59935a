#!/usr/bin/env bash
# Makes the virtual environment the reference validator runs in.
#
#   setup.sh [FOLDER]
#
# FOLDER defaults to .rosette/reference-validator under the checkout. PYTHON names the interpreter
# to use (default python3). A folder whose stamp matches is left alone. The last line printed on
# standard output is the path of the environment's interpreter.
#
# Exit codes: 0 ready, 1 installing failed, 2 called wrongly, 3 python3 or pip is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-python3}

say() { printf 'reference-validator: %s\n' "$1" >&2; }

if [ $# -gt 1 ] || [ "${1-}" = "" -a $# -eq 1 ]; then
  say "usage: setup.sh [FOLDER]"
  exit 2
fi
folder=${1-$here/../../.rosette/reference-validator}

# A python3 that exists but does not run (a version manager's empty shim) is as good as none.
if ! "$python" -c '' 2>/dev/null; then
  say "python3 is missing; install Python 3.10 or newer, or name one with PYTHON=..."
  exit 3
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
  say "$("$python" --version 2>&1) is too old; Python 3.10 or newer is needed"
  exit 3
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  say "pip for virtual environments is missing; on Debian and Ubuntu install python3-venv"
  exit 3
fi

if [ -e "$folder" ] && [ ! -d "$folder" ]; then
  say "$folder is not a folder"
  exit 2
fi
# Rebuilding removes what is there, so only an environment or an empty folder is touched.
if [ -d "$folder" ] && [ ! -e "$folder/pyvenv.cfg" ] && [ -n "$(ls -A "$folder")" ]; then
  say "$folder holds something else; name an empty folder or one made by this script"
  exit 2
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# The folder is part of the stamp because an environment does not survive being moved.
stamp=$(
  "$python" -c '
import hashlib, sys
facts = hashlib.sha256(repr((sys.version, sys.base_prefix, sys.argv[1])).encode())
for path in sys.argv[2:]:
    with open(path, "rb") as file:
        facts.update(file.read())
print(facts.hexdigest())
' "$folder" "$here/requirements-build.txt" "$here/requirements.txt"
)
if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then
  printf '%s\n' "$folder/bin/python"
  exit 0
fi

say "installing into $folder"
rm -rf "$folder"
if ! "$python" -m venv "$folder"; then
  say "the virtual environment could not be made; see above"
  exit 1
fi
install() {
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps "$@"
}
# The build tools are pinned too, so an old source release never meets a newer, stricter one.
if ! install -r "$here/requirements-build.txt" ||
  ! install --no-build-isolation -r "$here/requirements.txt"; then
  say "pip could not install the pinned releases; see above"
  exit 1
fi
printf '%s\n' "$stamp" >"$folder/.stamp"
printf '%s\n' "$folder/bin/python"
