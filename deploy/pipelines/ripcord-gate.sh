#!/bin/sh
# Holds a migration back until its snapshot is taken, and tells Ripcord how it ended. Needs a POSIX shell and curl.
set -u

usage() {
    cat >&2 <<'TEXT'
usage: ripcord-gate.sh ask       DATABASE MIGRATION
       ripcord-gate.sh run       DATABASE MIGRATION COMMAND [ARGUMENT ...]
       ripcord-gate.sh completed DATABASE MIGRATION
       ripcord-gate.sh failed    DATABASE MIGRATION REASON
       ripcord-gate.sh accepted  DATABASE MIGRATION
       ripcord-gate.sh rollback  DATABASE MIGRATION REASON

ask waits at the gate. run does so, runs the command and tells how it ended. rollback asks for a rollback.

RIPCORD_SNAPSHOT_URL      the snapshot service, http://127.0.0.1:8081 by default
RIPCORD_ROLLBACK_URL      the rollback service, http://127.0.0.1:8082 by default
RIPCORD_TOKEN             a requester's token, or RIPCORD_TOKEN_FILE the file that holds it
RIPCORD_DEADLINE_SECONDS  how long an answer may take in all, 600 by default
RIPCORD_ON_FAILURE        "rollback": what failed is told to have failed and its rollback is asked for; "tell" by default

Ends with 0: done, the gate is open; 1: the gate stays closed; 2: called wrongly; 3: refused; 4: no answer in time.
run ends as its command did.
TEXT
    exit 2
}

say() {
    printf 'ripcord: %s\n' "$*" >&2
}

now() {
    date +%s
}

# Every byte of a text as %XX, so that it is one segment of a path whatever it holds.
segment() {
    printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'
}

# A text as a JSON string of at most 1000 bytes, of which the last do not begin a character that ends beyond them.
json() {
    halves=$(printf 's/[\300-\377]$//; s/[\340-\377][\200-\277]$//; s/[\360-\377][\200-\277][\200-\277]$//')
    printf '"%s"' "$(printf '%s' "$1" | tr '\000-\037' ' ' | cut -b1-1000 | LC_ALL=C sed "$halves"'; s/\\/\\\\/g; s/"/\\"/g')"
}

# A text of the last answer by its name.
field() {
    printf '%s' "$body" | sed -En 's/.*"'"$1"'" *: *"(([^"\\]|\\.)*)".*/\1/p' | sed 's/\\\(["\\]\)/\1/g'
}

# POST URL [JSON] once; leaves $status, 000 without an answer, and $body. The token is in no process's arguments.
post() {
    answer=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
        curl --config - --silent --show-error --connect-timeout 10 --max-time 90 --request POST \
            --header 'Content-Type: application/json' --data-binary "${2-}" --write-out '\n%{http_code}' "$1")
    status=$(printf '%s' "$answer" | tail -n 1)
    body=$(printf '%s' "$answer" | sed '$d')
}

# The same again for as long as the service is away, up to the deadline.
insist() {
    until=$(($(now) + deadline))
    while :; do
        post "$@"
        case $status in
        000 | 429 | 5??) if [ "$(now)" -ge "$until" ]; then return; fi ;;
        *) return ;;
        esac
        say "no answer from ${1%%/gates/*} ($status), asking again"
        sleep 2
    done
}

# What became of a request that cannot wait; Ripcord's own answer has the field, the page of a proxy in front of it does not.
outcome() {
    case $status in
    2??)
        if [ -n "$(field "$2")" ]; then return 0; fi
        say "$1: that is no answer of Ripcord, is $3 right?"
        return 3
        ;;
    000 | 429 | 5??) say "$1: no answer within $deadline s"; return 4 ;;
    *)
        say "$1: refused ($status): $(field reason)"
        if [ -n "$(field next)" ]; then say "next: $(field next)"; fi
        return 3
        ;;
    esac
}

