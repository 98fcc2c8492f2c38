import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { measure } from './measure.mjs'

/** Drops of so many accounts, each measured so many times; who they are comes from `seed`. */
export const SMALL = { name: 'small', accounts: 10_000, instants: 45, from: 0, seed: 'profile' }
export const LARGE = { name: 'large', accounts: 200_000, instants: 50, from: 0, seed: 'account' }
/** Of some of the accounts of the large one, at one new instant. */
export const NEXT = { name: 'next', accounts: 43_000, instants: 1, from: 50, seed: 'account' }

export function rowsOf({ accounts, instants }) {
  return accounts * instants
}

const KINDS = ['parquet', 'csv', 'sorted']

/** The files of a drop, made if they are not there. */
export async function filesOf(directory, drop, kinds = KINDS) {
  await mkdir(directory, { recursive: true })
  const files = Object.fromEntries(kinds.map(kind => [kind, join(directory, `${drop.name}.${kind}`)]))
  if (Object.values(files).every(existsSync)) return files
  process.stderr.write(`making ${drop.name}: ${rowsOf(drop)} rows\n`)
  const script = join(import.meta.dirname, 'make-drop.mjs')
  await measure(process.execPath, [script], { env: { BENCH_DROP: JSON.stringify({ ...drop, files }) } })
  return files
}
