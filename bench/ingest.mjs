import { history } from './ingest/history.mjs'
import { latency } from './ingest/latency.mjs'
import { HELP, readIngestOptions } from './ingest/options.mjs'
import { large, small } from './ingest/pipeline.mjs'
import { scale } from './ingest/scale.mjs'
import { runSections } from './sections.mjs'

/* How fast files come in: docs/benchmarks.md. */

const options = readIngestOptions(process.argv.slice(2))
if (options.help) process.stdout.write(HELP)
else await runSections('ingest', { small, large, history, latency, scale }, options)
