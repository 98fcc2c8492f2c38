import type { IngestionWarning, IngestionWarningCode } from '../domain/ingestion.ts'
import { corrupt } from './corrupt.ts'

/**
 * Reports metadata of one column that disagrees with its values.
 *
 * @param place the column chunk or page, as messages name it
 * @param what disagrees, without a full stop
 * @throws AppError CORRUPT_PARQUET in strict mode
 */
export type Warn = (code: IngestionWarningCode, place: string, what: string) => void

interface Counted {
  readonly warning: IngestionWarning
  count: number
}

/**
 * Collects disagreements between a file's metadata and its values: docs/rules.md, "Exact values". A file of a million
 * pages can disagree a million times, so there is one warning for each code and column, with the first place and a count.
 */
export class WarningCollector {
  readonly #isStrict: boolean
  readonly #counted = new Map<string, Counted>()

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict
  }

  forColumn(column: string): Warn {
    return (code, place, what) => {
      if (this.#isStrict) throw corrupt(`${place}: ${what}. Without strict, this is a warning.`)
      const key = `${code} ${column}`
      const known = this.#counted.get(key)
      if (known) known.count++
      else this.#counted.set(key, { warning: { code, column, message: sentence(place, what) }, count: 1 })
    }
  }

  get warnings(): IngestionWarning[] {
    return [...this.#counted.values()].map(({ warning, count }) =>
      count === 1 ? warning : { ...warning, message: `${warning.message} The file has ${count} such places.` },
    )
  }
}

function sentence(place: string, what: string): string {
  return `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${what}.`
}
