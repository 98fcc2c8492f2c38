import { Database } from '../../../src/storage/sqlite/connection/driver.ts'

/** An ingestion, an account and a set of categories by what identifies them to people. */
const INGESTION = (column: string) => `(SELECT public_id FROM ingestion WHERE id = ${column})`
const ACCOUNT = (column: string) => `(SELECT account_id FROM account WHERE id = ${column})`
const CATEGORY = (column: string) => `(SELECT folded FROM category WHERE id = ${column})`
const SET = (column: string) => `(SELECT json_group_array(folded) FROM (
  SELECT c.folded FROM category_set_member m JOIN category c ON c.id = m.category
  WHERE m.category_set = ${column} ORDER BY c.folded))`

/** Every table but the ledger, without the keys that depend on what else has been there. */
const TABLES: Readonly<Record<string, string>> = {
  account: `SELECT *, NULL AS id, ${INGESTION('ingestion')} AS ingestion, ${SET('category_set')} AS category_set
    FROM account ORDER BY account_id`,
  account_category: `
    SELECT ${CATEGORY('category')} AS category, subscriber_count, account_id, ${ACCOUNT('account')} AS account
    FROM account_category ORDER BY 1, 2, 3`,
  category: `SELECT folded, name, ${INGESTION('ingestion')} AS ingestion FROM category ORDER BY folded`,
  category_set: `
    SELECT ${SET('id')} AS members, names, ${INGESTION('ingestion')} AS ingestion,
      members = (SELECT coalesce(group_concat(category, ',' ORDER BY category), '')
        FROM category_set_member WHERE category_set = category_set.id) AS are_members_told
    FROM category_set ORDER BY 1`,
  category_set_member: `SELECT ${SET('category_set')} AS category_set, ${CATEGORY('category')} AS category
    FROM category_set_member ORDER BY 1, 2`,
  correction: `
    SELECT ${INGESTION('corrected_by')} AS by, ${ACCOUNT('account')} AS account, measured_at, subscriber_count,
      ${SET('category_set')} AS category_set, ${INGESTION('ingestion')} AS ingestion
    FROM correction ORDER BY account, measured_at, corrected_by, sequence`,
  dataset: 'SELECT * FROM dataset',
  measurement: `
    SELECT period, ${ACCOUNT('account')} AS account, measured_at, subscriber_count,
      ${SET('category_set')} AS category_set, ${INGESTION('ingestion')} AS ingestion
    FROM measurement ORDER BY account, measured_at`,
  period: 'SELECT * FROM period ORDER BY 1',
}

export type RawTables = Readonly<Record<string, readonly unknown[]>>

/** The rows of every table, fit to be compared with those of another database. */
export function rawTables(path: string): RawTables {
  const database = new Database(path, { readonly: true })
  try {
    return Object.fromEntries(Object.entries(TABLES).map(([name, sql]) => [name, database.prepare(sql).all()]))
  } finally {
    database.close()
  }
}

/** What SQLite itself finds wrong with the file: nothing, as it should be. */
export function brokenIn(path: string): unknown[] {
  const database = new Database(path, { readonly: true })
  try {
    const integrity = database.pragma('integrity_check') as { integrity_check: string }[]
    const broken = integrity.filter(row => row.integrity_check !== 'ok')
    return [...broken, ...(database.pragma('foreign_key_check') as unknown[])]
  } finally {
    database.close()
  }
}
