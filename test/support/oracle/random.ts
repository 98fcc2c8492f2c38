/**
 * Small random drops, filters and orders for fast-check. Few accounts, instants and counts, most of them on the edge
 * of some rule, so that duplicates, ties and clamped windows come up all the time.
 */
import fc from 'fast-check'
import type { AccountFilter, AccountOrder, Bounds } from '../../../src/domain/account.ts'
import type { GrowthKind } from '../../../src/domain/growth.ts'
import { DAY_MS, oneWindowBefore } from './calendar.ts'
import type { DropRow } from './parquet.ts'

/** The moment of ingestion of random drops. */
export const RANDOM_NOW = Date.UTC(2024, 3, 2)

const NEWEST = Date.UTC(2024, 2, 31, 10, 20, 30)

const WINDOWS = ['WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const

/** Every window with either baseline. */
export const ALL_KINDS: readonly GrowthKind[] = WINDOWS.flatMap(window => [
  { window, baseline: 'FIRST_IN_WINDOW' },
  { window, baseline: 'AT_WINDOW_START' },
])

/** `often` twelve times out of thirteen. */
function mostly<T>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: often }, { weight: 1, arbitrary: seldom })
}

const ids = [0, 1, 2, 9, 10, 15].map(n => `0a1b2c3d-4e5f-4a6b-8c7d-00000000000${n.toString(16)}`)

const anyAccountId = mostly(
  fc
    .tuple(
      fc.constantFrom(...ids),
      fc.constantFrom(
        (id: string) => id,
        (id: string) => id.toUpperCase(),
        (id: string) => ` \t${id}\u00a0`,
        (id: string) => `\u2028{${id.toUpperCase()}}\ufeff`,
      ),
    )
    .map(([id, dress]) => dress(id)),
  fc.constantFrom(null, '', ids[0]!.replaceAll('-', ''), `{${ids[0]}`, `{{${ids[0]}}}`, `${ids[0]}0`, `g${ids[0]}`),
)

/** Where each window and the one before it open, and one second either side. */
const instants = WINDOWS.flatMap(window => {
  const opens = oneWindowBefore(NEWEST, window)
  return [NEWEST, opens, oneWindowBefore(opens, window)].flatMap(instant => [instant - 1000, instant, instant + 1000])
})

const anyDate = mostly(
  fc
    .tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...instants) },
        { weight: 1, arbitrary: fc.integer({ min: -86_400, max: 1000 }).map(second => NEWEST + second * 1000) },
      ),
      fc.constantFrom(
        (iso: string) => iso,
        (iso: string) => iso.slice(0, 19),
        (iso: string) => iso.replace('T', ' '),
        (iso: string) => iso.replace('.000Z', '.0009999+00:00'),
        (iso: string) => iso.replace('.000Z', '-0000'),
        (iso: string) => inOffset(iso, 330, '+05:30'),
        (iso: string) => inOffset(iso, -1439, '-2359'),
        (iso: string) => iso.slice(0, 16),
        (iso: string) => iso.slice(0, 10),
      ),
    )
    .map(([instant, form]) => form(new Date(instant).toISOString())),
  fc.constantFrom(
    null,
    '',
    '2023-02-29',
    '2024-02-30T00:00',
    '2024-13-01',
    '2024-3-1',
    '2024-03-31T24:00',
    '2024-03-31T23:60',
    '2024-03-31T23:59:60',
    '2024-03-31t10:00',
    '2024-03-31T10:00z',
    '2024-03-31  10:00',
    ' 2024-03-31',
    '2024-03-31\n',
    '2024-03-31T10:00+24:00',
    '2024-03-31T10:00+05',
    '2024-03-31T10:00:00.',
    '2024-03-31T10:00:00,5',
    '2024-03-31Z',
    '1711843200',
    '0000-01-01',
    '0099-12-31',
    '1999-12-31T23:59:59.999',
    '2000-01-01T00:00:00.000999',
    '2000-01-01T00:30+01:00',
    '2024-04-03T00:00:00.000999',
    '2024-04-03T00:00:00.001',
    '9999-12-31',
  ),
)

function inOffset(iso: string, minutes: number, offset: string): string {
  return new Date(Date.parse(iso) + minutes * 60_000).toISOString().replace('Z', offset)
}

const anyCount: fc.Arbitrary<number | null> = mostly(
  fc.constantFrom(
    ...[0, 0.4, 0.5, 0.49999999999999994, -0, 900, 1000, 1000.49],
    ...[1000.5, 1001, 1001.5, 1100, 1101.1, 1101.2, 1200, 1200.5, 1500, 2002, 3.38e12 + 0.5, 3.38e12 + 1],
  ),
  fc.constantFrom(null, NaN, Infinity, -Infinity, -0.1, -1, 2 ** 53 - 1, 2 ** 53, 2 ** 52 + 0.5, 1e300, 5e-324),
)

