import { describe, expect, test } from '@jest/globals'
import type { AccountFilter } from '../../../src/domain/account.ts'
import { DEFAULT_GROWTH } from '../../../src/domain/growth.ts'
import { residentBytes } from '../../../src/workers/child-worker.ts'
import type { ReaderPool } from '../../../src/workers/reading/reader-pool.ts'
import { isAlive } from '../../faults/support/ended.ts'
import { withDatabase } from '../../proof/support/database.ts'
import { ALL_ORDERS, asOracle, isByGrowth } from '../../proof/support/lists.ts'
import { readerProcessesOf } from '../../support/program/children.ts'
import { writeDrop } from '../../support/program/drops.ts'
import { until } from '../../support/until.ts'
import { makeCategoriesEndAgain, makeCategoriesEndless } from '../support/endless.ts'
import { offloading, openPool } from '../support/pool.ts'

const CATEGORIES = { type: 'categories' } as const
const COVERAGE = { type: 'growthCoverage', kind: DEFAULT_GROWTH } as const

const ROWS = Array.from({ length: 60 }, (_, i) => ({
  account: i % 20,
  count: 900 + i * 37,
  at: `2024-0${5 + Math.floor(i / 30)}-${10 + (i % 15)}T12:00:00Z`,
  categories: ['Gaming', 'Podcast;Gaming', null][i % 3]!,
}))

/** A pool over a database in which every statement that reads categories runs for ever. */
function withPool(
  options: Parameters<typeof openPool> extends [string, ...infer Rest] ? Rest : never,
  work: (pool: ReaderPool, databasePath: string) => Promise<void>,
): Promise<void> {
  return withDatabase(async ({ path }) => {
    makeCategoriesEndless(path)
    const pool = openPool(path, ...options)
    try {
      await work(pool, path)
    } finally {
      await pool.close()
    }
    expect(readers()).toEqual([])
  })
}

const readers = () => readerProcessesOf(process.pid).filter(isAlive)

async function reader(): Promise<number> {
  await until(() => readers().length > 0, 'a process to start')
  return readers()[0]!
}

describe('a read that never ends', () => {
  test('is stopped at its deadline, does not delay others, and its process is replaced', async () => {
    const faults: string[] = []
    await withPool([{ timeoutMs: 3_000 }, { onError: what => faults.push(what) }], async (pool, path) => {
      const endless = pool.read<'categories'>(CATEGORIES)
      let isOver = false
      endless.catch(() => {}).finally(() => (isOver = true))
      await pool.read<'growthCoverage'>(COVERAGE)
      await pool.read<'growthCoverage'>(COVERAGE)
      expect(isOver).toBe(false)
      await expect(endless).rejects.toMatchObject({
        code: 'QUERY_TIMEOUT',
        message: 'Reading took longer than the 3 s that are allowed. Ask for less, or raise QUERY_TIMEOUT_MS.',
      })
      makeCategoriesEndAgain(path)
      expect(await Promise.all([1, 2, 3].map(() => pool.read<'categories'>(CATEGORIES)))).toEqual([[], [], []])
      expect(faults).toEqual([])
    })
  })

  test('is stopped when it uses too much memory', async () => {
    await withPool([{ maxMemoryBytes: 32 * 2 ** 20 }], async pool => {
      await expect(pool.read<'categories'>(CATEGORIES)).rejects.toMatchObject({
        code: 'QUERY_MEMORY_LIMIT',
        message: expect.stringContaining('QUERY_MAX_MEMORY_MB'),
      })
    })
  })

  test('is stopped when the client disconnects', async () => {
    await withPool([{}, { maxProcesses: 1 }], async pool => {
      const unwanted = new AbortController()
      const endless = pool.read<'categories'>(CATEGORIES, { signal: unwanted.signal })
      const running = await reader()
      const other = pool.read<'growthCoverage'>(COVERAGE)
      unwanted.abort()
      await expect(endless).rejects.toMatchObject({ code: 'QUERY_INTERRUPTED' })
      expect(isAlive(running)).toBe(false)
      expect(await other).toMatchObject({ known: 0 })
    })
  })

  test('does not hold the places of clients that disconnect while they wait', async () => {
    await withPool([{}, { maxProcesses: 1, maxWaiting: 2 }], async pool => {
      const [first, others] = [new AbortController(), new AbortController()]
      const endless = pool.read(CATEGORIES, first).catch(({ code }) => code)
      const unwanted = [1, 2].map(() => pool.read(COVERAGE, others).catch(({ code }) => code))
      others.abort()
      expect(await Promise.all(unwanted)).toEqual(Array(2).fill('QUERY_INTERRUPTED'))
      const wanted = pool.read(COVERAGE)
      first.abort()
      expect(await endless).toBe('QUERY_INTERRUPTED')
      expect(await wanted).toMatchObject({ known: 0 })
    })
  })

  test('is stopped when the pool closes, together with the reads that wait', async () => {
    await withPool([{}, { maxProcesses: 1 }], async pool => {
      const reads = [CATEGORIES, COVERAGE].map(command => pool.read(command))
      const ends = Promise.allSettled(reads)
      await until(() => readers().length === 1, 'the process to start')
      await pool.close()
      expect(await ends).toMatchObject(Array(2).fill({ reason: { code: 'QUERY_INTERRUPTED' } }))
      await expect(pool.read(COVERAGE)).rejects.toMatchObject({ code: 'QUERY_INTERRUPTED' })
    })
  })
})

