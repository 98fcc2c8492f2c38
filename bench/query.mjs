import { combinations } from './query/combinations.mjs'
import { HELP, readQueryOptions } from './query/options.mjs'
import { large, small } from './query/page.mjs'
import { walks } from './query/walks.mjs'
import { runSections } from './sections.mjs'

/* How fast questions are answered: docs/benchmarks.md. */

const options = readQueryOptions(process.argv.slice(2))
if (options.help) process.stdout.write(HELP)
else await runSections('query', { small, large, walks, combinations }, options)
