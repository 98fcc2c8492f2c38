import { TRACKED_ABOVE } from '../../../domain/account.ts'
import { foldCategory, MAX_CATEGORY_CODE_POINTS, normalizeCategory } from '../../../domain/category.ts'
import { KEPT_REJECTED_ROWS } from '../../../domain/ingestion.ts'
import type { Connection } from '../connection/connection.ts'
import { BASELINES, derive, prepareDerivation } from '../derive/derive.ts'
import { PERIOD_MS, periodOf } from '../schema/tables.ts'
import type { Findings, Rule } from './rules.ts'

/** What a check counts. */
export interface Counts {
  readonly measurements: number
  readonly accounts: number
  readonly asOf: number | null
}

/** @param done the share of the step that is done, from 0 to 1 */
type OnContentsProgress = (step: 'measurements' | 'accounts' | 'rules', done: number) => void

/**
 * Compares everything that the database stores about its measurements with the measurements themselves: the ledger,
 * corrections and categories, and all derived data, which `derive` computes again. Works in temporary tables.
 */
export function checkContents(connection: Connection, findings: Findings, onProgress: OnContentsProgress): Counts {
  addFunctions(connection)
  prepareDerivation(connection)
  try {
    const counts = collectFacts(connection, onProgress)
    const queries = Object.entries(QUERIES)
    for (const [index, [rule, sql]] of queries.entries()) {
      onProgress('rules', index / queries.length)
      for (const [example] of connection.prepare(sql).raw().iterate() as IterableIterator<[string]>) {
        findings.add(rule as Rule, example)
      }
    }
    return counts
  } finally {
    connection.exec(DROP_FACTS)
  }
}

/** The names of a category set that follow from its members, as SQL on `category_set s`. */
export const EXPECTED_NAMES = `(
  SELECT json_group_array(c.name ORDER BY c.folded) FROM category_set_member m JOIN category c ON c.id = m.category
  WHERE m.category_set = s.id)`

function addFunctions(connection: Connection): void {
  connection.function('iso', { deterministic: true }, instant => isoInstant(instant as number | null))
  connection.function('fold_category', { deterministic: true }, name => foldCategory(name as string))
  connection.function('is_normalized', { deterministic: true }, name => (isNormalized(name as string) ? 1 : 0))
}

function isoInstant(instant: number | null): string {
  if (instant === null) return 'none'
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString() : String(instant)
}

function isNormalized(name: string): boolean {
  return (
    name !== '' &&
    normalizeCategory(name) === name &&
    !/\p{Cc}/u.test(name) &&
    [...name].length <= MAX_CATEGORY_CODE_POINTS
  )
}

/**
 * `period` hides the table of the same name, which may be wrong, from `derive`. `replaced` is `correction` with the value
 * that came next, and `found` counts what the data hold of each ingestion.
 */
const CREATE_FACTS = `
  CREATE TEMP TABLE period (period INTEGER PRIMARY KEY);
  INSERT INTO temp.period SELECT DISTINCT period FROM measurement;
  CREATE TEMP TABLE standing (ingestion INTEGER PRIMARY KEY, rows, first_at, last_at);
  CREATE TEMP TABLE replaced AS
    WITH step AS (
      SELECT *, lag(sequence) OVER chain IS NULL AS is_first, lead(sequence) OVER chain IS NULL AS is_last,
        lead(ingestion) OVER chain AS next_ingestion, lead(subscriber_count) OVER chain AS next_count,
        lead(category_set) OVER chain AS next_set
      FROM correction WINDOW chain AS (PARTITION BY account, measured_at ORDER BY corrected_by, sequence))
    SELECT s.*, iif(is_last, m.ingestion, next_ingestion) AS replacing,
      iif(is_last, m.subscriber_count, next_count) AS replacing_count, iif(is_last, m.category_set, next_set) AS replacing_set
    FROM step s LEFT JOIN measurement m ON s.is_last
      AND m.period = s.measured_at / ${PERIOD_MS} AND m.account = s.account AND m.measured_at = s.measured_at`

