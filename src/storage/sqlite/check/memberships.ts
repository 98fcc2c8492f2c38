import { isTracked } from './accounts.ts'
import type { CategorySets } from './categories.ts'
import { type Inspection, tuplesOf } from './inspection.ts'
import type { KnownAccounts } from './known-accounts.ts'

type Row = readonly [category: number, count: number, accountId: string, account: number, trueAccountId: string | null]

const MEMBERSHIPS = `SELECT c.category, c.subscriber_count, c.account_id, c.account, a.account_id
  FROM account_category c LEFT JOIN account a ON a.id = c.account`

/** Each tracked account must be listed once in each category of its newest measurement, with its newest count. */
export function inspectMemberships(inspection: Inspection, known: KnownAccounts, { members }: CategorySets): void {
  const { findings } = inspection
  const found = new Uint32Array(known.ids.length)
  for (const [category, count, accountId, account, trueAccountId] of tuplesOf<Row>(inspection, MEMBERSHIPS)) {
    const position = known.positionOf(account)
    const isRight =
      position >= 0 &&
      accountId === trueAccountId &&
      isTracked(known, position) &&
      count === known.newestCount[position] &&
      members.get(known.newestSet[position]!)?.has(category)
    if (isRight) found[position]!++
    else findings.add('membership-wrong', () => `${accountId} with ${count} in category ${category}`)
  }
  for (let position = 0; position < found.length; position++) {
    const wanted = isTracked(known, position) ? (members.get(known.newestSet[position]!)?.size ?? 0) : 0
    if (found[position] === wanted) continue
    findings.add(
      'membership-missing',
      () => `account ${known.ids[position]}: in ${found[position]} of ${wanted} categories`,
    )
  }
}
