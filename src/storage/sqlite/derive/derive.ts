import { GROWTH_WINDOWS } from '../../../domain/growth.ts'
import { growthWindows } from '../../growth-windows.ts'
import type { Connection } from '../connection/connection.ts'
import { periodOf } from '../schema/tables.ts'

/*
 * Computes what is derived of an account from its measurements, into the temporary table `derived`: the newest
 * measurement and each window's baselines. Definitions: docs/rules.md, "Growth".
 */

const WINDOWS = GROWTH_WINDOWS.map(window => ({ window, name: window.toLowerCase() }))

/** The columns of each window's two baselines are named after these. */
export const BASELINES: readonly string[] = WINDOWS.flatMap(({ name }) => [`${name}_first`, `${name}_start`])

export const DERIVED_COLUMNS: readonly string[] = [
  'measured_at',
  'subscriber_count',
  'category_set',
  ...BASELINES.flatMap(name => [`${name}_at`, `${name}_count`]),
]

/** Creates the temporary tables of derivation. Once a connection. */
export function prepareDerivation(connection: Connection): void {
  connection.exec(`
    CREATE TEMP TABLE IF NOT EXISTS stale (account INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS derived (account INTEGER PRIMARY KEY, ${DERIVED_COLUMNS.join(', ')});`)
}

/** Fills in the rows of `derived`, which hold only account keys. An account without measurements gets nulls. */
export function derive(connection: Connection, asOf: number): void {
  connection.exec(SET_NEWEST)
  connection.prepare(SET_BASELINES).run(windowParameters(asOf))
  connection.exec(FALL_BACK_TO_FIRST)
}

/** The first measurement that meets a condition: one seek a period, from the newest or the oldest period on. */
function firstMeasurement(columns: string, condition: string, direction: 'ASC' | 'DESC'): string {
  return `(SELECT ${columns} FROM period p CROSS JOIN measurement m
    WHERE m.period = p.period AND m.account = d.account ${condition}
    ORDER BY p.period ${direction}, m.measured_at ${direction} LIMIT 1)`
}

const SET_NEWEST = `UPDATE derived AS d SET (measured_at, subscriber_count, category_set)
  = ${firstMeasurement('m.measured_at, m.subscriber_count, m.category_set', '', 'DESC')}`

/** A baseline is earlier than the newest measurement, which is not older than the window. */
const SET_BASELINES = `UPDATE derived AS d SET ${WINDOWS.map(({ name }) => {
  const inWindow = `AND p.period >= :${name}_opens_period AND m.measured_at >= :${name}_opens AND m.measured_at < d.measured_at`
  const knownBefore = `AND p.period BETWEEN :${name}_reach_period AND :${name}_opens_period
    AND m.measured_at BETWEEN :${name}_reach AND :${name}_opens AND d.measured_at > :${name}_opens`
  return `
    (${name}_first_at, ${name}_first_count) = ${firstMeasurement('m.measured_at, m.subscriber_count', inWindow, 'ASC')},
    (${name}_start_at, ${name}_start_count) = ${firstMeasurement('m.measured_at, m.subscriber_count', knownBefore, 'DESC')}`
}).join()}`

function windowParameters(asOf: number): Record<string, number> {
  const windows = growthWindows(asOf)
  const parameters = WINDOWS.flatMap(({ window, name }) => {
    const { opensAt, reachesBackTo } = windows[window]
    return [
      [`${name}_opens`, opensAt],
      [`${name}_opens_period`, periodOf(opensAt)],
      [`${name}_reach`, reachesBackTo],
      [`${name}_reach_period`, periodOf(reachesBackTo)],
    ] as const
  })
  return Object.fromEntries(parameters)
}

/** Where no count was known when the window opened, growth starts at the first measurement in the window. */
const FALL_BACK_TO_FIRST = `UPDATE derived SET ${WINDOWS.map(
  ({ name }) => `
    ${name}_start_at = coalesce(${name}_start_at, ${name}_first_at),
    ${name}_start_count = CASE WHEN ${name}_start_at IS NULL THEN ${name}_first_count ELSE ${name}_start_count END`,
).join()}
  WHERE ${WINDOWS.map(({ name }) => `(${name}_start_at IS NULL AND ${name}_first_at IS NOT NULL)`).join(' OR ')}`
