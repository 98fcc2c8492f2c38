import { AppError } from '../domain/errors.ts'

/** @param how completes the sentence "The file is damaged: …" */
export function corrupt(how: string): AppError {
  return new AppError('CORRUPT_PARQUET', `The file is damaged: ${how}`)
}
