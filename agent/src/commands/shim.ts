/**
 * The supervisor of one command: a small shell process in a session of its own, so that the command outlives the agent.
 * Arguments: spool folder, command id, seconds until it enforces the timeout itself, then the command line.
 * It writes `pid` (pid and start time), `stdout`, `stderr`, `exit` (by rename) and, where it had to act, `timeout` or `overflow`.
 * Only the first shim of a command runs it: a `pid` that exists is the word of another, or of an agent that gave up waiting.
 * The command is started from a subshell, so that the shell's own words about the death of its child do not end up in the
 * command's stderr. Its own stderr, the file `shim`, is where a shell names the signal that killed its child, which tells a
 * signal from an exit code.
 */
export const shim = `
spool=$1 id=$2 left=$3; shift 3
trap : HUP INT QUIT TERM

field() { shift "$1"; printf %s "$1"; }
start_of() { read -r line <"/proc/$1/stat" && field 20 \${line##*) }; }
session_of() { read -r line <"/proc/$1/stat" && field 4 \${line##*) }; }
(set -C; printf '%s %s\\n' $$ "$(start_of $$)" >"$spool/pid") 2>/dev/null || exit 0

unit=system.slice/muster-command-$id.service/cgroup.procs

members() {
  marked=$(grep -lszxF "MUSTER_COMMAND_ID=$id" /proc/[0-9]*/environ)
  held=$(cd /sys/fs/cgroup && cat "$unit" "unified/$unit" "systemd/$unit" 2>/dev/null)
  for path in $marked $held; do
    pid=\${path#/proc/}; pid=\${pid%/environ}
    session=$(session_of "$pid" 2>/dev/null) || continue
    [ "$session" = $$ ] || printf '%s ' "$pid"
  done
}

end_all() {
  all=$(members); [ -n "$all" ] && kill -TERM $all 2>/dev/null
  sleep 3
  while all=$(members) && [ -n "$all" ]; do kill -KILL $all 2>/dev/null; sleep 1; done
}

thin() {
  for file in "$spool/stdout" "$spool/stderr"; do
    set -- $(stat -c '%b %s' "$file")
    [ "$1" -gt 131072 ] || continue
    fallocate -p -o 1048576 -l $(($2 - 3145728)) "$file" && continue
    [ "$1" -gt 2097152 ] && : >"$spool/overflow" && end_all
  done
}

watch() {
  trap 'kill "$nap"; exit 0' TERM
  while :; do
    pause=5; [ "$left" -lt 5 ] && pause=$left
    sleep "$pause" & nap=$!
    wait "$nap"
    left=$((left - pause))
    kill -0 $$ || { end_all; exit 0; }
    [ "$left" -gt 0 ] || { : >"$spool/timeout"; end_all; exit 0; }
    thin
  done
}
watch </dev/null >/dev/null 2>&1 &
watchdog=$!

(exec setsid "$@" </dev/null >>"$spool/stdout" 2>>"$spool/stderr")
code=$?
kill -TERM "$watchdog" 2>/dev/null
printf '%s\\n' "$code" >"$spool/exit.new" && mv "$spool/exit.new" "$spool/exit"
`;
