/** Run with a limit on the size of files: loads measurements of a new account into an existing database. */
import { SqliteLoader } from '../../../src/storage/sqlite/load/loader.ts'
import { loadRows, manyOf } from './loads.ts'

const [path = '', n = '', rows = ''] = process.argv.slice(2)
const loader = new SqliteLoader(path)
const { status, inserted } = await loadRows(loader, manyOf(Number(n), Number(rows)))
await loader.close()
console.log(JSON.stringify({ status, inserted }))
