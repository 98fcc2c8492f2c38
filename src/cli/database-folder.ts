import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../domain/errors.ts'

/** What the system says when a file stands where a folder is to be. */
const NO_FOLDER: readonly unknown[] = ['EEXIST', 'ENOTDIR']

/**
 * Makes the folder of a database where there is none.
 *
 * @throws AppError NO_DATABASE when a file is in its place
 */
export async function makeFolderOf(databasePath: string): Promise<void> {
  const folder = dirname(databasePath)
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    if (!NO_FOLDER.includes((error as NodeJS.ErrnoException).code)) throw error
    const message = `${databasePath}: ${folder} is no folder. Name another file, or move what is in the way.`
    throw new AppError('NO_DATABASE', message, { cause: error })
  }
}
