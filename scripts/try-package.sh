#!/usr/bin/env bash
# Packs the program, installs the tarball into an empty folder, and runs commands, a server and a query from there.
# -m: the server gets a process group of its own. npx does not forward signals to it.
set -euo pipefail -m
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
server=
clean_up() {
  if [ -n "$server" ]; then
    kill -- "-$server" 2> /dev/null || true
    while kill -0 -- "-$server" 2> /dev/null; do sleep 0.1; done
  fi
  rm -rf "$folder"
}
trap clean_up EXIT

npm pack --silent --pack-destination "$folder" > /dev/null
cd "$folder"
npm install --no-audit --no-fund ./account-growth-*.tgz
npx account-growth --version
npx account-growth ingest node_modules/account-growth/data/add_accounts.parquet --json > ingested.json || [ $? = 3 ]
grep -q '"status":"SUCCEEDED"' ingested.json

npx account-growth serve --port 0 > server.log &
server=$!
for _ in $(seq 240); do
  grep -q '^Listening on' server.log && break
  kill -0 "$server" || { cat server.log; exit 1; }
  sleep 0.5
done
origin=$(sed -n 's/^Listening on \(http[^ ]*\).*/\1/p' server.log)
query='{"query":"{ accounts(first: 1, orderBy: { field: SUBSCRIBER_COUNT }) { nodes { accountId subscriberCount } totalCount } }"}'
answer=$(node -e '
  const [url, body] = process.argv.slice(1)
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } })
  console.log(await response.text())
' --input-type=module "$origin/graphql" "$query")
echo "$answer"
grep -q '"totalCount":[1-9]' <<< "$answer"
[ "$(node -e 'fetch(process.argv[1]).then(({ status }) => console.log(status))' "$origin/charts")" = 200 ]
