import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { AppError } from '../domain/errors.ts'

const CHUNK_CHARACTERS = 256 * 1024

/** A new file that is written from its beginning to its end, and digested on the way. */
export class OutputFile {
  readonly #handle: number
  readonly #maxBytes: number
  readonly #hash = createHash('sha256')
  #text = ''
  #bytes = 0

  /** @throws AppError when it cannot be made */
  constructor(path: string, maxBytes: number) {
    this.#maxBytes = maxBytes
    this.#handle = told(() => openSync(path, 'wx'))
  }

  writeText(text: string): void {
    this.#text += text
    if (this.#text.length >= CHUNK_CHARACTERS) this.#flush()
  }

  /** @throws AppError EXPORT_TOO_LARGE, DATABASE_FULL, DATABASE_READ_ONLY */
  write(bytes: Uint8Array): void {
    this.#bytes += bytes.length
    if (this.#bytes > this.#maxBytes) throw tooLarge(this.#maxBytes)
    this.#hash.update(bytes)
    told(() => {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle, bytes, written)
    })
  }

  end(): { readonly bytes: number; readonly sha256: string } {
    this.#flush()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  close(): void {
    closeSync(this.#handle)
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    this.write(bytes)
  }
}

function tooLarge(maxBytes: number): AppError {
  const message = `The export has more than the ${maxBytes} bytes that are allowed. Narrow its filter, or have EXPORT_MAX_FILE_MB raised.`
  return new AppError('EXPORT_TOO_LARGE', message)
}

const FULL = 'There is no space left to write the export. Free some and ask again.'
const NOT_WRITABLE = 'The export cannot be written: check its folder, the permissions and the disk.'

/** Has what the disk says told in the product's words. */
function told<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) throw new AppError('DATABASE_FULL', FULL)
    if (['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(code))
      throw new AppError('DATABASE_READ_ONLY', NOT_WRITABLE)
    throw error
  }
}
