import { periodOf } from '../schema/tables.ts'
import { type Inspection, spoken, tuplesOf } from './inspection.ts'
import type { BroughtBy } from './ledger.ts'
import type { Measured } from './measurements.ts'

/** A value that stands, or stood, for one account and instant. */
interface Value {
  readonly account: number
  readonly at: number
  readonly count: number
  readonly set: number
  readonly ingestion: number
}

interface Correction extends Value {
  readonly by: number
}

const CORRECTIONS = `SELECT account, measured_at AS at, subscriber_count AS count, category_set AS "set", ingestion,
  corrected_by AS "by" FROM correction ORDER BY account, measured_at, corrected_by, sequence`

const STANDING = `SELECT account, measured_at AS at, subscriber_count AS count, category_set AS "set", ingestion
  FROM measurement WHERE period = ? AND account = ? AND measured_at = ?`

/**
 * Follows every measurement that was corrected from its first value to the one that stands: docs/rules.md, rule 3. Also
 * puts the count of what each ingestion inserted right: under its name stand only the values that were not replaced.
 */
export function inspectCorrections(inspection: Inspection, { accounts }: Measured, brought: BroughtBy): void {
  inspectSequences(inspection, brought)
  const standing = inspection.connection.prepare(STANDING)
  let chain: Correction[] = []
  const close = () => {
    const [first] = chain
    if (first === undefined) return
    const end = standing.get(periodOf(first.at), first.account, first.at) as Value | undefined
    if (end) inspectChain(inspection, chain, end)
    else inspection.findings.add('correction-target', () => named(first))
    if (end) brought.of(end.ingestion).inserted--
    brought.of(first.ingestion).inserted++
    const position = accounts.positionOf(first.account)
    if (position >= 0) accounts.origin[position] = Math.min(accounts.origin[position]!, first.ingestion)
    chain = []
  }
  for (const correction of inspection.connection.prepare(CORRECTIONS).iterate() as IterableIterator<Correction>) {
    const isSame = chain[0]?.account === correction.account && chain[0].at === correction.at
    if (!isSame) close()
    chain.push(correction)
  }
  close()
}

function inspectChain({ findings }: Inspection, chain: readonly Correction[], end: Value): void {
  chain.forEach((replaced, index) => {
    const next = chain[index + 1] ?? end
    const isConnected = next.ingestion === replaced.by && replaced.ingestion <= replaced.by
    if (!isConnected) findings.add('correction-chain', () => `${named(replaced)}, then ingestion ${next.ingestion}`)
    const isSame = next.count === replaced.count && next.set === replaced.set
    if (isSame) findings.add('correction-same', () => named(replaced))
  })
}

const SEQUENCES = 'SELECT corrected_by, count(*), min(sequence), max(sequence) FROM correction GROUP BY corrected_by'

function inspectSequences(inspection: Inspection, brought: BroughtBy): void {
  for (const [by, count, first, last] of tuplesOf<[number, number, number, number]>(inspection, SEQUENCES)) {
    brought.of(by).corrected = count
    if (first === 1 && last === count) continue
    inspection.findings.add('correction-sequence', () => `ingestion ${by}: ${count}, numbered ${first} to ${last}`)
  }
}

function named({ account, at, by }: Correction): string {
  return `account ${account} at ${spoken(at)}, corrected by ingestion ${by}`
}
