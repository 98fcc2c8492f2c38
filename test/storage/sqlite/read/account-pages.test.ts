import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AccountFilter, AccountOrder, AccountPosition } from '../../../../src/domain/account.ts'
import { GROWTH_WINDOWS } from '../../../../src/domain/growth.ts'
import { planAccountCount, planAccountList } from '../../../../src/storage/account-list.ts'
import type { Fragment, Slice } from '../../../../src/storage/keyset.ts'
import { type Connection, openConnection } from '../../../../src/storage/sqlite/connection/connection.ts'
import { migrateDatabase } from '../../../../src/storage/sqlite/database.ts'
import { SqliteLoader } from '../../../../src/storage/sqlite/load/loader.ts'
import {
  countStatement,
  pageStatement,
  reachStatement,
  segmentsOf,
} from '../../../../src/storage/sqlite/read/account-pages.ts'
import { SQLITE } from '../../../../src/storage/sqlite/read/accounts.ts'
import { beginLoad } from '../../../ingestion/support/loads.ts'

const ACCOUNTS = 600
const PAGE = 10
const DAY = 24 * 60 * 60 * 1000
const START = Date.UTC(2024, 0, 1)

const idOf = (account: number) => `00000000-0000-4000-8000-${String((account * 7919) % 100_000).padStart(12, '0')}`
const countOf = (account: number) => 2_000 + ((account * 37) % 1_000) * 10

let folder: string
let connection: Connection
let visited = 0

/** Every account twice within each window, but for every third: these were measured once, so that their growth is unknown. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'index-walks-'))
  const path = join(folder, 'test.db')
  migrateDatabase(path)
  const rows = Array.from({ length: ACCOUNTS }, (_, account) => ({ account, at: START + DAY + account }))
  const earlier = rows
    .filter(({ account }) => account % 3 !== 0)
    .map(({ account }) => ({ account, at: START + account }))
  const all = [...earlier, ...rows]
  const loader = new SqliteLoader(path)
  const identity = { id: '1', fileName: 'a', sha256: '1', fileSize: 1, dryRun: false, queuedAt: 0 }
  const load = await beginLoad(loader, { ...identity, programVersion: 'test' }, 0)
  await load.write({
    length: all.length,
    newAccountIds: rows.map(({ account }) => idOf(account)),
    newCategorySets: [[], ['Gaming'], ['Gaming', 'Podcast']],
    account: Uint32Array.from(all, ({ account }) => account),
    measuredAt: Float64Array.from(all, ({ at }) => at),
    subscriberCount: Float64Array.from(all, ({ account, at }) => countOf(account) - (at < START + DAY ? account : 0)),
    categorySet: Uint32Array.from(all, ({ account }) => account % 3),
  })
  await load.commit({ rowsTotal: all.length, rowsRead: all.length })
  await loader.close()
  connection = openConnection(path, { readonly: true })
  connection.function('visited', (_accountId: unknown) => {
    visited++
    return 1
  })
})
afterAll(async () => {
  connection.close()
  await rm(folder, { recursive: true })
})

interface Case {
  readonly what: string
  readonly filter: AccountFilter
  readonly order: AccountOrder
  /** A value in the middle of the list. */
  readonly value: number | null
  readonly plan: RegExp
}

const along = (index: string) => new RegExp(`^(SCAN|SEARCH) a USING (COVERING )?INDEX ${index}( \\(.*\\))?$`)
const MEMBERS = /^SEARCH k USING PRIMARY KEY \(category=\?.*\)$/

const CASES: Case[] = (['ASC', 'DESC'] as const).flatMap(direction => [
  ...[{}, { subscriberCount: { gt: 4_000 } }, { subscriberCount: { gte: 4_000, lt: 10_000 } }].flatMap(filter => [
    {
      what: `SUBSCRIBER_COUNT ${direction} ${JSON.stringify(filter)}`,
      filter,
      order: { field: 'SUBSCRIBER_COUNT', direction } as const,
      value: 7_000,
      plan: along('account_by_subscriber_count'),
    },
    {
      what: `SUBSCRIBER_COUNT ${direction} within a category ${JSON.stringify(filter)}`,
      filter: { ...filter, categories: { anyOf: ['gaming'] } },
      order: { field: 'SUBSCRIBER_COUNT', direction } as const,
      value: 7_000,
      plan: MEMBERS,
    },
  ]),
  ...[{}, { measuredAt: { gte: START + DAY + 100, lt: START + DAY + 500 } }].map(filter => ({
    what: `MEASURED_AT ${direction} ${JSON.stringify(filter)}`,
    filter,
    order: { field: 'MEASURED_AT', direction } as const,
    value: START + DAY + 300,
    plan: along('account_by_measured_at'),
  })),
  {
    what: `ACCOUNT_ID ${direction}`,
    filter: {},
    order: { field: 'ACCOUNT_ID', direction } as const,
    value: null,
    plan: along('account_by_account_id'),
  },
  ...GROWTH_WINDOWS.flatMap(window => {
    const growth = { window, baseline: 'FIRST_IN_WINDOW' } as const
    return [{}, { growth: { ...growth, percent: { gt: 1 } } }, { growth: { ...growth, percent: { lte: 10 } } }].map(
      filter => ({
        what: `GROWTH_PERCENT ${window} ${direction} ${JSON.stringify(filter)}`,
        filter,
        order: { field: 'GROWTH_PERCENT', direction, growth } as const,
        value: 4,
        plan: along(`account_by_${window.toLowerCase()}_percent`),
      }),
    )
  }),
])

