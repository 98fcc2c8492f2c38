import { TRACKED_ABOVE } from '../../../domain/account.ts'
import { GROWTH_WINDOWS, type GrowthWindow, windowStart } from '../../../domain/growth.ts'
import type { Connection } from '../connection/connection.ts'
import { periodOf } from '../schema/tables.ts'

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

/** Accounts of one statement: enough that its own cost does not count. */
const MARKED_TOGETHER = 10_000

/** Marks accounts whose measurements have changed. */
export function markStale(connection: Connection, accounts: Uint32Array): void {
  const mark = connection.prepare('INSERT OR IGNORE INTO stale (account) SELECT value FROM json_each(?)')
  for (let start = 0; start < accounts.length; start += MARKED_TOGETHER) {
    mark.run(`[${accounts.subarray(start, start + MARKED_TOGETHER).join()}]`)
  }
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

/** Accounts that are derived together: what is found of them is kept in memory. */
const SLICE = 1 << 14

/**
 * Recomputes the newest measurement, the baselines and the category memberships of all stale accounts.
 * Definitions: docs/rules.md, "Growth".
 */
export function refreshDerived(connection: Connection, asOf: number): void {
  const count = (sql: string) => connection.prepare(sql).pluck().get() as number
  const stale = count('SELECT count(*) FROM stale')
  const accounts = count('SELECT count(*) FROM account')
  let dropped: readonly Index[] = []
  for (let done = 0, changed = 0; done < stale; ) {
    done += connection
      .prepare('INSERT INTO fresh (account) SELECT account FROM stale ORDER BY account LIMIT ?')
      .run(SLICE).changes
    connection.exec('DELETE FROM stale WHERE account <= (SELECT max(account) FROM fresh)')
    derive(connection, asOf)
    changed += count('SELECT count(*) FROM fresh')
    const expected = (changed / done) * stale
    const isBulk = expected >= REBUILD_FROM && expected >= REBUILD_SHARE * accounts
    if (isBulk && dropped.length === 0) dropped = dropIndexes(connection)
    connection.exec(LEAVE_CATEGORIES)
    connection.exec(ENTER_CATEGORIES)
    connection.exec(UPDATE_ACCOUNTS)
    connection.exec('DELETE FROM fresh')
  }
  for (const { sql } of dropped) connection.exec(sql)
}

/** Leaves in `fresh` what differs from what stands in `account`. */
function derive(connection: Connection, asOf: number): void {
  connection.exec(FIND_NEWEST)
  connection.prepare(FIND_BASELINES).run(bindings(asOf))
  connection.exec(FALL_BACK)
  connection.exec(FORGET_UNCHANGED)
}

/** From this share of changed accounts on, building the indexes anew costs less than changing them entry by entry. */
const REBUILD_SHARE = 0.25
const REBUILD_FROM = 10_000

interface Index {
  readonly name: string
  readonly sql: string
}

/** Drops the indexes on derived columns, to be made again within the caller's transaction. */
function dropIndexes(connection: Connection): readonly Index[] {
  const indexes = connection
    .prepare(`SELECT name, sql FROM sqlite_schema
      WHERE type = 'index' AND tbl_name = 'account' AND sql IS NOT NULL AND name <> 'account_by_account_id'`)
    .all() as Index[]
  for (const { name } of indexes) connection.exec(`DROP INDEX "${name}"`)
  return indexes
}

const COUNT_TRACKED = `
  UPDATE dataset SET account_count = (SELECT count(*) FROM account WHERE subscriber_count > ${TRACKED_ABOVE})`

/** Counts the tracked accounts, once those are derived. */
export function countTracked(connection: Connection): void {
  connection.exec(COUNT_TRACKED)
}

interface Limits {
  readonly opens: number
  /** How far back a measurement may lie and still be the count known when the window opened. */
  readonly reach: number
}

function limits(asOf: number, window: GrowthWindow): Limits {
  const opens = windowStart(asOf, window)
  return { opens, reach: windowStart(opens, window) }
}

/** The first measurement that meets the condition: one seek a period, newest or oldest period first. */
function firstOf(columns: string, condition: string, direction: 'ASC' | 'DESC'): string {
  return `(SELECT ${columns} FROM period p CROSS JOIN measurement m
    WHERE m.period = p.period AND m.account = f.account ${condition}
    ORDER BY p.period ${direction}, m.measured_at ${direction} LIMIT 1)`
}

const FIND_NEWEST = `UPDATE fresh AS f SET (measured_at, subscriber_count, category_set)
  = ${firstOf('m.measured_at, m.subscriber_count, m.category_set', '', 'DESC')}`

/** A baseline must be earlier than the newest measurement, and that one not older than the window. */
const FIND_BASELINES = `UPDATE fresh AS f SET ${WINDOWS.map(({ name }) => {
  const inWindow = `AND p.period >= :${name}_opens_period AND m.measured_at >= :${name}_opens AND m.measured_at < f.measured_at`
  const known = `AND p.period BETWEEN :${name}_reach_period AND :${name}_opens_period
    AND m.measured_at BETWEEN :${name}_reach AND :${name}_opens AND f.measured_at > :${name}_opens`
  return `
    (${name}_first_at, ${name}_first_count) = ${firstOf('m.measured_at, m.subscriber_count', inWindow, 'ASC')},
    (${name}_start_at, ${name}_start_count) = ${firstOf('m.measured_at, m.subscriber_count', known, 'DESC')}`
}).join()}`

/** The placeholders of FIND_BASELINES. */
function bindings(asOf: number): Record<string, number> {
  const values = WINDOWS.flatMap(({ window, name }) => {
    const { opens, reach } = limits(asOf, window)
    return [
      [`${name}_opens`, opens],
      [`${name}_opens_period`, periodOf(opens)],
      [`${name}_reach`, reach],
      [`${name}_reach_period`, periodOf(reach)],
    ] as const
  })
  return Object.fromEntries(values)
}

/** Where no count was known when the window opened, growth runs from the first one after that. */
const FALL_BACK = `UPDATE fresh SET ${WINDOWS.map(
  ({ name }) => `
    ${name}_start_at = coalesce(${name}_start_at, ${name}_first_at),
    ${name}_start_count = CASE WHEN ${name}_start_at IS NULL THEN ${name}_first_count ELSE ${name}_start_count END`,
).join()}
  WHERE ${WINDOWS.map(({ name }) => `(${name}_start_at IS NULL AND ${name}_first_at IS NOT NULL)`).join(' OR ')}`

/** An account's place in its categories depends on its newest count and category set only. */
const MOVED = '(a.subscriber_count <> f.subscriber_count OR a.category_set <> f.category_set)'

const LEAVE_CATEGORIES = `
  DELETE FROM account_category WHERE (category, subscriber_count, account_id) IN (
    SELECT member.category, a.subscriber_count, a.account_id
    FROM fresh f JOIN account a ON a.id = f.account JOIN category_set_member member ON member.category_set = a.category_set
    WHERE a.subscriber_count > ${TRACKED_ABOVE} AND ${MOVED})`

const ENTER_CATEGORIES = `
  INSERT INTO account_category (category, subscriber_count, account_id, account)
  SELECT member.category, f.subscriber_count, a.account_id, a.id
  FROM fresh f JOIN account a ON a.id = f.account JOIN category_set_member member ON member.category_set = f.category_set
  WHERE f.subscriber_count > ${TRACKED_ABOVE} AND ${MOVED}
  ORDER BY member.category, f.subscriber_count, a.account_id`

const UPDATE_ACCOUNTS = `
  UPDATE account AS a SET ${DERIVED_COLUMNS.map(column => `${column} = f.${column}`).join(', ')}
  FROM fresh f WHERE f.account = a.id`

const FORGET_UNCHANGED = `
  DELETE FROM fresh WHERE (account, ${DERIVED_COLUMNS.join(', ')}) IS
    (SELECT id, ${DERIVED_COLUMNS.join(', ')} FROM account WHERE id = fresh.account)`
