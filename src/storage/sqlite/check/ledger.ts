import { KEPT_REJECTED_ROWS } from '../../../domain/ingestion.ts'
import { type Inspection, spoken, tuplesOf } from './inspection.ts'

/** What the data say of one ingestion. */
export interface Brought {
  /** Measurements that stand under its name. */
  rows: number
  /** Measurements that it was the first to bring, whatever became of their values. */
  inserted: number
  corrected: number
  accounts: number
  firstAt: number
  lastAt: number
}

/** Ingestions by internal key, with what was found of each. */
export class BroughtBy {
  readonly #byIngestion = new Map<number, Brought>()

  of(ingestion: number): Brought {
    const known = this.#byIngestion.get(ingestion)
    if (known) return known
    const none = { rows: 0, inserted: 0, corrected: 0, accounts: 0, firstAt: Infinity, lastAt: -Infinity }
    this.#byIngestion.set(ingestion, none)
    return none
  }

  get keys(): Iterable<number> {
    return this.#byIngestion.keys()
  }
}

interface Line {
  readonly id: number
  readonly public_id: string
  readonly file_name: string
  readonly status: string
  readonly dry_run: number
  readonly rows_total: number | null
  readonly rows_read: number
  readonly inserted: number
  readonly corrected: number
  readonly unchanged: number
  readonly rejected: number
  readonly accounts_created: number
  readonly first_measured_at: number | null
  readonly last_measured_at: number | null
}

/** Holds every line of the ledger against what the data say it brought: docs/rules.md, rules 6 to 9. */
export function inspectLedger(inspection: Inspection, brought: BroughtBy): void {
  const acknowledged = new Set<number>()
  const lines = inspection.connection.prepare('SELECT * FROM ingestion ORDER BY id').iterate()
  for (const line of lines as IterableIterator<Line>) {
    if (line.status === 'SUCCEEDED') inspectSum(inspection, line)
    if (line.status === 'SUCCEEDED' && line.dry_run === 0) {
      acknowledged.add(line.id)
      inspectTaken(inspection, line, brought.of(line.id))
    }
  }
  for (const id of brought.keys) {
    const { rows, inserted, corrected, accounts } = brought.of(id)
    if (acknowledged.has(id) || rows + inserted + corrected + accounts === 0) continue
    inspection.findings.add('measurement-source', () => `ingestion ${id}: ${rows} measurements, ${accounts} accounts`)
  }
  inspectRejections(inspection)
}

function inspectSum({ findings }: Inspection, line: Line): void {
  const sum = line.inserted + line.corrected + line.unchanged + line.rejected
  if (line.rows_read === sum && line.rows_total === line.rows_read) return
  findings.add(
    'ledger-rows',
    () => `${named(line)}: ${line.rows_read} read of ${line.rows_total}, ${sum} accounted for`,
  )
}

function inspectTaken({ findings }: Inspection, line: Line, found: Brought): void {
  const compare = (rule: 'ledger-inserted' | 'ledger-corrected' | 'ledger-accounts', says: number, is: number) => {
    if (says !== is) findings.add(rule, () => `${named(line)} says ${says}, the data hold ${is}`)
  }
  compare('ledger-inserted', line.inserted, found.inserted)
  compare('ledger-corrected', line.corrected, found.corrected)
  compare('ledger-accounts', line.accounts_created, found.accounts)
  const { first_measured_at: first, last_measured_at: last } = line
  const isSpanTold = first !== null && last !== null && first <= last
  const hasTaken = line.inserted + line.corrected + line.unchanged > 0
  const isWithin = !isSpanTold || (found.firstAt >= first && found.lastAt <= last)
  if (isSpanTold === hasTaken && isWithin) return
  findings.add('ledger-span', () => `${named(line)} says ${spoken(first)} to ${spoken(last)}`)
}

/** Counts are exact, and of the rows themselves the first 1,000 are kept: docs/rules.md, "Rejected rows". */
const REJECTIONS = `
  SELECT i.id, i.public_id, i.file_name, i.rejected,
    coalesce((SELECT sum(count) FROM rejection_count c WHERE c.ingestion = i.id), 0) AS counted,
    (SELECT count(*) FROM rejected_row r WHERE r.ingestion = i.id) AS kept,
    (SELECT count(*) FROM rejected_row r WHERE r.ingestion = i.id
      AND (row_number NOT BETWEEN 1 AND i.rows_read OR NOT json_valid("row"))) AS odd,
    (SELECT count(*) FROM (SELECT reason, count(*) AS kept FROM rejected_row r WHERE r.ingestion = i.id GROUP BY reason) k
      WHERE kept > coalesce((SELECT count FROM rejection_count c WHERE c.ingestion = i.id AND c.reason = k.reason), 0)) AS excess
  FROM ingestion i`

type Rejected = readonly [
  id: number,
  publicId: string,
  fileName: string,
  rejected: number,
  counted: number,
  kept: number,
  odd: number,
  excess: number,
]

function inspectRejections(inspection: Inspection): void {
  for (const row of tuplesOf<Rejected>(inspection, REJECTIONS)) {
    const [id, public_id, file_name, rejected, counted, kept, odd, excess] = row
    const isTrue = rejected === counted && kept === Math.min(rejected, KEPT_REJECTED_ROWS) && odd + excess === 0
    if (isTrue) continue
    const line = named({ id, public_id, file_name })
    inspection.findings.add('ledger-rejected', () => `${line} says ${rejected}, ${counted} are counted, ${kept} kept`)
  }
}

function named({ id, public_id, file_name }: Pick<Line, 'id' | 'public_id' | 'file_name'>): string {
  return `ingestion ${id} (${public_id}, ${file_name})`
}
