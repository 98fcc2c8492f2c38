import { type Inspection, tuplesOf } from './inspection.ts'

/**
 * The CHECKs of all tables. SQLite forgets them on a read-only connection, where its integrity_check says nothing of them.
 */
export function inspectConstraints(inspection: Inspection): void {
  const tables = [
    ...tuplesOf<[string, string]>(
      inspection,
      `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL`,
    ),
  ]
  for (const [table, sql] of tables) {
    const checks = checksIn(sql)
    if (checks.length === 0) continue
    const broken = checks.map(check => `coalesce(sum(NOT (${check})), 0)`).join(', ')
    const [counts = []] = [...tuplesOf<number[]>(inspection, `SELECT ${broken} FROM "${table}"`)]
    checks.forEach((check, index) => {
      const count = counts[index]!
      if (count > 0) inspection.findings.add('constraint-broken', () => `${table}: ${count} rows are not ${check}`)
    })
  }
}

/** The expressions in the CHECKs of a table's definition. */
function checksIn(sql: string): string[] {
  return [...sql.matchAll(/\bCHECK\s*\(/g)].map(({ 0: opening, index }) => {
    const start = index + opening.length
    return sql.slice(start, closing(sql, start))
  })
}

/** Where the bracket closes that was opened just before `start`; those in texts do not count. */
function closing(sql: string, start: number): number {
  let depth = 1
  let isText = false
  for (let at = start; at < sql.length; at++) {
    if (sql[at] === "'") isText = !isText
    if (isText) continue
    if (sql[at] === '(') depth++
    if (sql[at] === ')' && --depth === 0) return at
  }
  return sql.length
}
