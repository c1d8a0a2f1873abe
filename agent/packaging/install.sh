#!/bin/sh
# Installs the Muster agent from a Muster server, enrols this machine and keeps the agent running:
#
#   curl -fsSL https://muster.example.org/agent/install.sh | sudo sh -s -- --server https://muster.example.org --token TOKEN
#
# MUSTER_SERVER and MUSTER_ENROLLMENT_TOKEN do in place of the options. A second run upgrades; it needs no token.
# Needs root and Node 22 or later, which does the downloading too; a private authority goes into NODE_EXTRA_CA_CERTS.
set -eu

server=${MUSTER_SERVER:-} token=${MUSTER_ENROLLMENT_TOKEN:-} root=${MUSTER_INSTALL_ROOT:-}
program=$root/opt/muster-agent config=$root/etc/muster-agent state=$root/var/lib/muster-agent
units=$root/etc/systemd/system

say() { printf 'muster-agent: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --server) [ $# -ge 2 ] || die "--server needs an address"; server=$2; shift 2 ;;
    --token) [ $# -ge 2 ] || die "--token needs a token"; token=$2; shift 2 ;;
    *) die "unknown option $1; there are --server URL and --token TOKEN" ;;
  esac
done

[ "$(id -u)" = 0 ] || die "this needs root: an agent runs commands as any user; put sudo before sh"
case $server in
  https://?* | http://?*) server=${server%/} ;;
  *) die "no server: pass --server https://your.server" ;;
esac
case $server$token in
  *[[:space:]\"\'\\]*) die "server and token hold no blanks, quotes or backslashes" ;;
esac
[ -n "$token" ] || [ -f "$state/enrollment.json" ] || die "this machine is not enrolled: pass --token TOKEN"

node=$(command -v node) || die "Node 22 or later is not installed: see https://nodejs.org/en/download"
node=$(readlink -f "$node")
major=$("$node" -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 22 ] || die "Node 22 or later is needed, $node is $("$node" --version)"

fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
trap 'exit 1' HUP INT TERM

# Everything that the manifest names, as long and with the hash that it says.
"$node" - "$server" "$fetched" <<'FETCH' || die "nothing was installed"
const { createHash } = require('node:crypto');
const { writeFileSync } = require('node:fs');
const [server, folder] = process.argv.slice(2);
const get = async name => {
  const response = await fetch(`${server}/agent/${name}`, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${server}/agent/${name} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
};
const keep = async ({ file, size, sha256 }, as) => {
  const content = await get(file);
  const hash = createHash('sha256').update(content).digest('hex');
  if (content.length !== size || hash !== sha256) throw new Error(`${file} is not what the manifest promises`);
  writeFileSync(`${folder}/${as}`, content);
};
(async () => {
  const manifest = JSON.parse(await get('manifest.json'));
  await keep(manifest, 'muster-agent.mjs');
  await keep(manifest.unit, 'muster-agent.service');
})().catch(error => {
  console.error(`muster-agent: ${error.message}${error.cause ? `: ${error.cause.message}` : ''}`);
  process.exit(1);
});
FETCH

# What a crash leaves half written is under another name.
put() { cp "$1" "$2.new"; chmod "$3" "$2.new"; mv -f "$2.new" "$2"; }
mkdir -p "$program" "$config" "$state"
chmod 755 "$program"
chmod 700 "$config" "$state"
put "$fetched/muster-agent.mjs" "$program/muster-agent.mjs" 755

settings() {
  [ ! -f "$config/agent.env" ] || grep -v '^MUSTER_SERVER=\|^MUSTER_ENROLLMENT_TOKEN=' "$config/agent.env" || :
  echo "MUSTER_SERVER=$server"
}
(umask 077; settings >"$fetched/agent.env")
(umask 077; cp "$fetched/agent.env" "$fetched/enrol.env"; [ -z "$token" ] || echo "MUSTER_ENROLLMENT_TOKEN=$token" >>"$fetched/enrol.env")
put "$fetched/enrol.env" "$config/agent.env" 600

start=
if [ -d "$root/run/systemd/system" ]; then
  sed "s|^ExecStart=/usr/bin/node |ExecStart=$node |" "$fetched/muster-agent.service" >"$fetched/unit"
  mkdir -p "$units"
  put "$fetched/unit" "$units/muster-agent.service" 644
  systemctl daemon-reload
  systemctl enable --quiet muster-agent.service
  systemctl restart muster-agent.service
elif [ ! -f "$state/enrollment.json" ]; then
  MUSTER_SERVER=$server MUSTER_ENROLLMENT_TOKEN=$token "$node" "$program/muster-agent.mjs" --data-dir "$state" &
  start=$!
fi

# The token goes as soon as it has served.
left=60
while [ ! -f "$state/enrollment.json" ]; do
  [ "$left" -gt 0 ] || die "not enrolled after a minute: look at journalctl -u muster-agent"
  [ -z "$start" ] || kill -0 "$start" 2>/dev/null || die "the server did not enrol this machine"
  sleep 1
  left=$((left - 1))
done
put "$fetched/agent.env" "$config/agent.env" 600
[ -z "$start" ] || { kill -TERM "$start"; wait "$start" || :; }

if [ -d "$root/run/systemd/system" ]; then
  say "installed and running; look at it with: systemctl status muster-agent"
else
  say "installed and enrolled, but systemd does not run here. Keep this running:"
  say "  MUSTER_SERVER=$server $node $program/muster-agent.mjs --data-dir $state"
fi
