import type { Connection } from '../connection/connection.ts'
import type { Findings } from './findings.ts'

/** What every part of a check works with: one state of one database. */
export interface Inspection {
  readonly connection: Connection
  readonly findings: Findings
  /** @param done share of the present step, from 0 to 1 */
  onProgress(done: number): void
}

/** All rows of a query as tuples, one at a time. */
export function* tuplesOf<Row extends readonly unknown[]>({ connection }: Inspection, sql: string): Generator<Row> {
  yield* connection.prepare(sql).raw().iterate() as IterableIterator<Row>
}

export function scalarOf<Value>({ connection }: Inspection, sql: string): Value {
  return connection.prepare(sql).pluck().get() as Value
}

/** An instant in words; null where there is none. */
export function spoken(instant: number | null): string {
  if (instant === null) return 'none'
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString() : String(instant)
}
