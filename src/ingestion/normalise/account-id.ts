import { parseAccountId } from '../../domain/account.ts'
import type { ColumnKind } from '../columns.ts'

/** Returns the canonical lower-case UUID of a cell, or undefined when the cell is invalid. */
export type ReadAccountId = (cell: unknown) => string | undefined

/** Returns the reader of an `account_id` column: docs/rules.md, "Account ids". */
export function accountIdReader(kind: ColumnKind): ReadAccountId {
  if (kind.kind === 'uuid') return cell => (cell instanceof Uint8Array ? fromBytes(cell) : undefined)
  return cell => (typeof cell === 'string' ? parseAccountId(cell) : undefined)
}

function fromBytes(bytes: Uint8Array): string | undefined {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  return parseAccountId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
}