/** One period at a time, because SQLite sorts what it groups. */
const ADD_STANDING = `
  INSERT INTO standing SELECT ingestion, count(*) AS n, min(measured_at) AS first, max(measured_at) AS last
    FROM measurement WHERE period = ? GROUP BY ingestion
  ON CONFLICT DO UPDATE SET rows = rows + excluded.rows,
    first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`

/** A corrected measurement names the ingestion that corrected it last, and was inserted by the first. */
const CREATE_FOUND = `
  CREATE TEMP TABLE found AS
    SELECT ingestion, sum(rows) AS rows, sum(inserted) AS inserted, sum(corrected) AS corrected, sum(accounts) AS accounts,
      min(first_at) AS first_at, max(last_at) AS last_at
    FROM (
      SELECT ingestion, rows, rows AS inserted, 0 AS corrected, 0 AS accounts, first_at, last_at FROM standing
      UNION ALL SELECT replacing, 0, -1, 0, 0, NULL, NULL FROM replaced WHERE is_last AND replacing IS NOT NULL
      UNION ALL SELECT ingestion, 0, 1, 0, 0, NULL, NULL FROM replaced WHERE is_first
      UNION ALL SELECT corrected_by, 0, 0, 1, 0, NULL, NULL FROM correction
      UNION ALL SELECT a.ingestion, 0, 0, 0, 1, NULL, NULL FROM account a JOIN derived d ON d.account = a.id
        WHERE d.measured_at IS NOT NULL)
    GROUP BY ingestion`

const DROP_FACTS = `
  DELETE FROM derived;
  DROP TABLE IF EXISTS temp.period;
  DROP TABLE IF EXISTS temp.standing;
  DROP TABLE IF EXISTS temp.replaced;
  DROP TABLE IF EXISTS temp.found`

function collectFacts(connection: Connection, onProgress: OnContentsProgress): Counts {
  const scalar = <Value>(sql: string) => connection.prepare(sql).pluck().get() as Value
  onProgress('measurements', 0)
  connection.exec(CREATE_FACTS)
  const periods = connection.prepare('SELECT period FROM temp.period').pluck().all() as number[]
  const addStanding = connection.prepare(ADD_STANDING)
  for (const [done, period] of periods.entries()) {
    addStanding.run(period)
    onProgress('measurements', (done + 1) / periods.length)
  }
  onProgress('accounts', 0)
  const asOf = scalar<number | null>('SELECT max(last_at) FROM standing')
  connection.exec('INSERT INTO derived (account) SELECT id FROM account')
  if (asOf !== null) derive(connection, asOf)
  connection.exec(CREATE_FOUND)
  const measurements = scalar<number>('SELECT coalesce(sum(rows), 0) FROM standing')
  return { measurements, accounts: scalar<number>('SELECT count(*) FROM account'), asOf }
}

const UUID = [8, 4, 4, 4, 12].map(length => '[0-9a-f]'.repeat(length)).join('-')
const YEAR_2000 = Date.UTC(2000, 0, 1)

const SUCCEEDED = `i.status = 'SUCCEEDED' AND i.dry_run = 0`
const INGESTION = `format('ingestion %d (%s, %s)', i.id, i.public_id, i.file_name)`
const REPLACED = `format('account %d at %s, corrected by ingestion %d', account, iso(measured_at), corrected_by)`

/** The entries of the ledger whose `column` differs from what was found. */
function reported(column: 'inserted' | 'corrected' | 'accounts_created', found: string): string {
  return `SELECT ${INGESTION} || format(' reports %d, the data hold %d', i.${column}, coalesce(f.${found}, 0))
    FROM ingestion i LEFT JOIN found f ON f.ingestion = i.id WHERE ${SUCCEEDED} AND i.${column} <> coalesce(f.${found}, 0)`
}

const TRACKED_MEMBERSHIPS = `
  SELECT m.category, d.subscriber_count, a.account_id, a.id AS account FROM derived d JOIN account a ON a.id = d.account
  JOIN category_set_member m ON m.category_set = d.category_set WHERE d.subscriber_count > ${TRACKED_ABOVE}`

