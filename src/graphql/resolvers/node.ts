import { AppError } from '../../domain/errors.ts'
import { MAX_PAGE_SIZE } from '../../domain/page.ts'
import type { GraphQLContext } from '../context.ts'
import type { NodeResolvers, QueryResolvers, ResolversParentTypes } from '../generated.ts'
import { type NodeKey, parseNodeId } from '../node-id.ts'
import { findIngestion } from './ingestion.ts'

type Node = ResolversParentTypes['Node']

export const node: NonNullable<QueryResolvers['node']> = (_, { id }, context) => findNode(parseNodeId(id), context)

/** As many answers as ids, in their order. All ids are judged before anything is read. */
export const nodes: NonNullable<QueryResolvers['nodes']> = (_, { ids }, context) => {
  if (ids.length > MAX_PAGE_SIZE) {
    throw new AppError(
      'BAD_USER_INPUT',
      `${ids.length} ids are given: give at most ${MAX_PAGE_SIZE}, and ask for the rest apart.`,
    )
  }
  return Promise.all(ids.map(parseNodeId).map(key => findNode(key, context)))
}

async function findNode(key: NodeKey, context: GraphQLContext): Promise<Node | null> {
  switch (key.type) {
    case 'Account':
      return context.reader.account(key.accountId)
    case 'Measurement':
      return context.reader.measurement(key.accountId, key.measuredAt)
    case 'Ingestion':
      return findIngestion(key.id, context)
  }
}

export const nodeType: NodeResolvers = {
  __resolveType(found) {
    if ('newest' in found) return 'Account'
    return 'sha256' in found ? 'Ingestion' : 'Measurement'
  },
}
