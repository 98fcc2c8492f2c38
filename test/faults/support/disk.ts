import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of a size of our choice, in memory. Mounting needs the rights of an administrator. */
export class SmallDisk {
  readonly path: string
  readonly #ballast: string

  constructor(megabytes: number) {
    this.path = mkdtempSync(join(tmpdir(), 'disk-'))
    this.#ballast = join(this.path, 'ballast')
    mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.path)
  }

  /** Whether disks can be mounted here at all. */
  static canBeMade(): boolean {
    try {
      new SmallDisk(1).remove()
      return true
    } catch {
      return false
    }
  }

  resize(megabytes: number): void {
    mount('-o', `remount,size=${megabytes}m`, this.path)
  }

  /** Takes all the space that is left, but for some. */
  fill(bytesLeft = 0): void {
    const file = openSync(this.#ballast, 'w')
    try {
      for (const chunk = Buffer.alloc(4096); ; ) writeSync(file, chunk)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    } finally {
      closeSync(file)
    }
    truncateSync(this.#ballast, statSync(this.#ballast).size - bytesLeft)
  }

  free(): void {
    rmSync(this.#ballast)
  }

  remove(): void {
    execFileSync('umount', [this.path], { stdio: 'ignore' })
    rmdirSync(this.path)
  }
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'ignore' })
}
