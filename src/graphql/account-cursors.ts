import {
  type Account,
  type AccountFilter,
  type AccountOrder,
  type AccountPosition,
  parseAccountId,
  positionOf,
} from '../domain/account.ts'
import { CursorScope, type Cursors } from './cursor.ts'

/** Cursors of the accounts that match `filter`, in `order`. */
export function accountCursors(filter: AccountFilter, order: AccountOrder): Cursors<Account, AccountPosition> {
  return {
    scope: new CursorScope('accounts', { order, filter }),
    position: account => positionOf(account, order),
    write: ({ value, accountId }) => [value, accountId],
    read([value, accountId, ...rest]) {
      if (rest.length > 0 || typeof accountId !== 'string' || parseAccountId(accountId) !== accountId) return undefined
      return isSortValue(value, order) ? { value, accountId } : undefined
    },
  }
}

/** Whether `value` is one that some account can have in `order`. */
function isSortValue(value: unknown, { field }: AccountOrder): value is number | null {
  switch (field) {
    case 'ACCOUNT_ID':
      return value === null
    case 'SUBSCRIBER_COUNT':
    case 'MEASURED_AT':
      return Number.isSafeInteger(value)
    case 'GROWTH_ABSOLUTE':
      return value === null || Number.isSafeInteger(value)
    case 'GROWTH_PERCENT':
      return value === null || Number.isFinite(value)
  }
}
