import { accountCursors } from '../account-cursors.ts'
import { accountFilter } from '../arguments/account-filter.ts'
import { accountOrder } from '../arguments/account-order.ts'
import { pageRequest } from '../arguments/page.ts'
import { Connection } from '../connection.ts'
import type { QueryResolvers } from '../generated.ts'
import { ingestionCursors } from '../ingestion-cursors.ts'
import { ingestionIdOf } from '../node-id.ts'
import { asItStands, findIngestion } from './ingestion.ts'

export const query: QueryResolvers = {
  account: (_, { accountId }, { reader }) => reader.account(accountId),

  async accounts(_, args, { reader, maxPageSize }) {
    const filter = accountFilter(args.filter)
    const order = accountOrder(args.orderBy, filter)
    const cursors = accountCursors(filter, order)
    const page = await reader.accounts(filter, order, pageRequest(args, cursors, maxPageSize))
    return new Connection(page, cursors, () => reader.countAccounts(filter))
  },

  categories: (_, __, { reader }) => reader.categories(),

  dataset: (_, __, { reader }) => reader.dataset(),

  ingestion: (_, { id }, context) => findIngestion(ingestionIdOf(id), context),

  async ingestions(_, args, { reader, ingestor, maxPageSize }) {
    const page = await reader.ingestions(pageRequest(args, ingestionCursors, maxPageSize))
    const items = page.items.map(ingestion => asItStands(ingestion, ingestor))
    return new Connection({ ...page, items }, ingestionCursors, () => reader.countIngestions())
  },
}
