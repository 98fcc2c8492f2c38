import { AppError } from '../domain/errors.ts'
import type { IngestionWarning, IngestionWarningCode } from '../domain/ingestion.ts'

/**
 * Reports metadata that disagrees with the values of a column.
 *
 * @param place the column chunk or page, as messages name it
 * @param problem what disagrees, without a full stop
 * @throws AppError CORRUPT_PARQUET in strict mode
 */
export type Warn = (code: IngestionWarningCode, place: string, problem: string) => void

/** @param problem completes the sentence "The file is damaged: …" */
export function corrupt(problem: string): AppError {
  return new AppError('CORRUPT_PARQUET', `The file is damaged: ${problem}`)
}

interface Occurrences {
  readonly code: IngestionWarningCode
  readonly column: string
  readonly first: string
  count: number
}

const MAX_MESSAGE_LENGTH = 500

/**
 * Collects the warnings of a file: docs/rules.md, "What must hold of a file, and what is a warning". A file of a million
 * pages can disagree a million times, so there is one warning for each code and column, with its first place and a count.
 */
export class WarningLog {
  readonly #strict: boolean
  readonly #occurrences = new Map<string, Occurrences>()

  /** @param strict whether a warning is thrown as CORRUPT_PARQUET instead of being collected */
  constructor(strict: boolean) {
    this.#strict = strict
  }

  forColumn(column: string): Warn {
    return (code, place, problem) => {
      if (this.#strict) throw corrupt(`${place}: ${problem}. Without strict, this is a warning.`)
      const key = `${code} ${column}`
      const known = this.#occurrences.get(key)
      if (known) known.count++
      else this.#occurrences.set(key, { code, column, first: `${place}: ${problem}`, count: 1 })
    }
  }

  warnings(): IngestionWarning[] {
    return [...this.#occurrences.values()].map(occurrences => {
      const { code, column } = occurrences
      return { code, column, message: messageOf(occurrences) }
    })
  }
}

function messageOf({ first, count }: Occurrences): string {
  const problem = first.length > MAX_MESSAGE_LENGTH ? `${first.slice(0, MAX_MESSAGE_LENGTH)}…` : `${first}.`
  const sentence = problem.charAt(0).toUpperCase() + problem.slice(1)
  return count === 1 ? sentence : `${sentence} The file has ${count} such places.`
}
