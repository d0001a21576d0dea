#!/bin/sh
# Compiles the library, the command and the tests with mcs of Debian into bin/.
#   apt-get install -y --no-install-recommends mono-mcs mono-runtime libmono-posix4.0-cil libmono-system-windows-forms4.0-cil
# Usage: clients/dotnet/build.sh [--no-tests]
set -eu
cd "$(dirname "$0")"
mkdir -p bin
# Machine code of an earlier assembly.
rm -f bin/*.so
options='-langversion:7.2 -warn:4 -warnaserror -optimize+ -d:TRACE -debug:portable -nologo'
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' ../../packages/sdk/package.json)
[ -n "$version" ] || { echo 'build.sh: packages/sdk/package.json names no version' >&2; exit 1; }
numbers=${version%%-*}
sed "s/@VERSION@/$version/; s/@NUMBERS@/$numbers/" src/AssemblyInfo.cs.in > bin/AssemblyInfo.cs

# shellcheck disable=SC2046,SC2086 # options and file names contain no spaces
mcs $options -target:library -keyfile:BluetapLib.snk -out:bin/BluetapLib.dll -doc:bin/BluetapLib.xml \
  bin/AssemblyInfo.cs $(find src/BluetapLib src/Json -name '*.cs' | LC_ALL=C sort)
# shellcheck disable=SC2046,SC2086
mcs $options -target:exe -keyfile:BluetapLib.snk -out:bin/bluetap.exe -r:bin/BluetapLib.dll -r:Mono.Posix.dll \
  bin/AssemblyInfo.cs $(find src/Bluetap src/Json -name '*.cs' | LC_ALL=C sort)
# shellcheck disable=SC2086
mcs $options -target:library -keyfile:BluetapLib.snk -out:bin/AssertListener.dll src/AssertListener/AssertListener.cs
[ "${1-}" = --no-tests ] && exit 0
# shellcheck disable=SC2046,SC2086
mcs $options -target:exe -keyfile:BluetapLib.snk -out:bin/BluetapTests.exe -r:bin/BluetapLib.dll \
  bin/AssemblyInfo.cs $(find tests -name '*.cs' | LC_ALL=C sort)
