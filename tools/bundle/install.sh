#!/bin/sh
# Install fenming from this bundle, or replace an older one: sh install.sh FOLDER
# It needs Python @PYTHON@ and neither a network nor a compiler. PYTHON=/path/to/python names the Python to take.
set -u
wanted=@PYTHON@

say() { # English, Chinese
    case ${FENMING_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}} in
    zh*) printf 'install.sh: %s\n' "$2" >&2 ;;
    *) printf 'install.sh: %s\n' "$1" >&2 ;;
    esac
}

version() { # of a Python, such as 3.11; nothing where it does not run
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

if [ $# -ne 1 ] || [ -z "$1" ]; then
    say "name the folder to install into: sh install.sh FOLDER" "请指明安装到哪个文件夹：sh install.sh 文件夹"
    exit 2
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1

chosen=
found=
if [ -n "${PYTHON:-}" ]; then
    set -- "$1" "$PYTHON"
else
    set -- "$1" "python$wanted" python3 python
fi
folder=$1
shift
for python; do
    is=$(version "$python") || continue
    if [ "$is" = "$wanted" ]; then
        chosen=$python
        break
    fi
    found=${found:-"$python: Python $is"}
done
if [ -z "$chosen" ]; then
    say "this bundle needs Python $wanted, which was not found (${found:-no Python was found}). Install Python $wanted, name it with PYTHON=/path/to/python$wanted, or take the bundle for the Python that you have." \
        "本安装包需要 Python $wanted，未找到（${found:-没有找到任何 Python}）。请安装 Python $wanted，或用 PYTHON=/路径/python$wanted 指明，或换用与现有 Python 对应的安装包。"
    exit 1
fi
exec "$chosen" -I -B "$here/install.py" "$folder"
