import type { AccountFilter, AccountOrder } from '../../domain/account.ts'
import { AppError } from '../../domain/errors.ts'
import { DEFAULT_GROWTH } from '../../domain/growth.ts'
import type * as api from '../generated.ts'

const LARGEST_FIRST: AccountOrder = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' }

/**
 * The order that is asked for. A window and a baseline that it leaves open are those of the growth filter.
 *
 * @throws AppError BAD_USER_INPUT when a window or a baseline is given for a field that has none
 */
export function accountOrder(input: api.AccountOrder | null | undefined, { growth }: AccountFilter): AccountOrder {
  if (!input) return LARGEST_FIRST
  const { field, direction = 'DESC', window, baseline } = input
  if (field === 'GROWTH_PERCENT' || field === 'GROWTH_ABSOLUTE') {
    const inherited = growth ?? DEFAULT_GROWTH
    const kind = { window: window ?? inherited.window, baseline: baseline ?? inherited.baseline }
    return { field, direction, growth: kind }
  }
  const given = Object.entries({ window, baseline }).find(([, value]) => value != null)
  if (!given) return { field, direction }
  throw new AppError(
    'BAD_USER_INPUT',
    `orderBy.${given[0]} is given, but ${field} has none: leave it out, or order by GROWTH_PERCENT or GROWTH_ABSOLUTE.`,
  )
}
