import { programModule } from '../ingest/program.mjs'

/*
 * What the bare server and the peers share: the statement that the program runs for the page, and the page's accounts
 * as plain objects.
 */

const SIZE = 50
const LARGEST_FIRST = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' }

/** @returns what reads the page */
export async function pageReader(path) {
  const { openConnection } = await programModule('storage/sqlite/connection.js')
  const { accountSource } = await programModule('storage/sqlite/read/account-source.js')
  const { pageStatement, segmentsOf } = await programModule('storage/sqlite/read/account-walk.js')
  const connection = openConnection(path, { readonly: true })
  const { walk } = accountSource({}, LARGEST_FIRST)
  const [segment] = segmentsOf(walk, { reverse: false, limit: SIZE + 1 })
  const statement = connection.prepare(pageStatement(segment).sql)
  return () =>
    statement
      .all(SIZE + 1)
      .slice(0, SIZE)
      .map(accountOf)
}

function accountOf(row) {
  const { month_first_count: from, subscriber_count: to } = row
  return {
    accountId: row.account_id,
    categories: JSON.parse(row.names),
    subscriberCount: to,
    growth: { percent: from > 0 ? ((to - from) * 100) / from : null },
  }
}
