import { programModule } from '../ingest/program.mjs'

/*
 * What the bare server and the peers share: the statement that the program runs for the page, and the page's accounts
 * as plain objects.
 */

const SIZE = 50
const LARGEST_FIRST = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' }

/**
 * @returns what reads the page. It takes rows as arrays, as the program does; the driver needs twice the time for them
 *   `asObjects`, which is what it makes by default
 */
export async function pageReader(path, { asObjects = false } = {}) {
  const { openConnection } = await programModule('storage/sqlite/connection/connection.js')
  const { SqliteReader } = await programModule('storage/sqlite/read/reader.js')
  const { pageStatement, segmentsOf } = await programModule('storage/sqlite/read/account-pages.js')
  const connection = openConnection(path, { readonly: true })
  const reader = new SqliteReader(path)
  const { walk } = reader.planList({}, LARGEST_FIRST)
  reader.close()
  const [segment] = segmentsOf(walk, { reverse: false, limit: SIZE + 1 })
  const statement = connection.prepare(pageStatement(segment, SIZE + 1).sql)
  const accountOfRow = asObjects ? accountOfObject : accountOfArray(statement)
  return () =>
    statement
      .all(SIZE + 1)
      .slice(0, SIZE)
      .map(accountOfRow)
}

function accountOfObject(row) {
  return accountOf(row.account_id, row.names, row.subscriber_count, row.month_first_count)
}

function accountOfArray(statement) {
  const columns = statement.columns().map(({ name }) => name)
  const [id, names, to, from] = ['account_id', 'names', 'subscriber_count', 'month_first_count'].map(name =>
    columns.indexOf(name),
  )
  statement.raw()
  return row => accountOf(row[id], row[names], row[to], row[from])
}

function accountOf(accountId, names, to, from) {
  return {
    accountId,
    categories: JSON.parse(names),
    subscriberCount: to,
    growth: { percent: from > 0 ? ((to - from) * 100) / from : null },
  }
}
