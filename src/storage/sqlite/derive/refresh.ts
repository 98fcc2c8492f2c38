import { TRACKED_ABOVE } from '../../../domain/account.ts'
import { GROWTH_WINDOWS } from '../../../domain/growth.ts'
import { growthWindows } from '../../growth-windows.ts'
import type { Connection } from '../connection/connection.ts'
import { DERIVED_COLUMNS, derive } from './derive.ts'

/*
 * Brings `account` and `account_category` up to date for the accounts in the temporary table `stale`. Only rows that
 * differ are written: rewriting an index entry costs ten times as much as deriving it.
 */

/** Enough accounts for one statement that its own cost does not matter. */
const MARKED_TOGETHER = 10_000

/** Marks accounts whose measurements have changed. */
export function markStale(connection: Connection, accounts: Uint32Array): void {
  const mark = connection.prepare('INSERT OR IGNORE INTO stale (account) SELECT value FROM json_each(?)')
  for (let start = 0; start < accounts.length; start += MARKED_TOGETHER) {
    mark.run(`[${accounts.subarray(start, start + MARKED_TOGETHER).join()}]`)
  }
}

export function markAllStale(connection: Connection): void {
  connection.exec('INSERT OR IGNORE INTO stale (account) SELECT id FROM account')
}

/**
 * Marks the accounts whose growth changes when `asOf` moves on.
 *
 * An account without a known baseline in the longest window has none in any, and gets none when the windows open later,
 * unless it is measured again. But month ends clamp, so that a later `asOf` can open a window earlier (YEAR from
 * 29 February at 01:00 opens before YEAR from 28 February at 23:00): then every account is marked.
 */
export function markStaleByTime(connection: Connection, asOfBefore: number, asOf: number): void {
  const [before, now] = [growthWindows(asOfBefore), growthWindows(asOf)]
  const opensEarlier = GROWTH_WINDOWS.some(
    window => now[window].opensAt < before[window].opensAt || now[window].reachesBackTo < before[window].reachesBackTo,
  )
  if (opensEarlier) markAllStale(connection)
  else {
    connection.exec(`INSERT OR IGNORE INTO stale (account)
      SELECT id FROM account WHERE year_first_at IS NOT NULL OR year_start_at IS NOT NULL`)
  }
}

/** Accounts that are derived together: the results of one slice are kept in memory. */
const SLICE = 1 << 14

/** From this share of changed accounts on, rebuilding the indexes costs less than changing them entry by entry. */
const REBUILD_SHARE = 0.25
const REBUILD_FROM = 10_000

/** Derives all stale accounts again and writes what differs. Leaves `stale` empty. */
export function refreshDerived(connection: Connection, asOf: number): void {
  const count = (sql: string) => connection.prepare(sql).pluck().get() as number
  const stale = count('SELECT count(*) FROM stale')
  const accounts = count('SELECT count(*) FROM account')
  let dropped: readonly Index[] = []
  for (let done = 0, changed = 0; done < stale; ) {
    done += connection
      .prepare('INSERT INTO derived (account) SELECT account FROM stale ORDER BY account LIMIT ?')
      .run(SLICE).changes
    connection.exec('DELETE FROM stale WHERE account <= (SELECT max(account) FROM derived)')
    derive(connection, asOf)
    connection.exec(DELETE_UNCHANGED)
    changed += count('SELECT count(*) FROM derived')
    const expected = (changed / done) * stale
    const isBulk = expected >= REBUILD_FROM && expected >= REBUILD_SHARE * accounts
    if (isBulk && dropped.length === 0) dropped = dropIndexes(connection)
    connection.exec(DELETE_MEMBERSHIPS)
    connection.exec(INSERT_MEMBERSHIPS)
    connection.exec(UPDATE_ACCOUNTS)
    connection.exec('DELETE FROM derived')
  }
  for (const { sql } of dropped) connection.exec(sql)
}

interface Index {
  readonly name: string
  readonly sql: string
}

/** Drops the indexes on derived columns. The caller creates them again in the same transaction. */
function dropIndexes(connection: Connection): readonly Index[] {
  const indexes = connection
    .prepare(`SELECT name, sql FROM sqlite_schema
      WHERE type = 'index' AND tbl_name = 'account' AND sql IS NOT NULL AND name <> 'account_by_account_id'`)
    .all() as Index[]
  for (const { name } of indexes) connection.exec(`DROP INDEX "${name}"`)
  return indexes
}

const DELETE_UNCHANGED = `
  DELETE FROM derived WHERE (account, ${DERIVED_COLUMNS.join(', ')}) IS
    (SELECT id, ${DERIVED_COLUMNS.join(', ')} FROM account WHERE id = derived.account)`

/** An account's memberships depend on its newest count and category set only. */
const MEMBERSHIPS_CHANGE = '(a.subscriber_count <> d.subscriber_count OR a.category_set <> d.category_set)'

const DELETE_MEMBERSHIPS = `
  DELETE FROM account_category WHERE (category, subscriber_count, account_id) IN (
    SELECT member.category, a.subscriber_count, a.account_id
    FROM derived d JOIN account a ON a.id = d.account JOIN category_set_member member ON member.category_set = a.category_set
    WHERE a.subscriber_count > ${TRACKED_ABOVE} AND ${MEMBERSHIPS_CHANGE})`

const INSERT_MEMBERSHIPS = `
  INSERT INTO account_category (category, subscriber_count, account_id, account)
  SELECT member.category, d.subscriber_count, a.account_id, a.id
  FROM derived d JOIN account a ON a.id = d.account JOIN category_set_member member ON member.category_set = d.category_set
  WHERE d.subscriber_count > ${TRACKED_ABOVE} AND ${MEMBERSHIPS_CHANGE}
  ORDER BY member.category, d.subscriber_count, a.account_id`

const UPDATE_ACCOUNTS = `
  UPDATE account AS a SET ${DERIVED_COLUMNS.map(column => `${column} = d.${column}`).join(', ')}
  FROM derived d WHERE d.account = a.id`

/** Builds all memberships from the accounts, for a repair: a refresh writes only what it changes. */
export function rebuildMemberships(connection: Connection): void {
  connection.exec(`
    DELETE FROM account_category;
    INSERT INTO account_category (category, subscriber_count, account_id, account)
    SELECT member.category, a.subscriber_count, a.account_id, a.id
    FROM account a JOIN category_set_member member ON member.category_set = a.category_set
    WHERE a.subscriber_count > ${TRACKED_ABOVE}
    ORDER BY member.category, a.subscriber_count, a.account_id`)
}

/** Counts the tracked accounts into `dataset`. */
export function countTracked(connection: Connection): void {
  connection.exec(
    `UPDATE dataset SET account_count = (SELECT count(*) FROM account WHERE subscriber_count > ${TRACKED_ABOVE})`,
  )
}