test('a process that crashes is logged and replaced', async () => {
  const faults: string[] = []
  await withPool([{}, { maxProcesses: 1, onError: what => faults.push(what) }], async pool => {
    const endless = pool.read(CATEGORIES)
    process.kill(await reader(), 'SIGKILL')
    await expect(endless).rejects.toMatchObject({ code: 'QUERY_INTERRUPTED' })
    expect(faults).toEqual(['A reader process ended unexpectedly: SIGKILL.'])
    await pool.read(COVERAGE)
    process.kill(readers()[0]!, 'SIGKILL')
    await until(() => readers().length === 0, 'the idle process to end')
    expect(await pool.read(COVERAGE)).toMatchObject({ known: 0 })
  })
})

describe('the process of a finished read', () => {
  const processAfterRead = async (pool: ReaderPool) => {
    await pool.read(COVERAGE)
    return readers()
  }

  test('runs the next read', () =>
    withPool([{}], async pool => {
      const before = await processAfterRead(pool)
      expect(await processAfterRead(pool)).toEqual(before)
    }))

  test('is replaced when it keeps more than half of the memory that a read may use', async () => {
    let usual = 0
    await withPool([{}], async pool => {
      const [idle] = await processAfterRead(pool)
      usual = residentBytes(idle)
    })
    await withPool([{ maxMemoryBytes: usual * 1.7 }, { maxProcesses: 1 }], async pool => {
      const [idle] = await processAfterRead(pool)
      await until(() => readers().length === 0, 'the process to end')
      expect(await pool.read(COVERAGE)).toMatchObject({ known: 0 })
      expect(readers()).not.toContain(idle)
    })
  })
})

test('a thousand reads do not pile up: those that do not fit into the queue are refused immediately', async () => {
  await withPool([{ timeoutMs: 300 }, { maxWaiting: 5 }], async pool => {
    const reads = Array.from({ length: 1000 }, () => pool.read(CATEGORIES).catch(({ code }) => code))
    await Promise.race(reads.slice(-1))
    expect(readers()).toHaveLength(2)
    const codes = await Promise.all(reads)
    expect(codes.slice(0, 7)).toEqual(Array(7).fill('QUERY_TIMEOUT'))
    expect(codes.slice(7)).toEqual(Array(993).fill('TOO_MANY_QUERIES'))
    expect(await pool.read(COVERAGE)).toMatchObject({ known: 0 })
  })
})

test('a reader process returns the same results as a reader in this process', async () => {
  await withDatabase(async database => {
    const { path, folder, reader } = database
    await writeDrop(`${folder}/drop.parquet`, ROWS)
    await database.ingest(`${folder}/drop.parquet`, { id: 'a', now: Date.parse('2024-07-01') })
    const pool = openPool(path).warm()
    const elsewhere = offloading(path, pool)
    const filters: AccountFilter[] = [{}, { categories: { anyOf: ['gaming'] } }, { measuredAt: { gt: 0 } }]
    for (const order of ALL_ORDERS) {
      const kind = isByGrowth(order) ? order.growth : DEFAULT_GROWTH
      for (const filter of filters) {
        const pages = [elsewhere, reader].map(async from => {
          const { items, ...flags } = await from.accounts(filter, order, { size: 7, fromEnd: false })
          return {
            ...flags,
            items: items.map(account => asOracle(account, kind)),
            of: await from.countAccounts(filter),
          }
        })
        const [there, here] = await Promise.all(pages)
        expect(there).toEqual(here)
        expect(there!.items).toHaveLength(7)
      }
      expect(await elsewhere.growthCoverage(kind)).toEqual(await reader.growthCoverage(kind))
    }
    expect(await elsewhere.categories()).toEqual(await reader.categories())
    elsewhere.close()
    await pool.close()
  })
})
