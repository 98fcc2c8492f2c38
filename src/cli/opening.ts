import { AppError, isDatabaseError, isUserError } from '../domain/errors.ts'

/** Has every error of opening the database name the file: neither SQLite's own words nor ours do. */
export async function opening<Opened>(databasePath: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open()
  } catch (error) {
    if (isDatabaseError(error)) throw error
    if (isUserError(error)) throw new AppError(error.code, `${databasePath}: ${error.message}`)
    if (error instanceof Error && error.message.startsWith(databasePath)) throw error
    throw new Error(`${databasePath}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
