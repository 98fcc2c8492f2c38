import { parseAccountId } from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'
import { seal, unseal } from './opaque.ts'

/** What a node id stands for. */
export type NodeKey =
  | { readonly type: 'Account'; readonly accountId: string }
  | { readonly type: 'Measurement'; readonly accountId: string; readonly measuredAt: number }
  | { readonly type: 'Ingestion'; readonly id: string }

/** Made from what identifies the object in every database that holds it: docs/rules.md, "Node ids and cursors". */
export function nodeId(key: NodeKey): string {
  switch (key.type) {
    case 'Account':
      return seal([key.type, key.accountId])
    case 'Measurement':
      return seal([key.type, key.accountId, key.measuredAt])
    case 'Ingestion':
      return seal([key.type, key.id])
  }
}

/** @throws AppError BAD_USER_INPUT when `id` is no node id */
export function parseNodeId(id: string): NodeKey {
  const key = nodeKey(unseal(id) ?? [])
  if (key) return key
  throw new AppError(
    'BAD_USER_INPUT',
    `${JSON.stringify(excerpt(id))} is not a node id. Take ids unchanged from the field id.`,
  )
}

/** @throws AppError BAD_USER_INPUT when `id` is no node id, or that of something else */
export function ingestionIdOf(id: string): string {
  const key = parseNodeId(id)
  if (key.type === 'Ingestion') return key.id
  throw new AppError(
    'BAD_USER_INPUT',
    `${JSON.stringify(excerpt(id))} is the id of another type: give that of an Ingestion.`,
  )
}

function nodeKey([type, id, instant, ...rest]: readonly unknown[]): NodeKey | undefined {
  if (rest.length > 0 || typeof id !== 'string') return undefined
  if (type === 'Measurement') {
    return isCanonical(id) && Number.isSafeInteger(instant)
      ? { type, accountId: id, measuredAt: instant as number }
      : undefined
  }
  if (instant !== undefined) return undefined
  if (type === 'Account') return isCanonical(id) ? { type, accountId: id } : undefined
  return type === 'Ingestion' ? { type, id } : undefined
}

function isCanonical(accountId: string): boolean {
  return parseAccountId(accountId) === accountId
}

/** Enough of a text to find it again, in a message that must not grow with what was sent. */
function excerpt(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
