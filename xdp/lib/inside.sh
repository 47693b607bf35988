#!/usr/bin/env bash
# One lab within the virtual machine: see debian.sh.
#
# usage: inside.sh ROOT LOADER LAB        the last line: N passed, M failed
set -euo pipefail
root=$1 here=$1/xdp loader=$2 prefix=xdp$$
. "$root/interop/lib/check.sh"
. "$root/interop/lib/namespaces.sh"
trap cleanup EXIT
. "$here/lib/$3.sh"
finish
