import { type FileHandle, open, stat } from 'node:fs/promises'
import { printable } from './format.ts'

const LOOK_EVERY_MS = 1_000

/** Notices when a folder goes: what watches its files hears nothing of that, and nothing more of them. */
export class WatchedFolder {
  readonly #path: string
  /** Held open, so that no other folder gets its number. */
  readonly #handle: FileHandle
  readonly #looks: NodeJS.Timeout

  /** @throws Error that names the folder when it cannot be read */
  static async open(path: string, onGone: (error: Error) => void): Promise<WatchedFolder> {
    try {
      return new WatchedFolder(path, await open(path), onGone)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new Error(`${printable(path)} cannot be watched (${code}).`, { cause: error })
    }
  }

  private constructor(path: string, handle: FileHandle, onGone: (error: Error) => void) {
    this.#path = path
    this.#handle = handle
    this.#looks = setInterval(async () => {
      if (!(await this.#isThere())) onGone(gone(path))
    }, LOOK_EVERY_MS)
  }

  async close(): Promise<void> {
    clearInterval(this.#looks)
    await this.#handle.close()
  }

  async #isThere(): Promise<boolean> {
    const found = await Promise.all([this.#handle.stat(), stat(this.#path)]).catch(() => undefined)
    return found !== undefined && found[0].ino === found[1].ino && found[0].dev === found[1].dev
  }
}

function gone(path: string): Error {
  return new Error(
    `${printable(path)} is no more the folder that was watched: it was removed or moved. Start again when it is there.`,
  )
}
