import { AppError } from '../../domain/errors.ts'
import { MAX_PAGE_SIZE } from '../../domain/page.ts'
import { accountFilter, accountOrder } from '../account-arguments.ts'
import { Connection, pageRequest } from '../connection.ts'
import type { GraphQLContext } from '../context.ts'
import { accountCursors, ingestionCursors } from '../cursors.ts'
import type { DatasetResolvers, NodeResolvers, QueryResolvers, ResolversParentTypes } from '../generated.ts'
import { type NodeKey, parseIngestionId, parseNodeId } from '../node-id.ts'
import { findIngestion, withProgress } from './ingestion.ts'

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

  ingestion: (_, { id }, context) => findIngestion(parseIngestionId(id), context),

  async ingestions(_, args, context) {
    const { reader, maxPageSize } = context
    const page = await reader.ingestions(pageRequest(args, ingestionCursors, maxPageSize))
    const items = page.items.map(ingestion => withProgress(ingestion, context))
    return new Connection({ ...page, items }, ingestionCursors, () => reader.countIngestions())
  },

  node: (_, { id }, context) => findNode(parseNodeId(id), context),

  /** Parses all ids before it reads anything. */
  nodes(_, { ids }, context) {
    if (ids.length > MAX_PAGE_SIZE) {
      const message = `ids has ${ids.length} entries. Use at most ${MAX_PAGE_SIZE} in one field.`
      throw new AppError('BAD_USER_INPUT', message)
    }
    return Promise.all(ids.map(parseNodeId).map(key => findNode(key, context)))
  },
}

export const dataset: DatasetResolvers = {
  lastIngestion: ({ lastIngestionId }, _, { reader }) =>
    lastIngestionId === null ? null : reader.ingestion(lastIngestionId),

  growthCoverage: (_, kind, { reader }) => reader.growthCoverage(kind),
}

export const node: NodeResolvers = {
  __resolveType(found) {
    if ('newest' in found) return 'Account'
    return 'sha256' in found ? 'Ingestion' : 'Measurement'
  },
}

async function findNode(key: NodeKey, context: GraphQLContext): Promise<ResolversParentTypes['Node'] | null> {
  switch (key.type) {
    case 'Account':
      return context.reader.account(key.accountId)
    case 'Measurement':
      return context.reader.measurement(key.accountId, key.measuredAt)
    case 'Ingestion':
      return findIngestion(key.id, context)
  }
}
