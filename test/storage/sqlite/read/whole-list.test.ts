import { expect, test } from '@jest/globals'
import { DEFAULT_GROWTH } from '../../../../src/domain/growth.ts'
import { openConnection } from '../../../../src/storage/sqlite/connection/connection.ts'
import { withDatabase } from '../../../proof/support/database.ts'
import { ALL_ORDERS, isByGrowth } from '../../../proof/support/lists.ts'
import { writeDrop } from '../../../support/program/drops.ts'

const AT = Date.UTC(2024, 4, 1)
const ROWS = [1, 2, 3].map(account => ({ account, count: 5_000, at: new Date(AT).toISOString() }))

test.each(ALL_ORDERS)(
  'a whole list shows one state, even when another connection commits meanwhile: %j',
  async order => {
    await withDatabase(async database => {
      const { path, folder, reader } = database
      await writeDrop(`${folder}/drop.parquet`, ROWS)
      await database.ingest(`${folder}/drop.parquet`, { id: 'a', now: AT })
      const kind = isByGrowth(order) ? order.growth : DEFAULT_GROWTH
      const other = openConnection(path)
      try {
        const seen = reader.wholeList({}, order, kind, (accounts, { asOf }) => {
          other.exec('UPDATE account SET subscriber_count = 6000; UPDATE dataset SET as_of = as_of + 1')
          return { asOf, counts: [...accounts].map(({ newest }) => newest.subscriberCount) }
        })
        expect(seen).toEqual({ asOf: AT, counts: [5000, 5000, 5000] })
      } finally {
        other.close()
      }
    })
  },
)
