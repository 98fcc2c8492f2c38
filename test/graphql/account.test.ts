import { accountId, TestApi } from './support/test-api.ts'

const RISING = accountId(1)
const ONCE = accountId(2)
const SMALL = accountId(3)

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
  await api.ingest('first.parquet', [
    [RISING, '2024-08-20T12:00:00Z', 400, 'Podcast'],
    [RISING, '2024-10-20', 900, 'Podcast'],
    [RISING, '2024-11-05', 2000, 'Podcast;gaming'],
    [SMALL, '2024-11-05', 900],
  ])
  await api.ingest('second.parquet', [
    [RISING, '2024-11-28T08:39:14Z', 3_000_000_000, 'Gaming;Education'],
    [ONCE, '2024-11-27', 5000],
  ])
})
afterAll(() => api.close())

beforeEach(() => {
  api.calls.length = 0
})

const account = async (selection: string, id = RISING) =>
  (await api.data(`query ($id: UUID!) { account(accountId: $id) { ${selection} } }`, { id })).account

describe('Query.account', () => {
  test('returns the figures of the newest measurement', async () => {
    expect(await account('accountId categories subscriberCount measuredAt', `{${RISING.toUpperCase()}} `)).toEqual({
      accountId: RISING,
      categories: ['Education', 'gaming'],
      subscriberCount: 3_000_000_000,
      measuredAt: '2024-11-28T08:39:14.000Z',
    })
  })

  test('returns null for an unknown or untracked account', async () => {
    expect(await account('id', accountId(99))).toBeNull()
    expect(await account('id', SMALL)).toBeNull()
  })
})

describe('Account.growth', () => {
  test('returns growth and both measurements for the given window and baseline', async () => {
    const ends =
      'from { measuredAt subscriberCount } to { measuredAt } percent absolute unknownReason opensAt window baseline'
    expect(
      await account(`a: growth { ${ends} } b: growth(baseline: AT_WINDOW_START) { percent from { measuredAt } }`),
    ).toEqual({
      a: {
        window: 'MONTH',
        baseline: 'FIRST_IN_WINDOW',
        opensAt: '2024-10-28T08:39:14.000Z',
        from: { measuredAt: '2024-11-05T00:00:00.000Z', subscriberCount: 2000 },
        to: { measuredAt: '2024-11-28T08:39:14.000Z' },
        absolute: 2_999_998_000,
        percent: 149_999_900,
        unknownReason: null,
      },
      b: { percent: (2_999_999_100 * 100) / 900, from: { measuredAt: '2024-10-20T00:00:00.000Z' } },
    })
    expect(api.calls).toEqual(['account'])
  })

  test('returns null with a reason when growth is unknown', async () => {
    expect(await account('growth { percent absolute from { id } to { subscriberCount } unknownReason }', ONCE)).toEqual(
      {
        growth: {
          percent: null,
          absolute: null,
          from: null,
          to: { subscriberCount: 5000 },
          unknownReason: 'NO_BASELINE',
        },
      },
    )
  })

  test('reads the categories and ingestion of from and to only when they are selected', async () => {
    const both = 'categories ingestion { fileName } account { accountId }'
    expect(await account(`growth { from { ${both} } to { ${both} } }`)).toEqual({
      growth: {
        from: {
          categories: ['gaming', 'Podcast'],
          ingestion: { fileName: 'first.parquet' },
          account: { accountId: RISING },
        },
        to: {
          categories: ['Education', 'gaming'],
          ingestion: { fileName: 'second.parquet' },
          account: { accountId: RISING },
        },
      },
    })
    expect(api.calls.filter(call => call === 'account')).toHaveLength(1)
    expect(api.calls.filter(call => call === 'measurement')).toHaveLength(2)
    api.calls.length = 0
    await account('growth { to { categories account { id } } }')
    expect(api.calls).toEqual(['account'])
  })

  test('reads each ingestion of from and to once per response', async () => {
    const ends = 'growth(baseline: $BASELINE) { from { ingestion { fileName } } to { ingestion { fileName } } }'
    const selection = ['FIRST_IN_WINDOW', 'AT_WINDOW_START'].map(
      (name, i) => `g${i}: ${ends.replace('$BASELINE', name)}`,
    )
    const { g0, g1 } = await account(selection.join(' '))
    expect([g0.from, g1.from, g0.to, g1.to].map(({ ingestion }) => ingestion.fileName)).toEqual(
      ['first', 'first', 'second', 'second'].map(name => `${name}.parquet`),
    )
    expect(api.calls.filter(call => call === 'ingestion')).toHaveLength(2)
  })
})

