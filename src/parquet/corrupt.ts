import { Refusal } from '../domain/errors.ts'

/** @param how completes the sentence "The file is damaged: …" */
export function corrupt(how: string): Refusal {
  return new Refusal('CORRUPT_PARQUET', `The file is damaged: ${how}`)
}