# Nobody waits any more: a migration that never ran is in no rollback's way.
withdrawn() {
    post "$gate/withdrawn"
    if [ -n "$asked" ] && [ "$status" != 409 ] && [ -z "$(field told)" ]; then
        say "$migration counts as running until told otherwise: ripcord-gate.sh failed $database $migration 'it has not run'"
    fi
}

withdraw() {
    trap '' TERM INT HUP
    say "gate of $database: cancelled, $migration must not run"
    withdrawn
    exit 143
}

# Of a run that another has asked for and may be at, nothing is told.
give_up() {
    if [ -n "$asked" ]; then withdrawn; fi
    return 3
}

ask() {
    until=$(($(now) + deadline))
    waiting='' asked=''
    trap withdraw TERM INT HUP # heard of between two questions, which are short for that
    while :; do
        left=$((until - $(now)))
        if [ "$left" -le 0 ]; then
            say "gate of $database: no answer within $deadline s, $migration must not run"
            withdrawn
            return 4
        fi
        post "$gate?waitSeconds=$((left < 5 ? left : 5))"
        if [ "$status" = 200 ] && { [ "$(field gate)" != open ] || [ -z "$(field snapshot)" ]; }; then
            say "gate of $database: that is no answer of the snapshot service, is RIPCORD_SNAPSHOT_URL right?"
            give_up
            return
        fi
        case $status in
        200)
            opened=$(field snapshot) # of this run, whoever asks for the same migration meanwhile
            say "gate of $database is open for $migration, snapshot $opened"
            return 0
            ;;
        202)
            asked=yes
            if [ "$waiting" != "$(field problem)" ] || [ -z "$waiting" ]; then
                waiting=$(field problem)
                say "gate of $database: waiting for the snapshot${waiting:+: $waiting}"
            fi
            ;;
        409)
            say "gate of $database stays closed, $migration must not run: $(field reason)"
            say "next: $(field next)"
            return 1
            ;;
        000 | 429 | 5??) say "gate of $database: no answer ($status), asking again"; sleep 2 ;;
        *) say "gate of $database: refused ($status): $(field reason)"; give_up; return ;;
        esac
    done
}

completed() {
    insist "$gate/completed${opened:+?snapshot=$opened}"
    outcome "$migration completed" told RIPCORD_SNAPSHOT_URL && say "$migration is told to have completed"
}

accepted() {
    insist "$gate/accepted"
    outcome "$migration accepted" told RIPCORD_SNAPSHOT_URL && say "$migration is told to be good, its snapshot may go"
}

failed() {
    insist "$gate/failed${opened:+?snapshot=$opened}" "{\"reason\": $(json "$1")}"
    outcome "$migration failed" told RIPCORD_SNAPSHOT_URL || return
    say "$migration is told to have failed: $1"
    run=$(field snapshot) # of this run of this migration of this database alone
    if [ "${RIPCORD_ON_FAILURE:-tell}" = rollback ]; then
        sleep 2 # the rollback service hears of the failure over Kafka, and judges the request by it
        rollback "$1"
    fi
}

# However often this is sent, also by another try of the same job, it is one request.
rollback() {
    insist "${rollbacks%/}/rollbacks" "{\"rollback\": \"pipeline-${run:-$(now)-$$}\", \
\"database\": $(json "$database"), \"migration\": $(json "$migration"), \"reason\": $(json "$1"), \"automatic\": true}"
    outcome "rollback of $migration" rollback RIPCORD_ROLLBACK_URL && say "rollback $(field rollback) is asked for"
}

# Ends the command, and all that it has started where it has a process group of its own.
stop() {
    cancelled=yes
    if [ -n "$child" ]; then kill -TERM "$group$child" 2>/dev/null || kill -TERM "$child" 2>/dev/null; fi
}

