import { createHash, randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Names the temporary files of one database's server in a folder that servers of other databases may share. */
export class TemporaryFiles {
  readonly folder: string
  readonly #prefix: string

  constructor(folder: string, databasePath: string) {
    this.folder = folder
    this.#prefix = createHash('sha256').update(resolve(databasePath)).digest('hex').slice(0, 16)
  }

  newName(): string {
    return `${this.#prefix}-${randomUUID()}`
  }

  /** Removes the files that a crash has left. Call it before the server creates any. */
  async removeLeftovers(): Promise<void> {
    const names = await readdir(this.folder).catch(() => [])
    const leftovers = names.filter(name => name.startsWith(this.#prefix))
    await Promise.all(leftovers.map(name => rm(join(this.folder, name), { force: true })))
  }
}
