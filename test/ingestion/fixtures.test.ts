import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type IngestionWarningCode, REJECTION_REASONS, type RejectedRow } from '../../src/domain/ingestion.ts'
import { accepted } from '../fixtures/accepted.ts'
import type { Recipes } from '../fixtures/recipe.ts'
import { refused } from '../fixtures/refused.ts'
import { rejected } from '../fixtures/rejected.ts'
import { type Spoken, type TestDatabase, withDatabase } from './support/database.ts'

/** What must become of a file, written by hand from docs/rules.md. What is left out is empty or zero. */
interface Expected {
  /** By account id and instant. */
  readonly measurements?: readonly Spoken[]
  readonly corrected?: number
  readonly unchanged?: number
  /** What corrections replaced, in that order. */
  readonly replaced?: readonly Spoken[]
  readonly rejected?: readonly (Omit<RejectedRow, 'row'> & { row: unknown })[]
  /** The codes of its warnings. */
  readonly warnings?: readonly IngestionWarningCode[]
  /** The code of the refusal, and what its message must name. */
  readonly refused?: string
  readonly mentions?: readonly string[]
}

const FIXTURES = join(import.meta.dirname, '../fixtures')
const FOLDERS: Readonly<Record<string, Recipes>> = { accepted, rejected, refused }

function names(folder: string): string[] {
  const files = readdirSync(join(FIXTURES, folder))
  return files.filter(file => file.endsWith('.json')).map(file => file.slice(0, -'.json'.length))
}

function expectedOf(folder: string, name: string): Expected {
  const expected = JSON.parse(readFileSync(join(FIXTURES, folder, `${name}.json`), 'utf8'))
  const { sameAs, ...own } = expected
  return sameAs ? { ...expectedOf(folder, sameAs), ...own } : own
}

function countReasons(rows: readonly { reason: string }[]) {
  return REJECTION_REASONS.map(reason => ({ reason, count: rows.filter(row => row.reason === reason).length })).filter(
    ({ count }) => count > 0,
  )
}

function judged(rows: readonly RejectedRow[]) {
  return rows.map(row => ({ ...row, row: JSON.parse(row.row) }))
}

async function expectTaken(database: TestDatabase, path: string, expected: Expected) {
  const { measurements = [], corrected = 0, unchanged = 0, replaced = [], rejected = [], warnings = [] } = expected
  const rows = measurements.length + corrected + unchanged + rejected.length
  const instants = measurements.map(([, measuredAt]) => Date.parse(measuredAt))
  const ingestion = await database.ingest(path)
  expect(ingestion).toMatchObject({
    status: 'SUCCEEDED',
    error: null,
    rowsTotal: rows,
    rowsRead: rows,
    inserted: measurements.length,
    corrected,
    unchanged,
    rejected: rejected.length,
    rejections: countReasons(rejected),
    accountsCreated: new Set(measurements.map(([accountId]) => accountId)).size,
    firstMeasuredAt: instants.length === 0 ? null : Math.min(...instants),
    lastMeasuredAt: instants.length === 0 ? null : Math.max(...instants),
  })
  expect([...new Set(ingestion.warnings.map(({ code }) => code))]).toEqual(warnings)
  expect(database.measurements()).toEqual(measurements)
  expect(database.measurements('correction', 'm.sequence')).toEqual(replaced)
  expect(judged(database.rejectedRows(ingestion.id))).toEqual(rejected)
}

async function expectRefused(database: TestDatabase, path: string, expected: Expected) {
  const before = database.contents(LEDGER)
  const { rejected = [] } = expected
  const ingestion = await database.ingest(path)
  expect(ingestion).toMatchObject({
    status: 'FAILED',
    error: { code: expected.refused, field: null },
    inserted: 0,
    corrected: 0,
    unchanged: 0,
    rejected: rejected.length,
    rejections: countReasons(rejected),
    accountsCreated: 0,
  })
  for (const mentioned of expected.mentions ?? []) expect(ingestion.error?.message).toContain(mentioned)
  expect(judged(database.rejectedRows(ingestion.id))).toEqual(rejected)
  expect(database.contents(LEDGER)).toEqual(before)
}

const LEDGER = ['ingestion', 'rejected_row', 'rejection_count']

describe.each(Object.keys(FOLDERS))('%s', folder => {
  test.each(names(folder))('%s', async name => {
    const path = join(FIXTURES, folder, `${name}.parquet`)
    const expected = expectedOf(folder, name)
    await withDatabase(database => (expected.refused ? expectRefused : expectTaken)(database, path, expected))
  })

  test('each recipe has its two files', () => {
    const files = Object.keys(FOLDERS[folder]!).flatMap(name => [`${name}.json`, `${name}.parquet`])
    expect(readdirSync(join(FIXTURES, folder)).sort()).toEqual(files.sort())
  })
})

test('the fixtures are small', () => {
  const files = Object.keys(FOLDERS).flatMap(folder =>
    readdirSync(join(FIXTURES, folder)).map(file => join(FIXTURES, folder, file)),
  )
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(1_000_000)
})
