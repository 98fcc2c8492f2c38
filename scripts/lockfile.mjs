// Corrects what package-lock.json says of the two SQLite drivers. Run `npm run lockfile` after `npm install` or
// `npm update`; `npm ci` then needs no compiler on Node 22 and later (docs/adr/0006).
import { readFileSync, writeFileSync } from 'node:fs'

const LOCKFILE = new URL('../package-lock.json', import.meta.url)

const lockfile = JSON.parse(readFileSync(LOCKFILE, 'utf8'))
const driver = lockfile.packages['node_modules/better-sqlite3']
// The package brings its binaries and says so with `gypfile: false`, which npm does not copy into a lockfile. Without it
// `npm ci` runs node-gyp.
driver.gypfile = false
// It is installed on Node 20 too, where nothing loads it.
delete driver.engines
// Its own range includes later versions, where it would be compiled and never loaded.
lockfile.packages['node_modules/better-sqlite3-node20'].engines = { node: '<22' }
writeFileSync(LOCKFILE, `${JSON.stringify(lockfile, null, 2)}\n`)