const TOTALS = {
  as_of: '(SELECT max(last_at) FROM standing)',
  first_measured_at: '(SELECT min(first_at) FROM standing)',
  measurement_count: '(SELECT coalesce(sum(rows), 0) FROM standing)',
  account_count: `(SELECT count(*) FROM derived WHERE subscriber_count > ${TRACKED_ABOVE})`,
}

/** Each query returns a text for every violation of its rule: which row, what it holds, and what it should hold. */
const QUERIES: Partial<Record<Rule, string>> = {
  'account-id': `SELECT json_quote(account_id) FROM account WHERE account_id NOT GLOB '${UUID}'`,
  // For an account that was created later than that, `ledger-accounts` finds a wrong number.
  'account-origin': `SELECT DISTINCT format('%s is of ingestion %d, which is later than its measurements', a.account_id, a.ingestion)
    FROM (SELECT account, ingestion FROM measurement UNION ALL SELECT account, ingestion FROM correction) m
    JOIN account a ON a.id = m.account WHERE m.ingestion < a.ingestion`,
  'measurement-instant': `SELECT format('account %d: %s', account, iso(measured_at)) FROM measurement
    WHERE period <= ${periodOf(YEAR_2000)} AND measured_at < ${YEAR_2000}`,
  'measurement-source': `SELECT format('ingestion %d: %d measurements, %d accounts', f.ingestion, f.rows, f.accounts) FROM found f
    WHERE f.rows + f.inserted + f.corrected + f.accounts > 0
      AND NOT EXISTS (SELECT 1 FROM ingestion i WHERE i.id = f.ingestion AND ${SUCCEEDED})`,
  'ledger-rows': `SELECT ${INGESTION} || format(': %d read of %s, %d accounted for', rows_read, rows_total,
      inserted + corrected + unchanged + rejected) FROM ingestion i WHERE status = 'SUCCEEDED'
    AND (rows_read <> inserted + corrected + unchanged + rejected OR rows_total IS NOT rows_read)`,
  'ledger-inserted': reported('inserted', 'inserted'),
  'ledger-corrected': reported('corrected', 'corrected'),
  'ledger-accounts': reported('accounts_created', 'accounts'),
  'ledger-rejected': `
    WITH entry AS (
      SELECT i.*, coalesce((SELECT sum(count) FROM rejection_count c WHERE c.ingestion = i.id), 0) AS counted,
        (SELECT count(*) FROM rejected_row r WHERE r.ingestion = i.id) AS kept,
        EXISTS (SELECT 1 FROM rejected_row r WHERE r.ingestion = i.id
          AND (row_number NOT BETWEEN 1 AND i.rows_read OR NOT json_valid("row"))) AS has_odd_row,
        EXISTS (SELECT 1 FROM rejected_row r WHERE r.ingestion = i.id GROUP BY reason HAVING count(*) >
          coalesce((SELECT count FROM rejection_count c WHERE c.ingestion = i.id AND c.reason = r.reason), 0)) AS has_excess
      FROM ingestion i)
    SELECT ${INGESTION} || format(' reports %d, %d are counted, %d kept', rejected, counted, kept) FROM entry i
    WHERE rejected <> counted OR kept <> min(rejected, ${KEPT_REJECTED_ROWS}) OR has_odd_row OR has_excess`,
  'ledger-span': `SELECT ${INGESTION} || format(' reports %s to %s', iso(i.first_measured_at), iso(i.last_measured_at))
    FROM ingestion i LEFT JOIN found f ON f.ingestion = i.id WHERE ${SUCCEEDED}
      AND (coalesce(i.first_measured_at <= i.last_measured_at, 0) <> (i.inserted + i.corrected + i.unchanged > 0)
        OR f.first_at < i.first_measured_at OR f.last_at > i.last_measured_at)`,
  'correction-target': `SELECT ${REPLACED} FROM replaced WHERE is_last AND replacing IS NULL`,
  'correction-sequence': `SELECT format('ingestion %d: %d, numbered %d to %d', corrected_by, count(*), min(sequence), max(sequence))
    FROM correction GROUP BY corrected_by HAVING min(sequence) <> 1 OR max(sequence) <> count(*)`,
  'correction-chain': `SELECT ${REPLACED} || format(', then ingestion %d', replacing) FROM replaced
    WHERE replacing <> corrected_by OR (replacing IS NOT NULL AND ingestion > corrected_by)`,
  'correction-same': `SELECT ${REPLACED} FROM replaced WHERE replacing_count = subscriber_count AND replacing_set = category_set`,
  'category-name': `SELECT format('category %d: %s', id, json_array(name, folded)) FROM category
    WHERE NOT is_normalized(name) OR fold_category(name) <> folded`,
  'category-origin': `
    SELECT format('category %d (%s) is of ingestion %d', c.id, c.name, c.ingestion) FROM category c
    LEFT JOIN (SELECT m.category, min(s.ingestion) AS first FROM category_set_member m
      JOIN category_set s ON s.id = m.category_set GROUP BY m.category) o ON o.category = c.id
    WHERE c.ingestion IS NOT o.first
    UNION ALL SELECT DISTINCT format('set %d is of ingestion %d, and used by %d', s.id, s.ingestion, m.ingestion)
    FROM measurement m JOIN category_set s ON s.id = m.category_set WHERE m.ingestion < s.ingestion`,
  'category-members': `SELECT format('set %d: %s and %s', id, members, listed) FROM (
      SELECT s.id, s.members, coalesce((SELECT group_concat(m.category, ',' ORDER BY m.category) FROM category_set_member m
        WHERE m.category_set = s.id), '') AS listed FROM category_set s)
    WHERE members <> listed`,
  'category-names': `SELECT format('set %d: %s, should be %s', s.id, s.names, ${EXPECTED_NAMES}) FROM category_set s
    WHERE s.names <> ${EXPECTED_NAMES}`,
  'account-empty': `SELECT a.account_id FROM derived d JOIN account a ON a.id = d.account WHERE d.measured_at IS NULL`,
  'account-newest': `
    SELECT format('%s is %d at %s, set %d, should be %d at %s, set %d', a.account_id, a.subscriber_count, iso(a.measured_at),
      a.category_set, d.subscriber_count, iso(d.measured_at), d.category_set)
    FROM derived d JOIN account a ON a.id = d.account WHERE d.measured_at IS NOT NULL
      AND (a.measured_at, a.subscriber_count, a.category_set) IS NOT (d.measured_at, d.subscriber_count, d.category_set)`,
  'account-growth': BASELINES.map(
    name => `
    SELECT format('%s ${name}: %s at %s, should be %s at %s', a.account_id, coalesce(a.${name}_count, 'null'),
      iso(a.${name}_at), coalesce(d.${name}_count, 'null'), iso(d.${name}_at))
    FROM derived d JOIN account a ON a.id = d.account
    WHERE d.measured_at IS NOT NULL AND (a.${name}_at, a.${name}_count) IS NOT (d.${name}_at, d.${name}_count)`,
  ).join(' UNION ALL '),
  'membership-missing': `SELECT format('%s with %d in category %d', account_id, subscriber_count, category) FROM (
    ${TRACKED_MEMBERSHIPS} EXCEPT SELECT category, subscriber_count, account_id, account FROM account_category)`,
  'membership-wrong': `SELECT format('%s with %d in category %d', account_id, subscriber_count, category) FROM (
    SELECT category, subscriber_count, account_id, account FROM account_category EXCEPT ${TRACKED_MEMBERSHIPS})`,
  'period-list': `
    SELECT format('%d is missing', period) FROM temp.period WHERE period NOT IN (SELECT period FROM main.period)
    UNION ALL SELECT format('%d has no measurement', period) FROM main.period WHERE period NOT IN (SELECT period FROM temp.period)`,
  'dataset-totals': Object.entries(TOTALS)
    .map(
      ([name, expected]) => `
    SELECT format('${name} is %s, should be %s', coalesce(actual, 'none'), coalesce(expected, 'none'))
    FROM (SELECT (SELECT ${name} FROM dataset WHERE id = 1) AS actual, ${expected} AS expected) WHERE actual IS NOT expected`,
    )
    .join(' UNION ALL '),
}
