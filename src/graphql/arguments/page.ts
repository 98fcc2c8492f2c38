import { BadArgument } from '../../domain/errors.ts'
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
 * @throws BadArgument for a size out of range, both sizes at once, or a cursor that is none of this list
 */
export function pageRequest<Position>(
  { first, after, last, before }: PageArguments,
  cursors: Cursors<never, Position>,
): PageRequest<Position> {
  if (first != null && last != null) {
    throw new BadArgument('first and last are both given: give first to page forward, or last to page backward.')
  }
  return {
    size: last == null ? pageSize(first ?? DEFAULT_PAGE_SIZE, 'first') : pageSize(last, 'last'),
    fromEnd: last != null,
    after: after == null ? undefined : readCursor(after, cursors, 'after'),
    before: before == null ? undefined : readCursor(before, cursors, 'before'),
  }
}

function pageSize(size: number, argument: string): number {
  if (size >= 0 && size <= MAX_PAGE_SIZE) return size
  throw new BadArgument(`${argument} is ${size}: give 0 to ${MAX_PAGE_SIZE}, and go on from the page's cursors.`)
}
