import { type Inspection, tuplesOf } from './inspection.ts'

/** Judged by `inspectConstraints`, on every kind of connection. */
const OF_A_CHECK = 'CHECK constraint failed'

const MAX_MESSAGES = 100

/** What SQLite says of an index alone, while the table that it is of may be sound. */
const OF_AN_INDEX =
  /^(row \d+ missing from index|wrong # of entries in index|non-unique entry in index|row not in PRIMARY KEY order for index)/

/** SQLite's own judgement of pages, types and indexes. */
export function inspectFile({ connection, findings }: Inspection): void {
  const messages = connection.pragma(`integrity_check(${MAX_MESSAGES})`) as { integrity_check: string }[]
  for (const { integrity_check: message } of messages) {
    if (message === 'ok' || message.startsWith(OF_A_CHECK)) continue
    findings.add(OF_AN_INDEX.test(message) ? 'index-differs' : 'file-damaged', () => message)
  }
}

/**
 * References between rows, but for those of `measurement`: its rows are walked over in any case, which costs a third.
 */
export function inspectReferences(inspection: Inspection): void {
  const tables = [...tuplesOf<[string]>(inspection, `SELECT name FROM sqlite_schema WHERE type = 'table'`)].flat()
  for (const table of tables.filter(name => name !== 'measurement')) {
    const broken = inspection.connection.pragma(`foreign_key_check("${table}")`) as { parent: string }[]
    for (const { parent } of broken) inspection.findings.add('reference-broken', () => `${table}: no such ${parent}`)
  }
}
