import autocannon from 'autocannon'

/* Asks a server the same over and over, in a process of its own: what it prints is how that went. */

const { url, method, body, headers, connections, seconds } = JSON.parse(process.argv[2])
const result = await autocannon({ url, method, body, headers, connections, duration: seconds })
if (result.errors + result.timeouts > 0) throw new Error(`${result.errors} errors, ${result.timeouts} timeouts`)
console.log(
  JSON.stringify({
    requests: result.requests.total,
    rate: result.requests.total / result.duration,
    median: result.latency.p50,
    p99: result.latency.p99,
    statuses: Object.fromEntries(Object.entries(result.statusCodeStats).map(([code, { count }]) => [code, count])),
  }),
)