const MIDDLE = idOf(300)

/** The tables of a page statement. */
const TABLES = /FROM (account a INDEXED BY \w+|account_category k CROSS JOIN account a ON a\.id = k\.account) WHERE/

const counting = (filter: AccountFilter) => countStatement(planAccountCount(filter, SQLITE))

/** Every kind of page: with and without cursors, at known and unknown values, in both directions. */
function slicesOf({ order, value }: Case): Slice<AccountPosition>[] {
  const at = { value, accountId: MIDDLE }
  const unknown = { value: null, accountId: MIDDLE }
  const cuts = [{}, { after: at }, { before: at }, { after: at, before: at }]
  const unknownCuts = [{ after: unknown }, { before: unknown }, { after: at, before: unknown }]
  const all = order.field === 'GROWTH_PERCENT' ? [...cuts, ...unknownCuts] : cuts
  return all.flatMap(cut => [false, true].map(reverse => ({ ...cut, reverse, limit: PAGE })))
}

const PARTS_OF_A_ROW =
  /SUBQUERY|^SCAN dataset$|^SEARCH (category_set|a|category) USING (INTEGER PRIMARY KEY|COVERING INDEX category_folded_unique)/

/** The steps of the plan that find the rows, not those that look up parts of a row. */
function planOf({ sql, values }: Fragment): string[] {
  const steps = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
  return steps.map(({ detail }) => detail).filter(detail => !PARTS_OF_A_ROW.test(detail))
}

describe.each(CASES)('$what', given => {
  const { walk, cost } = planAccountList(given.filter, given.order, SQLITE)
  const segments = slicesOf(given).flatMap(slice => segmentsOf(walk!, slice))

  test('is a walk along one index without sorting, wherever the page begins', () => {
    expect(cost).toBe('INDEX_WALK')
    expect(walk!.rest.map(({ sql }) => sql)).toEqual(
      given.order.field === 'ACCOUNT_ID' ? ['a.subscriber_count > 1000'] : [],
    )
    for (const segment of segments) {
      for (const plan of [planOf(pageStatement(segment, PAGE)), planOf(reachStatement(segment, PAGE))]) {
        expect(plan).toEqual([expect.stringMatching(given.plan)])
      }
    }
  })

  /** Asked of each entry of the index before anything else is, so that none goes by unseen. */
  test('reads only the index entries that it returns, and that of its cursor', () => {
    for (const segment of segments) {
      const { sql, values } = pageStatement(segment, PAGE)
      const watched = sql.replace(TABLES, `$& visited(${walk!.accountId}) AND`)
      expect(watched).not.toBe(sql)
      visited = 0
      const rows = connection.prepare(watched).all(...values)
      const isAsWanted = visited - rows.length <= 1
      expect({ sql, values, visited, isAsWanted }).toEqual({ sql, values, visited, isAsWanted: true })
    }
  })
})

test.each([
  ['all accounts', {}, 'account_by_subscriber_count'],
  ['a size', { subscriberCount: { gt: 5_000 } }, 'account_by_subscriber_count'],
  ['an age', { measuredAt: { lt: START } }, 'account_by_measured_at'],
  [
    'growth',
    { growth: { window: 'YEAR', baseline: 'FIRST_IN_WINDOW', percent: { gt: 1 } } } as const,
    'account_by_year_percent',
  ],
])('accounts filtered by %s are counted in an index', (_, filter: AccountFilter, index) => {
  expect(planOf(counting(filter))).toEqual([expect.stringMatching(along(index))])
})

test('accounts of one category are counted in account_category', () => {
  expect(planOf(counting({ categories: { anyOf: ['gaming'] } }))).toEqual([expect.stringMatching(MEMBERS)])
})

describe('accounts in all of several categories', () => {
  const statementOf = (...allOf: string[]) => counting({ categories: { allOf } })

  test('share one statement text, whatever their number', () => {
    const many = Array.from({ length: 500 }, (_, i) => `Category ${i}`)
    expect(statementOf(...many).sql).toBe(statementOf('Gaming', 'Podcast').sql)
  })

  test.each([
    [['Gaming', 'Podcast'], ACCOUNTS / 3],
    [['Gaming', 'Podcast', 'GAMING', 'podcast'], ACCOUNTS / 3],
    [['Gaming', 'gaming'], (ACCOUNTS * 2) / 3],
    [['Gaming', 'Podcast', 'Music'], 0],
  ])('%j are found', (names, count) => {
    const { sql, values } = statementOf(...names)
    expect(connection.prepare(sql).get(...values)).toEqual({ count })
  })
})
