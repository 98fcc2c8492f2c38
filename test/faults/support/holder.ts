import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const HOLD = `
  const [path, sql] = process.argv.slice(1)
  import('./dist/storage/sqlite/connection/driver.js').then(({ Database }) => {
    const database = new Database(path)
    database.exec(sql)
    process.stdout.write('held')
    // Its being named here keeps it from being collected, which would close it.
    process.stdin.on('end', () => database.close()).resume()
  })`

/** Another program that has the file open, in the middle of something. */
export class Holder {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Resolves when it has run the statements: a transaction that they begin stays open until `release`. */
  static async start(path: string, sql: string): Promise<Holder> {
    const child = spawn(process.execPath, ['-e', HOLD, path, sql], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] })
    const [said] = await once(child.stdout, 'data')
    expect(String(said)).toBe('held')
    return new Holder(child)
  }

  async release(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.stdin!.end()
    await exited
  }
}

/** Holds the right to write to a database, as an ingestion of another program does. */
export function holdWriteLock(database: string): Promise<Holder> {
  return Holder.start(`${database}.write-lock`, 'BEGIN EXCLUSIVE')
}

/** Reads, and does not stop reading. */
export function holdReader(database: string): Promise<Holder> {
  return Holder.start(database, 'BEGIN; SELECT count(*) FROM measurement')
}
