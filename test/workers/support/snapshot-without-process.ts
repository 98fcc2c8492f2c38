/** Run with a database: no process can be started to copy it, for two reasons. Prints both errors. */
import { join } from 'node:path'

const built: typeof import('../../../src/workers/snapshot/snapshots.ts') = await import(
  new URL('../../../dist/workers/snapshot/snapshots.js', import.meta.url).href
)

const databasePath = process.argv[2]!
const said: string[] = []
// Node throws the first, and emits the second later.
for (const program of [join(databasePath, 'below-a-file'), `${databasePath}-nothing`]) {
  process.execPath = program
  const { signal } = new AbortController()
  await built
    .snapshotTo(databasePath, `${databasePath}.copy`, { force: false, signal })
    .catch(({ code, message }) => said.push(`${code}: ${message}`))
}
console.log(JSON.stringify(said))
