import { foldCategory, MAX_CATEGORY_CODE_POINTS, normalizeCategory } from '../../domain/category.ts'
import type { ColumnKind } from '../columns.ts'

/** Returns the categories of a cell, or undefined when the cell is invalid. */
export type ReadCategories = (cell: unknown) => readonly string[] | undefined

const MAX_PARTS = 100
const CONTROL_CHARACTER = /\p{Cc}/u
const NONE: readonly string[] = []

/** Returns the reader of a `categories` column: docs/rules.md, "Categories". */
export function categoriesReader(kind: ColumnKind): ReadCategories {
  if (kind.kind === 'list') return cell => (cell == null ? NONE : Array.isArray(cell) ? normalise(cell) : undefined)
  return cell => (cell == null ? NONE : typeof cell === 'string' ? normalise(partsOf(cell)) : undefined)
}

/** Yields the parts one at a time: a hostile text has millions. */
function* partsOf(text: string): Generator<string> {
  let start = 0
  for (let end = text.indexOf(';'); end !== -1; end = text.indexOf(';', start)) {
    yield text.slice(start, end)
    start = end + 1
  }
  yield text.slice(start)
}

function normalise(parts: Iterable<unknown>): readonly string[] | undefined {
  const kept = new Map<string, string>()
  for (const part of parts) {
    if (part == null) continue
    if (typeof part !== 'string') return undefined
    const name = normalizeCategory(part)
    if (name === '') continue
    const folded = foldCategory(name)
    if (kept.has(folded)) continue
    if (CONTROL_CHARACTER.test(name) || isTooLong(name)) return undefined
    if (kept.size === MAX_PARTS) return undefined
    kept.set(folded, name)
  }
  return [...kept.values()]
}

function isTooLong(name: string): boolean {
  if (name.length <= MAX_CATEGORY_CODE_POINTS) return false
  return name.length > 2 * MAX_CATEGORY_CODE_POINTS || [...name].length > MAX_CATEGORY_CODE_POINTS
}