# Whether something that the command has started still runs; a process that has ended and nobody waits for does not.
runs_on() {
    if ! kill -0 "$group$child" 2>/dev/null; then return 1; fi
    if [ ! -r /proc/self/stat ]; then return 0; fi
    cat /proc/[0-9]*/stat 2>/dev/null | sed -n 's/.*) [^Z] [0-9]* \([0-9]*\) .*/\1/p' | grep -qx "$child"
}

# macOS has no setsid.
by_perl() {
    exec perl -e 'use POSIX (); POSIX::setsid(); exec { $ARGV[0] } @ARGV or warn "$ARGV[0]: $!\n"; exit 127' -- "$@"
}

# Tells the end also when the pipeline is cancelled; of what may be running on, no rollback is asked for. Where nobody knows
# whether it has ended, nothing is told: a rollback could begin in the middle of it.
run() {
    ask || exit
    if { true <&0; } 2>/dev/null; then exec 3<&0; else exec 3</dev/null; fi # the command's input, it runs in the background
    child= cancelled= group= session=
    # what runs in the background does not hear ^C
    if command -v setsid >/dev/null; then session=setsid group=-; elif command -v perl >/dev/null; then session=by_perl group=-; fi
    trap stop TERM INT HUP
    $session "$@" <&3 3<&- &
    child=$!
    if [ -n "$cancelled" ]; then stop; fi
    wait "$child"
    code=$?
    while kill -0 "$child" 2>/dev/null; do # a signal interrupts wait, the command has yet to end
        wait "$child"
        code=$?
    done
    trap '' TERM INT HUP
    patience=30
    while [ -n "$cancelled" ] && [ -n "$group" ] && [ "$patience" -gt 0 ] && runs_on; do
        patience=$((patience - 1)) # what the command has started ends a little later
        sleep 1
    done
    if [ "$code" -eq 0 ]; then
        completed || say "tell it again: ripcord-gate.sh completed $database $migration"
        exit 0
    fi
    if [ -n "$cancelled" ] && { [ -z "$group" ] || runs_on; }; then
        say "cancelled; what $migration has started may run on, and it counts as running. Once nothing of it runs: \
ripcord-gate.sh failed $database $migration 'it was cancelled'"
        exit "$code"
    fi
    if [ -n "$cancelled" ]; then
        RIPCORD_ON_FAILURE=tell
        failed "the pipeline was cancelled, and its command ended with $code"
    else
        failed "the command that migrates ended with $code"
    fi
    exit "$code"
}

[ $# -ge 3 ] || usage
run=
verb=$1 database=$2 migration=$3
shift 3
case $verb in
ask | completed | accepted) [ $# -eq 0 ] || usage ;;
failed | rollback) [ $# -eq 1 ] || usage ;;
run) [ $# -ge 1 ] || usage ;;
*) usage ;;
esac
command -v curl >/dev/null || { say 'curl is needed'; exit 2; }
deadline=${RIPCORD_DEADLINE_SECONDS:-600}
case $deadline in '' | *[!0-9]*) say 'RIPCORD_DEADLINE_SECONDS is not a number'; exit 2 ;; esac
if [ -n "${RIPCORD_TOKEN_FILE:-}" ]; then
    token=$(cat "$RIPCORD_TOKEN_FILE") || exit 2
else
    token=$(printf '%s' "${RIPCORD_TOKEN:-}") # without the end of the line that a file has
fi
[ -n "$token" ] || { say 'RIPCORD_TOKEN or RIPCORD_TOKEN_FILE is needed'; exit 2; }
case $token in *[!A-Za-z0-9._~+/=-]*) say 'that is no token'; exit 2 ;; esac
rollbacks=${RIPCORD_ROLLBACK_URL:-http://127.0.0.1:8082}
snapshots=${RIPCORD_SNAPSHOT_URL:-http://127.0.0.1:8081}
gate=${snapshots%/}/gates/$(segment "$database")/$(segment "$migration")
"$verb" "$@"
