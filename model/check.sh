#!/usr/bin/env bash
# Checks the model of the session and delivery rules with Spin. README.md explains this check.
#
#   model/check.sh                 every configuration and every deliberate omission; about two minutes on two cores
#   model/check.sh NAME...         only these configurations and omissions
#   model/check.sh --list          the configurations and the omissions, with the settings of each
#   model/check.sh --trail NAME    how NAME fails, step by step, with the smallest possible number of steps
#
# It works in a temporary directory. JOBS is the number of searches at the same time. The default is two.
set -euo pipefail
model="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly memory=2400 # the maximum memory of one search, in MB

# The exhaustive configurations: the search visits every state.
configurations() {
  cat <<'LIST'
loss                        -DCALLS=3 -DCOPIES=3 -DHELLOS=4 -DCAPACITY=3
unplug                      -DUNPLUGS=2 -DCOPIES=3 -DHELLOS=4
device-restart              -DDEVICE_RESTARTS=2 -DHELLOS=4
host-restart                -DHOST_RESTARTS=2 -DHELLOS=4
two-connections             -DMOVES=2
one-host                    -DUNPLUGS=1 -DDEVICE_RESTARTS=1 -DHOST_RESTARTS=1
same-connection             -DB_CONNECTION=0 -DB_CALLS=1 -DB_COPIES=1
other-connection            -DB_CONNECTION=2 -DB_CALLS=1
other-connection-twice      -DB_CONNECTION=2 -DB_CALLS=2 -DB_HELLOS=2 -DB_COPIES=1 -DCALLS=1
same-connection-restarts    -DB_CONNECTION=0 -DB_CALLS=1 -DB_COPIES=1 -DCALLS=1 -DFAULTS=0 -DDEVICE_RESTARTS=1 -DHOST_RESTARTS=1
other-connection-restarts   -DB_CONNECTION=2 -DB_CALLS=1 -DCALLS=1 -DDEVICE_RESTARTS=1 -DHOST_RESTARTS=1
links                       -DLINKS=1 -DTAPS=2 -DCOPIES=3 -DHELLOS=4
links-same-connection       -DLINKS=1 -DTAPS=1 -DB_CONNECTION=0 -DB_CALLS=1 -DB_COPIES=1 -DCALLS=1 -DFAULTS=0
status                      -DSTATUSES=1 -DCOPIES=3 -DLINKS=1 -DTAPS=1
contradictions              -DLIES=1 -DLINKS=1 -DTAPS=1
LIST
}

# These configurations are too large for an exhaustive search. A bitstate search visits as many different states as its
# table of bits can distinguish.
bitstate() {
  cat <<'LIST'
everything-same-connection  -DB_CONNECTION=0 -DB_CALLS=2 -DB_HELLOS=2 -DHELLOS=4 -DUNPLUGS=1 -DDEVICE_RESTARTS=1 -DHOST_RESTARTS=1 -DMOVES=1
everything-other-connection -DB_CONNECTION=2 -DB_CALLS=2 -DB_HELLOS=2 -DHELLOS=4 -DUNPLUGS=1 -DDEVICE_RESTARTS=1 -DHOST_RESTARTS=1 -DMOVES=1
LIST
}

# Each omission, and the configuration that must fail with it.
omissions() {
  cat <<'LIST'
MUTANT_ONE_COPY_FOR_ALL          two-connections
MUTANT_LAST_ON_REFUSAL           loss
MUTANT_OLD_NONCE                 two-connections
MUTANT_NO_SESSION                same-connection
MUTANT_NO_SEQUENCE               loss
MUTANT_NEW_SEQUENCE              loss
MUTANT_NO_BOOT                   device-restart
MUTANT_NOT_EQUAL                 other-connection
MUTANT_NO_STORED_RESULT          loss
MUTANT_STALE_L                   loss
MUTANT_ANY_REPLY                 loss
MUTANT_SESSION_START             same-connection-restarts
MUTANT_CANCEL_OVER_AFTER_OTHER   other-connection
MUTANT_CANCEL_OVER_AFTER_RESTART other-connection-restarts
MUTANT_STALE_REFUSAL             other-connection
MUTANT_NO_TIMEOUT                loss
MUTANT_NO_LINK                   links
MUTANT_ANY_LINK                  links-same-connection
MUTANT_LAST_ON_STATUS            status
MUTANT_BELIEVE_REPLY             contradictions
MUTANT_BELIEVE_CANCELLED         contradictions
MUTANT_BELIEVE_FORGOTTEN         contradictions
MUTANT_BELIEVE_BOOT              contradictions
MUTANT_BELIEVE_LAST              contradictions
LIST
}

# The search of this configuration must meet these numbers. Otherwise a property could hold only because its case
# never happens. A fact that is reported has the number 10 * outcome + link, and 100 more for a PAY. A reply that is
# accepted has the number 200 + reason, and 20 more if several copies were sent.
readonly meeting=other-connection
readonly meets='10 20 21 22 30 32 110 111 120 130 200 204 205 206 220 224 225'

say() { printf '%s\n' "$*" >&2; }

need() {
  if ! command -v spin >/dev/null && [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ]; then
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends spin >&2 || true
  fi
  local missing=0
  command -v spin >/dev/null || { missing=1; say 'The model checker spin is missing: install the Debian package spin.'; }
  command -v gcc >/dev/null || { missing=1; say 'The C compiler gcc is missing, which spin needs: install the Debian package gcc.'; }
  return "$missing"
}

