import { parseAccountId, TRACKED_ABOVE } from '../../../domain/account.ts'
import type { Findings } from './findings.ts'
import { type Inspection, spoken } from './inspection.ts'
import type { KnownAccounts, Window } from './known-accounts.ts'
import type { BroughtBy } from './ledger.ts'

interface AccountRow {
  readonly id: number
  readonly account_id: string
  readonly ingestion: number
  readonly measured_at: number
  readonly subscriber_count: number
  readonly category_set: number
  readonly [baselineColumn: string]: number | string | null
}

/** Holds every account's row against what its measurements say: docs/rules.md, rule 4 and "Growth". */
export function inspectAccounts(inspection: Inspection, known: KnownAccounts, brought: BroughtBy): void {
  const rows = inspection.connection.prepare('SELECT * FROM account ORDER BY id').iterate()
  let position = 0
  for (const row of rows as IterableIterator<AccountRow>) {
    inspectAccount(inspection, row, known, position, brought)
    position++
  }
}

function inspectAccount(
  { findings }: Inspection,
  row: AccountRow,
  known: KnownAccounts,
  position: number,
  brought: BroughtBy,
): void {
  if (parseAccountId(row.account_id) !== row.account_id)
    findings.add('account-id', () => JSON.stringify(row.account_id))
  const [at, count, set] = [known.newestAt[position]!, known.newestCount[position]!, known.newestSet[position]!]
  if (at === 0) {
    findings.add('account-empty', () => row.account_id)
    return
  }
  brought.of(row.ingestion).accounts++
  if (known.origin[position] !== row.ingestion) {
    findings.add('account-origin', () => `${row.account_id} says ${row.ingestion}, it is ${known.origin[position]}`)
  }
  if (row.measured_at !== at || row.subscriber_count !== count || row.category_set !== set) {
    const is = `${row.subscriber_count} at ${spoken(row.measured_at)}, set ${row.category_set}`
    findings.add('account-newest', () => `${row.account_id} is ${is}, should be ${count} at ${spoken(at)}, set ${set}`)
  }
  for (const window of known.windows) inspectGrowth(findings, row, window, position, at)
}

function inspectGrowth(findings: Findings, row: AccountRow, window: Window, position: number, at: number): void {
  for (const { column, expected } of baselines(window, position, at)) {
    const [isAt, isCount] = [row[`${column}_at`], row[`${column}_count`]] as [number | null, number | null]
    if (isAt === expected.at && isCount === expected.count) continue
    const should = `${expected.count} at ${spoken(expected.at)}`
    findings.add(
      'account-growth',
      () => `${row.account_id} ${column}: ${isCount} at ${spoken(isAt)}, should be ${should}`,
    )
  }
}

interface Baseline {
  readonly at: number | null
  readonly count: number | null
}

const NONE: Baseline = { at: null, count: null }

/** What growth is counted from in one window, by either baseline; nothing when the newest measurement is not later. */
function baselines(window: Window, position: number, newestAt: number): { column: string; expected: Baseline }[] {
  const first = { at: window.firstAt[position]!, count: window.firstCount[position]! }
  const known = { at: window.knownAt[position]!, count: window.knownCount[position]! }
  const start = known.at > 0 ? known : first
  const valid = (from: { at: number; count: number }) =>
    newestAt >= window.opens && from.at > 0 && from.at < newestAt ? from : NONE
  return [
    { column: `${window.name}_first`, expected: valid(first) },
    { column: `${window.name}_start`, expected: valid(start) },
  ]
}

/** Whether an account is listed in its categories. */
export function isTracked(known: KnownAccounts, position: number): boolean {
  return known.newestAt[position]! > 0 && known.newestCount[position]! > TRACKED_ABOVE
}
