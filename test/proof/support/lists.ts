import fc from 'fast-check'
import type { Account, AccountFilter, AccountOrder } from '../../../src/domain/account.ts'
import type { GrowthKind } from '../../../src/domain/growth.ts'
import { ALL_KINDS, anyFilter, anyKind, anyOrder } from '../../support/oracle/random.ts'
import type { OracleAccount } from '../../support/oracle/types.ts'

/** A list of accounts, and the growth that is shown with each: that of the order, where it has one. */
export interface List {
  readonly filter: AccountFilter
  readonly order: AccountOrder
  readonly kind: GrowthKind
}

export type GrowthOrder = AccountOrder & { readonly growth: GrowthKind }

export function isByGrowth(order: AccountOrder): order is GrowthOrder {
  return order.field === 'GROWTH_PERCENT' || order.field === 'GROWTH_ABSOLUTE'
}

export const anyList: fc.Arbitrary<List> = fc
  .record({ filter: anyFilter, order: anyOrder, kind: anyKind })
  .map(list => ({ ...list, kind: isByGrowth(list.order) ? list.order.growth : list.kind }))

/** Every field in either direction, those of growth with every window and baseline. */
export const ALL_ORDERS: readonly AccountOrder[] = (['ASC', 'DESC'] as const).flatMap(direction => [
  ...(['SUBSCRIBER_COUNT', 'MEASURED_AT', 'ACCOUNT_ID'] as const).map(field => ({ field, direction })),
  ...(['GROWTH_PERCENT', 'GROWTH_ABSOLUTE'] as const).flatMap(field =>
    ALL_KINDS.map(growth => ({ field, direction, growth })),
  ),
])

/** An account of the product in the words of the oracles. */
export function asOracle(account: Account, kind: GrowthKind): OracleAccount {
  const { accountId, categories, newest } = account
  return { accountId, ...pick(newest), categories: [...categories], growth: account.growth(kind) }
}

function pick({ subscriberCount, measuredAt }: Account['newest']) {
  return { subscriberCount, measuredAt }
}
