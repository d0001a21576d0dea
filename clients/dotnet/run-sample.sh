#!/bin/sh
# Compiles a program of the vendor's library against this one, and runs it. A Debug.Assert that fails ends it with 70.
# Usage: clients/dotnet/run-sample.sh [--no-run] SAMPLE.cs [ARGUMENT...]    (build.sh first)
# With BLUETAP_SAMPLE_OUT=FOLDER the program stays there: Sample.exe, its configuration and the two libraries.
# --no-run only compiles it, for another machine.
set -eu
run=yes
if [ "${1-}" = --no-run ]; then
  run=no
  shift
fi
[ $# -ge 1 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 64; }
here=$(cd "$(dirname "$0")" && pwd)
sample=$1
shift
[ -f "$here/bin/BluetapLib.dll" ] || { echo "run-sample.sh: run $here/build.sh first" >&2; exit 64; }

out=${BLUETAP_SAMPLE_OUT-}
if [ -z "$out" ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi
mkdir -p "$out"
cp "$here"/bin/BluetapLib.dll* "$here/bin/AssertListener.dll" "$out"
cp "$here/assert.config" "$out/Sample.exe.config"
mcs -nologo -d:DEBUG -r:"$out/BluetapLib.dll" -r:System.Windows.Forms.dll -out:"$out/Sample.exe" "$sample"
[ "$run" = yes ] || exit 0
status=0
mono "$out/Sample.exe" "$@" || status=$?
exit "$status"