describe('Account.measurements', () => {
  const INSTANTS = [
    '2024-08-20T12:00:00.000Z',
    '2024-10-20T00:00:00.000Z',
    '2024-11-05T00:00:00.000Z',
    '2024-11-28T08:39:14.000Z',
  ]
  const measurements = async (args: string, selection = 'nodes { measuredAt }') =>
    (await account(`measurements${args} { ${selection} }`)).measurements
  const instants = (page: { nodes: { measuredAt: string }[] }) => page.nodes.map(({ measuredAt }) => measuredAt)

  test('returns measurements oldest first, including small counts; from is inclusive, to exclusive', async () => {
    expect(instants(await measurements(''))).toEqual(INSTANTS)
    expect(instants(await measurements(`(from: "${INSTANTS[1]}", to: "${INSTANTS[3]}")`))).toEqual(INSTANTS.slice(1, 3))
    expect(instants(await measurements('(from: null, to: null, last: 2)'))).toEqual(INSTANTS.slice(2))
  })

  test('counts the range in totalCount only when it is selected', async () => {
    expect(await measurements(`(from: "${INSTANTS[1]}", first: 1)`, 'totalCount')).toEqual({ totalCount: 3 })
    await measurements('', 'nodes { id }')
    expect(api.calls.filter(call => call === 'countMeasurements')).toHaveLength(1)
  })

  test('accepts a cursor for its own account and range only', async () => {
    const { pageInfo } = await measurements('(first: 2)', 'pageInfo { endCursor hasNextPage }')
    expect(pageInfo.hasNextPage).toBe(true)
    expect(instants(await measurements(`(after: "${pageInfo.endCursor}")`))).toEqual(INSTANTS.slice(2))
    const elsewhere = `{ account(accountId: "${ONCE}") { measurements(after: "${pageInfo.endCursor}") { totalCount } } }`
    expect((await api.error(elsewhere)).message).toContain('issued for another account')
  })

  test('reads each ingestion once per page', async () => {
    const page = await measurements('', 'nodes { ingestion { fileName } account { accountId } categories }')
    expect(page.nodes.map((node: { ingestion: { fileName: string } }) => node.ingestion.fileName)).toEqual(
      ['first', 'first', 'first', 'second'].map(name => `${name}.parquet`),
    )
    expect(api.calls).toEqual(['account', 'measurements', 'ingestion', 'ingestion'])
  })
})

describe('Account.history', () => {
  const history = async (args: string, id = RISING) =>
    (await account(`history(${args}) { bucketStart first last min max measurementCount }`, id)).history
  const bucket = (bucketStart: string, counts: readonly (number | null)[], measurementCount: number) => {
    const [first, last = first, min = first, max = last] = counts
    return { bucketStart: `${bucketStart}T00:00:00.000Z`, first, last, min, max, measurementCount }
  }

  test('runs from the first to the newest measurement, with null counts in empty buckets', async () => {
    expect(await history('bucket: MONTH')).toEqual([
      bucket('2024-08-01', [400], 1),
      bucket('2024-09-01', [null], 0),
      bucket('2024-10-01', [900], 1),
      bucket('2024-11-01', [2000, 3_000_000_000], 2),
    ])
  })

  test('fills empty buckets with the last count, even one from before the range', async () => {
    expect(
      await history('bucket: MONTH, fill: LAST, from: "2024-09-10T00:00:00Z", to: "2024-11-05T00:00:00Z"'),
    ).toEqual([bucket('2024-09-01', [400], 0), bucket('2024-10-01', [900], 1), bucket('2024-11-01', [900], 0)])
    expect(
      await history('bucket: QUARTER, fill: LAST, from: "2024-01-01T00:00:00Z", to: "2024-09-01T00:00:00Z"'),
    ).toEqual([bucket('2024-01-01', [null], 0), bucket('2024-04-01', [null], 0), bucket('2024-07-01', [400], 1)])
  })

  test('starts weeks on Monday and includes exactly the measurements of the range', async () => {
    expect(await history('bucket: WEEK, from: "2024-11-05T00:00:00Z", to: "2024-11-05T00:00:00.001Z"')).toEqual([
      bucket('2024-11-04', [2000], 1),
    ])
    expect(await history('bucket: WEEK, from: "2024-11-05T00:00:00.001Z", to: "2024-11-12T00:00:00Z"')).toEqual([
      bucket('2024-11-04', [null], 0),
      bucket('2024-11-11', [null], 0),
    ])
  })

  test('includes the newest measurement, even at midnight', async () => {
    expect(await history('bucket: DAY', ONCE)).toEqual([bucket('2024-11-27', [5000], 1)])
  })

  test.each([
    'from: "2024-11-05T00:00:00Z", to: "2024-11-05T00:00:00Z"',
    'from: "2024-11-06T00:00:00Z", to: "2024-11-05T00:00:00Z"',
    'from: "2030-01-01T00:00:00Z"',
    'to: "2020-01-01T00:00:00Z"',
    'from: "9999-01-01T00:00:00Z", to: "0001-01-01T00:00:00Z"',
  ])('returns an empty list for %s', async range => {
    expect(await history(`bucket: DAY, ${range}`)).toEqual([])
  })

  test.each([
    'bucket: DAY, from: "0001-01-01T00:00:00Z"',
    'bucket: QUARTER, from: "0001-01-01T00:00:00Z", to: "9999-12-31T23:59:59Z"',
    'bucket: DAY, to: "2027-05-17T00:00:00.001Z"',
  ])('rejects more than 1,000 buckets: %s', async args => {
    const error = await api.error(`{ account(accountId: "${RISING}") { history(${args}) { first } } }`)
    expect(error).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/1000 buckets\. Use a later from/),
    })
  })

  test('returns 1,000 buckets', async () => {
    expect(await history('bucket: DAY, to: "2027-05-17T00:00:00Z"')).toHaveLength(1000)
  })

  test('starts with the first representable week', async () => {
    const [first] = await history('bucket: WEEK, from: "0001-01-01T00:00:00Z", to: "0001-01-02T00:00:00Z"')
    expect(first.bucketStart).toBe('0001-01-01T00:00:00.000Z')
  })
})