# flags NAME: prints the settings of a configuration or an omission
flags() {
  local found
  found=$( (configurations && bitstate) | sed -nE "s/^$1 +//p")
  if [ -z "$found" ]; then
    found=$(omissions | awk -v name="$1" '$1 == name { print $2 }')
    if [ -z "$found" ]; then
      say "There is no configuration and no omission with the name $1. --list shows the names."
      return 1
    fi
    found="$(flags "$found") -D$1"
  fi
  printf '%s\n' "$found"
}

# build NAME MORE-FLAGS CFLAGS...: makes ./pan in the current directory
build() {
  local name=$1 set
  set="$(flags "$name") $2"
  shift 2
  cp "$model/delivery.pml" .
  # shellcheck disable=SC2086
  spin -a $set delivery.pml >spin.txt 2>&1 && gcc -w -DSAFETY -DNOREDUCE "-DMEMLIM=$memory" "$@" -o pan pan.c >gcc.txt 2>&1
}

# search NAME PAN-OPTIONS...: runs a search, and sets states, depth, seconds, errors and message
search() {
  local status=0
  timeout 600 ./pan "$@" >pan.txt 2>&1 || status=$?
  states=$(sed -nE 's/^ *([0-9]+) states, stored.*/\1/p' pan.txt)
  depth=$(sed -nE 's/.*depth reached ([0-9]+), errors: [0-9]+.*/\1/p' pan.txt)
  errors=$(sed -nE 's/.*depth reached [0-9]+, errors: ([0-9]+).*/\1/p' pan.txt)
  seconds=$(sed -nE 's/^pan: elapsed time ([0-9.]+) seconds.*/\1/p' pan.txt)
  message=$(sed -nE 's/^pan:[0-9]+: (.*) \(at depth [0-9]+\)/\1/p' pan.txt | head -n 1)
  # Finds out whether the search stopped before its end, and whether it looked for assertions and invalid end states.
  incomplete=$(grep -E 'Search not completed|max search depth too small|reached -DMEMLIM|out of memory' pan.txt | head -n 1 || true)
  if [ "$status" -ne 0 ]; then incomplete="${incomplete:-pan ended with status $status}"; fi
  grep -qE '^\s+assertion violations\s+\+' pan.txt && grep -qE '^\s+invalid end states\s+\+' pan.txt ||
    incomplete="${incomplete:-the search did not check assertions or end states}"
}

line() { printf '%-7s %-33s %10s states  depth %3s  %6s s  %s\n' "$1" "$2" "${states:-?}" "${depth:-?}" "${seconds:-?}" "$3"; }

# one NAME: prints one line, and returns a status
one() {
  local name=$1 states='' depth='' errors='' seconds='' message='' incomplete=''
  mkdir "$WORK/$name" && cd "$WORK/$name"
  # Without -DCOLLAPSE a search takes the same memory, and a third less time. An omission is found early.
  local met facts='' unmet='' kind=exhaustive compile=(-O2) run=(-m10000 -w24)
  if [ "${name#MUTANT_}" != "$name" ]; then compile=(-O1); fi
  if bitstate | grep -q "^$name "; then
    kind=bitstate compile=(-O2 -DBITSTATE) run=(-m10000 "-w$BITS")
  fi
  if [ "$name" = "$meeting" ]; then facts=-DFACTS; fi
  if ! build "$name" "$facts" "${compile[@]}"; then
    line FAILED "$name" 'it does not compile'
    cat spin.txt gcc.txt 2>/dev/null
    return 1
  fi
  search "${run[@]}"
  if [ -n "$facts" ]; then
    for met in $meets; do grep -qx "MET $met" pan.txt || unmet+=" $met"; done
    [ -z "$unmet" ] || incomplete="${incomplete:-never met:$unmet}"
  fi
  if [ "${name#MUTANT_}" != "$name" ]; then
    if [ "${errors:-0}" -gt 0 ]; then
      line ok "$name" "found wrong: $message"
    else
      line FAILED "$name" "no error was found in $(omissions | awk -v name="$name" '$1 == name { print $2 }'). $incomplete"
      return 1
    fi
  elif [ "$errors" = 0 ] && [ -z "$incomplete" ]; then
    line ok "$name" "$kind, no error"
  else
    [ -z "$message" ] || message="$message. See: model/check.sh --trail $name"
    line FAILED "$name" "${message:-$incomplete}"
    return 1
  fi
  cd "$WORK" && rm -rf "${WORK:?}/$name"
}

trail() {
  cd "$WORK"
  build "$1" '' -O2 -DCOLLAPSE -DREACH
  local states depth errors seconds message incomplete
  search -i -m100 -w24
  if [ ! -f delivery.pml.trail ]; then
    say "$1: no error was found. ${incomplete}"
    return 1
  fi
  # shellcheck disable=SC2046
  spin -t -T $(flags "$1") delivery.pml | sed -E '/^(\t|#| *[0-9]+:|[0-9]+ process)/d'
}

export BITS=${BITS:-24}
if [ "${1:-}" = --one ]; then
  one "$2"
  exit
fi
if [ "${1:-}" = --list ]; then
  configurations && bitstate && omissions
  exit
fi
need
WORK=$(mktemp -d)
export WORK
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' INT TERM
if [ "${1:-}" = --trail ]; then
  trail "${2:?--trail needs the name of a configuration or an omission}"
  exit
fi
names=$(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else (bitstate && configurations && omissions) | awk '{ print $1 }'; fi)
for name in $names; do flags "$name" >/dev/null; done
printf '%s\n' "$names" | xargs -P "${JOBS:-2}" -n 1 "$model/check.sh" --one || { say 'The model does not hold, or could not be checked.'; exit 1; }