const anyPart = mostly(
  fc.constantFrom(
    ...[
      'Gaming',
      'gaming',
      ' GAMING ',
      'Podcast',
      'podCast',
      '',
      ' ',
      'Two  Words',
      '\u00a0two\twords',
      'İstanbul',
      'i\u0307stanbul',
      'istanbul',
    ],
    ...[
      'Cafe\u0301',
      'CAFÉ',
      '\u{1f600}',
      '\uff41',
      'Zebra',
      '_',
      "O'Neil",
      'a\u037eb',
      'J\u030c',
      'ǰ',
      'x'.repeat(100),
    ],
  ),
  fc.constantFrom('x'.repeat(101), '\u{1f600}'.repeat(100), '\u{1f600}'.repeat(101), 'a\u0000b', 'a\u0085b', '\u007f'),
)

const anyCategories: fc.Arbitrary<string | null> = mostly(
  fc.option(
    fc.array(anyPart, { maxLength: 4 }).map(parts => parts.join(';')),
    { freq: 9 },
  ),
  fc.constantFrom(numbered(100), numbered(101), `${numbered(100)};; ;C1;c2`),
)

function numbered(parts: number): string {
  return Array.from({ length: parts }, (_, i) => `c${i}`).join(';')
}

const anyDropRow: fc.Arbitrary<DropRow> = fc.record({
  account_id: anyAccountId,
  date: anyDate,
  subscriber_count: anyCount,
  categories: anyCategories,
})

/** Some files, in the order of their arrival; about a third of the rows come again, later or in a later file. */
export const anyDrops: fc.Arbitrary<DropRow[][]> = fc
  .array(fc.tuple(fc.array(anyDropRow, { maxLength: 50, size: 'max' }), fc.array(fc.nat(), { maxLength: 15 })), {
    minLength: 1,
    maxLength: 4,
    size: 'max',
  })
  .map(files => {
    const seen: DropRow[] = []
    return files.map(([rows, again]) => {
      seen.push(...rows)
      return seen.length === 0 ? [] : [...rows, ...again.map(i => seen[i % seen.length]!)]
    })
  })

export const anyKind = fc.constantFrom(...ALL_KINDS)

/** One bound, seldom two. */
function boundsOf(values: readonly number[]): fc.Arbitrary<Bounds> {
  const bound = fc.tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte'), fc.constantFrom(...values))
  return fc.array(bound, { minLength: 1, maxLength: 2 }).map(Object.fromEntries)
}

const anyNames = fc.array(
  fc.constantFrom(
    'gaming',
    'PODCAST',
    'two words',
    'café',
    'Cafe\u0301',
    'i̇stanbul',
    'nobody has this',
    '',
    ' Two\t words\u00a0',
  ),
  { maxLength: 3 },
)

const anyGrowthFilter = fc
  .tuple(
    anyKind,
    fc.record({
      percent: fc.option(boundsOf([-50, 0, 10, 33.5, 1e9]), { nil: undefined }),
      absolute: fc.option(boundsOf([-201, 0, 1, 200, 1001]), { nil: undefined, freq: 1 }),
    }),
  )
  .map(([kind, bounds]) => ({ ...kind, ...bounds }))

const anyCategoryFilter = fc.oneof(
  fc.record({ anyOf: anyNames }),
  fc.record({ allOf: anyNames }),
  fc.record({ noneOf: anyNames }),
  fc.record({ anyOf: anyNames, noneOf: anyNames }),
)

const anyCondition: fc.Arbitrary<AccountFilter> = fc.oneof(
  fc.record({ categories: anyCategoryFilter }),
  fc.record({ subscriberCount: boundsOf([1000, 1001, 1200, 1201, 3.38e12, 2 ** 53 - 1]) }),
  fc.record({ measuredAt: boundsOf([...instants, NEWEST - DAY_MS]) }),
  fc.record({ growth: anyGrowthFilter }),
)

/** None, one or two conditions, so that most filters match something. */
export const anyFilter: fc.Arbitrary<AccountFilter> = fc
  .array(anyCondition, { maxLength: 2 })
  .map(conditions => Object.assign({}, ...conditions) as AccountFilter)

export const anyOrder: fc.Arbitrary<AccountOrder> = fc
  .record({
    field: fc.constantFrom('SUBSCRIBER_COUNT', 'MEASURED_AT', 'ACCOUNT_ID', 'GROWTH_PERCENT', 'GROWTH_ABSOLUTE'),
    direction: fc.constantFrom('ASC', 'DESC'),
    growth: anyKind,
  })
  .map(order => order as AccountOrder)
