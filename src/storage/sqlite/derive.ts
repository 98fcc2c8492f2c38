import { GROWTH_WINDOWS, type GrowthWindow, windowBefore } from '../../domain/growth.ts'
import type { Connection } from './connection.ts'
import { PERIOD_MS, periodOf } from './period.ts'

/*
 * Everything derived is computed from `measurement` for a set of stale accounts, first into a temporary table, and
 * then only what differs is written: rewriting an index entry costs ten times what finding out does.
 */

const WINDOWS = GROWTH_WINDOWS.map(window => ({ window, name: window.toLowerCase() }))

const BASELINE_COLUMNS = WINDOWS.flatMap(({ name }) => [
  `${name}_first_at`,
  `${name}_first_count`,
  `${name}_start_at`,
  `${name}_start_count`,
])

const DERIVED_COLUMNS = ['measured_at', 'subscriber_count', 'category_set', ...BASELINE_COLUMNS]

/** Creates the temporary tables that `refreshDerived` works in; once a connection. */
export function prepareDerivation(connection: Connection): void {
  connection.exec(`
    CREATE TEMP TABLE IF NOT EXISTS stale (account INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS fresh (account INTEGER PRIMARY KEY, ${DERIVED_COLUMNS.join(', ')});`)
}

/** Marks accounts whose measurements have changed. */
export function markStale(connection: Connection, accounts: Iterable<number>): void {
  const mark = connection.prepare('INSERT OR IGNORE INTO stale (account) VALUES (?)')
  for (const account of accounts) mark.run(account)
}

/** Marks every account, for a rebuild. */
export function markAllStale(connection: Connection): void {
  connection.exec('INSERT OR IGNORE INTO stale (account) SELECT id FROM account')
}

/**
 * Marks the accounts whose growth changes when `asOf` moves on.
 *
 * An account without a known baseline in the longest window has none in any, and opening the windows later gives it
 * none: it must be measured again, and is then marked for that. But month ends clamp, so that a later `asOf` can open
 * a window earlier (YEAR from 29 February at 01:00 opens before YEAR from 28 February at 23:00): then all are marked.
 */
export function markStaleByTime(connection: Connection, asOfBefore: number, asOf: number): void {
  const moved = GROWTH_WINDOWS.map(window => [limits(asOfBefore, window), limits(asOf, window)] as const)
  if (moved.some(([before, now]) => now.opens < before.opens || now.reach < before.reach)) markAllStale(connection)
  else {
    connection.exec(`INSERT OR IGNORE INTO stale (account)
      SELECT id FROM account WHERE year_first_at IS NOT NULL OR year_start_at IS NOT NULL`)
  }
}

/**
 * Recomputes the newest measurement, the baselines and the category memberships of all stale accounts.
 * Definitions: docs/rules.md, "Growth".
 */
export function refreshDerived(connection: Connection, asOf: number): void {
  const windows = WINDOWS.map(({ window, name }) => ({ name, ...limits(asOf, window) }))
  connection.exec('DELETE FROM fresh')
  connection.prepare(freshSql(windows)).run(...windows.flatMap(bindings))
  connection.exec(FORGET_UNCHANGED)
  connection.exec(LEAVE_CATEGORIES)
  connection.exec(ENTER_CATEGORIES)
  updateAccounts(connection)
  connection.exec('DELETE FROM fresh; DELETE FROM stale')
}

/** From this share of changed accounts on, building the indexes anew costs less than changing them entry by entry. */
const REBUILD_SHARE = 0.25
const REBUILD_FROM = 10_000

function updateAccounts(connection: Connection): void {
  const count = (sql: string) => connection.prepare(sql).pluck().get() as number
  const fresh = count('SELECT count(*) FROM fresh')
  const isBulk = fresh >= REBUILD_FROM && fresh >= REBUILD_SHARE * count('SELECT count(*) FROM account')
  if (isBulk) withoutIndexes(connection, () => connection.exec(UPDATE_ACCOUNTS))
  else connection.exec(UPDATE_ACCOUNTS)
}

/** Drops the indexes on derived columns for as long as `work` takes, within the caller's transaction. */
function withoutIndexes(connection: Connection, work: () => void): void {
  const indexes = connection
    .prepare(`SELECT name, sql FROM sqlite_schema
      WHERE type = 'index' AND tbl_name = 'account' AND sql IS NOT NULL AND name <> 'account_by_account_id'`)
    .all() as { name: string; sql: string }[]
  for (const { name } of indexes) connection.exec(`DROP INDEX "${name}"`)
  work()
  for (const { sql } of indexes) connection.exec(sql)
}

