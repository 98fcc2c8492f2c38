import { AppError } from '../../domain/errors.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type PageRequest } from '../../domain/page.ts'
import { type Cursors, readCursor } from '../cursor.ts'

/** The arguments that every list with pages has. */
export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

/**
 * The part of a list that is asked for: docs/rules.md, "Pages".
 *
 * @param maxSize as the server is set
 * @throws AppError BAD_USER_INPUT for a size out of range, both sizes at once, or a cursor that is none of this list
 */
export function pageRequest<Position>(
  { first, after, last, before }: PageArguments,
  cursors: Cursors<never, Position>,
  maxSize = MAX_PAGE_SIZE,
): PageRequest<Position> {
  if (first != null && last != null) {
    throw new AppError(
      'BAD_USER_INPUT',
      'first and last are both given: give first to page forward, or last to page backward.',
    )
  }
  return {
    size: sizeOf(first, last, maxSize),
    fromEnd: last != null,
    after: after == null ? undefined : readCursor(after, cursors, 'after'),
    before: before == null ? undefined : readCursor(before, cursors, 'before'),
  }
}

function sizeOf(first: number | null | undefined, last: number | null | undefined, maxSize: number): number {
  const size = last ?? first ?? Math.min(DEFAULT_PAGE_SIZE, maxSize)
  if (size >= 0 && size <= maxSize) return size
  const argument = last == null ? 'first' : 'last'
  throw new AppError(
    'BAD_USER_INPUT',
    `${argument} is ${size}: give 0 to ${maxSize}, and go on from the page's cursors.`,
  )
}
