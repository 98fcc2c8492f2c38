import { join } from 'node:path'
import type { Programs } from '../../support/program/programs.ts'
import { inspect } from './inspect.ts'

/** Expects a database to hold what it would if its drops had been ingested one after the other in peace. */
export async function expectUndisturbed(programs: Programs, database: string, drops: readonly string[]): Promise<void> {
  const cwd = await programs.folder()
  const { exitCode } = await programs.run(['ingest', ...drops], { cwd })
  expect(exitCode).toBe(0)
  const [disturbed, peaceful] = [wordsIn(database), wordsIn(join(cwd, 'data/accounts.db'))]
  expect(disturbed.length).toBe(peaceful.length)
  expect(disturbed.findIndex((row, i) => row !== peaceful[i])).toBe(-1)
}

/** Every account and measurement in words, without internal keys. */
function wordsIn(path: string): string[] {
  return inspect(path, database => [
    ...words(database.prepare('SELECT * FROM accounts ORDER BY account_id').raw().all()),
    ...words(database.prepare(MEASUREMENTS).raw().all()),
  ])
}

const MEASUREMENTS = `SELECT account_id, measured_at, subscriber_count, categories, file_name FROM measurements
  ORDER BY account_id, measured_at`

function words(rows: unknown[]): string[] {
  return rows.map(row => JSON.stringify(row))
}