/** Counts the tracked accounts, once those are derived. */
export function countTracked(connection: Connection): void {
  connection.exec('UPDATE dataset SET account_count = (SELECT count(*) FROM account WHERE subscriber_count > 1000)')
}

interface Limits {
  readonly opens: number
  /** How far back a measurement may lie and still be the count known when the window opened. */
  readonly reach: number
}

function limits(asOf: number, window: GrowthWindow): Limits {
  const opens = windowBefore(asOf, window)
  return { opens, reach: windowBefore(opens, window) }
}

/** In the order of the placeholders of one window in `baselineInstants`. */
function bindings({ opens, reach }: Limits): number[] {
  return [periodOf(opens), opens, periodOf(reach), periodOf(opens), reach, opens]
}

/** One seek in each period, newest or oldest period first, until a measurement is found. */
function seek(condition: string, direction: 'ASC' | 'DESC'): string {
  return `(SELECT m.measured_at FROM period p CROSS JOIN measurement m
    WHERE m.period = p.period AND m.account = s.account ${condition}
    ORDER BY p.period ${direction}, m.measured_at ${direction} LIMIT 1)`
}

function baselineInstants(name: string): string {
  return `
    ${seek('AND p.period >= ? AND m.measured_at >= ?', 'ASC')} AS ${name}_first,
    ${seek('AND p.period BETWEEN ? AND ? AND m.measured_at BETWEEN ? AND ?', 'DESC')} AS ${name}_known`
}

/** Each step is materialised: SQLite would otherwise put the seeks in place of every mention of their result. */
function freshSql(windows: readonly { name: string; opens: number }[]): string {
  const ends = windows.flatMap(({ name }) => [`${name}_first`, `${name}_start`])
  return `
    WITH found AS MATERIALIZED (
      SELECT s.account, ${seek('', 'DESC')} AS newest, ${windows.map(w => baselineInstants(w.name)).join(', ')}
      FROM stale s),
    valid AS MATERIALIZED (SELECT account, newest, ${windows.map(earlierThanNewest).join(', ')} FROM found)
    INSERT INTO fresh (account, ${DERIVED_COLUMNS.join(', ')})
    SELECT v.account, v.newest, n.subscriber_count, n.category_set,
      ${ends.map(end => `v.${end}, ${end}_m.subscriber_count`).join(', ')}
    FROM valid v CROSS ${measurementAt('n', 'v.newest')}
    ${ends.map(end => `LEFT ${measurementAt(`${end}_m`, `v.${end}`)}`).join(' ')}`
}

/** A baseline must be earlier than the newest measurement, and that one not older than the window. */
function earlierThanNewest({ name, opens }: { name: string; opens: number }): string {
  const start = `coalesce(${name}_known, ${name}_first)`
  return `
    CASE WHEN ${name}_first < newest THEN ${name}_first END AS ${name}_first,
    CASE WHEN ${start} < newest AND newest >= ${opens} THEN ${start} END AS ${name}_start`
}

function measurementAt(alias: string, instant: string): string {
  return `JOIN measurement ${alias} ON ${alias}.period = ${instant} / ${PERIOD_MS}
    AND ${alias}.account = v.account AND ${alias}.measured_at = ${instant}`
}

/** An account's place in its categories depends on its newest count and category set only. */
const MOVED = '(a.subscriber_count <> f.subscriber_count OR a.category_set <> f.category_set)'

const LEAVE_CATEGORIES = `
  DELETE FROM account_category WHERE (category, subscriber_count, account_id) IN (
    SELECT member.category, a.subscriber_count, a.account_id
    FROM fresh f JOIN account a ON a.id = f.account JOIN category_set_member member ON member.category_set = a.category_set
    WHERE a.subscriber_count > 1000 AND ${MOVED})`

const ENTER_CATEGORIES = `
  INSERT INTO account_category (category, subscriber_count, account_id, account)
  SELECT member.category, f.subscriber_count, a.account_id, a.id
  FROM fresh f JOIN account a ON a.id = f.account JOIN category_set_member member ON member.category_set = f.category_set
  WHERE f.subscriber_count > 1000 AND ${MOVED}
  ORDER BY member.category, f.subscriber_count, a.account_id`

const UPDATE_ACCOUNTS = `
  UPDATE account AS a SET ${DERIVED_COLUMNS.map(column => `${column} = f.${column}`).join(', ')}
  FROM fresh f WHERE f.account = a.id`

const FORGET_UNCHANGED = `
  DELETE FROM fresh WHERE (account, ${DERIVED_COLUMNS.join(', ')}) IS
    (SELECT id, ${DERIVED_COLUMNS.join(', ')} FROM account WHERE id = fresh.account)`
