import { parseAccountId } from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'
import { decodeOpaque, encodeOpaque } from './opaque-string.ts'

/** The object that a node id identifies. */
export type NodeKey =
  | { readonly type: 'Account'; readonly accountId: string }
  | { readonly type: 'Measurement'; readonly accountId: string; readonly measuredAt: number }
  | { readonly type: 'Ingestion'; readonly id: string }

/** Returns the node id of an object, the same in every database that contains it: docs/rules.md, "Node ids and cursors". */
export function nodeId(key: NodeKey): string {
  switch (key.type) {
    case 'Account':
      return encodeOpaque([key.type, key.accountId])
    case 'Measurement':
      return encodeOpaque([key.type, key.accountId, key.measuredAt])
    case 'Ingestion':
      return encodeOpaque([key.type, key.id])
  }
}

/** @throws AppError BAD_USER_INPUT when `id` is not a node id */
export function parseNodeId(id: string): NodeKey {
  const key = nodeKey(decodeOpaque(id) ?? [])
  if (key) return key
  throw new AppError('BAD_USER_INPUT', `${quote(id)} is not a node id. Pass the value of an id field unchanged.`)
}

/** @throws AppError BAD_USER_INPUT when `id` is not the node id of an ingestion */
export function parseIngestionId(id: string): string {
  const key = parseNodeId(id)
  if (key.type === 'Ingestion') return key.id
  throw new AppError(
    'BAD_USER_INPUT',
    `${quote(id)} is the node id of another type (${key.type}). Pass the id of an Ingestion.`,
  )
}

function nodeKey([type, id, measuredAt, ...rest]: readonly unknown[]): NodeKey | undefined {
  if (rest.length > 0 || typeof id !== 'string') return undefined
  if (type === 'Measurement') {
    return isCanonical(id) && Number.isSafeInteger(measuredAt)
      ? { type, accountId: id, measuredAt: measuredAt as number }
      : undefined
  }
  if (measuredAt !== undefined) return undefined
  if (type === 'Account') return isCanonical(id) ? { type, accountId: id } : undefined
  return type === 'Ingestion' ? { type, id } : undefined
}

function isCanonical(accountId: string): boolean {
  return parseAccountId(accountId) === accountId
}

/** Quotes the start of a text, so that a message does not grow with the client's input. */
function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}
