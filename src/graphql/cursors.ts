import { createHash } from 'node:crypto'
import {
  type Account,
  type AccountFilter,
  type AccountOrder,
  type AccountPosition,
  parseAccountId,
  positionOf,
} from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'
import type { Ingestion, RejectedRow } from '../domain/ingestion.ts'
import type { Point, TimeRange } from '../domain/measurement.ts'
import type { IngestionPosition } from '../domain/reader.ts'
import { decodeOpaque, encodeOpaque, type OpaqueValue } from './opaque-string.ts'

/** Encodes and decodes the cursors of one list. A cursor contains a position and identifies its list. */
export interface CursorCodec<Item, Position> {
  readonly scope: CursorScope
  position(item: Item): Position
  write(position: Position): readonly OpaqueValue[]
  /** Returns the position, or undefined when `values` are not one. */
  read(values: readonly unknown[]): Position | undefined
}

/** Returns the cursor of `item`. */
export function encodeCursor<Item, Position>(item: Item, codec: CursorCodec<Item, Position>): string {
  return encodeOpaque([...codec.scope.fingerprints, ...codec.write(codec.position(item))])
}

/**
 * Returns the position that a cursor contains.
 *
 * @param argument the name of the argument, for the message
 * @throws AppError BAD_USER_INPUT when the cursor is damaged or was issued for another list
 */
export function decodeCursor<Position>(
  cursor: string,
  codec: CursorCodec<never, Position>,
  argument: string,
): Position {
  const values = decodeOpaque(cursor)
  if (!values) throw damaged(argument)
  const mismatch = codec.scope.mismatch(values)
  if (mismatch !== undefined) {
    const advice = `Use it with the ${mismatch} that it was issued for, or omit it to start over.`
    throw new AppError('BAD_USER_INPUT', `The cursor in "${argument}" was issued for another ${mismatch}. ${advice}`)
  }
  const position = codec.read(values.slice(codec.scope.fingerprints.length))
  if (position === undefined) throw damaged(argument)
  return position
}

function damaged(argument: string): AppError {
  const advice = 'Pass cursors unchanged, or omit the argument to start over.'
  return new AppError(
    'BAD_USER_INPUT',
    `The cursor in "${argument}" is damaged or was issued by another version of the server. ${advice}`,
  )
}

const FINGERPRINT_CHARACTERS = 10

/** Identifies a list by its name and its traits, such as its order and its filter. */
export class CursorScope {
  readonly #list: string
  readonly #traits: Readonly<Record<string, unknown>>
  #fingerprints: readonly string[] | undefined

  /** @param traits by name; traits with the same meaning must be equal as JSON */
  constructor(list: string, traits: Readonly<Record<string, unknown>> = {}) {
    this.#list = list
    this.#traits = traits
  }

  /** The name of the list and a hash of each trait. Every cursor of the list starts with these. */
  get fingerprints(): readonly string[] {
    this.#fingerprints ??= [this.#list, ...Object.values(this.#traits).map(fingerprint)]
    return this.#fingerprints
  }

  /** Returns the name of the first trait that differs from that of a decoded cursor, or `list`. */
  mismatch(values: readonly unknown[]): string | undefined {
    const names = ['list', ...Object.keys(this.#traits)]
    return names.find((_, index) => values[index] !== this.fingerprints[index])
  }
}

function fingerprint(trait: unknown): string {
  return createHash('sha256').update(JSON.stringify(trait)).digest('base64url').slice(0, FINGERPRINT_CHARACTERS)
}

/** Cursors of `Query.accounts`. */
export function accountCursors(filter: AccountFilter, order: AccountOrder): CursorCodec<Account, AccountPosition> {
  return {
    scope: new CursorScope('accounts', { order, filter }),
    position: account => positionOf(account, order),
    write: ({ value, accountId }) => [value, accountId],
    read([value, accountId, ...rest]) {
      if (rest.length > 0 || typeof accountId !== 'string' || parseAccountId(accountId) !== accountId) return undefined
      return isSortValue(value, order) ? { value, accountId } : undefined
    },
  }
}

/** Returns whether an account can have `value` in `order`. */
function isSortValue(value: unknown, { field }: AccountOrder): value is number | null {
  switch (field) {
    case 'ACCOUNT_ID':
      return value === null
    case 'SUBSCRIBER_COUNT':
    case 'MEASURED_AT':
      return Number.isSafeInteger(value)
    case 'GROWTH_ABSOLUTE':
      return value === null || Number.isSafeInteger(value)
    case 'GROWTH_PERCENT':
      return value === null || Number.isFinite(value)
  }
}

/** Cursors of `Account.measurements`. */
export function measurementCursors(account: string, range: TimeRange): CursorCodec<Point, number> {
  return {
    scope: new CursorScope('measurements', { account, range }),
    position: ({ measuredAt }) => measuredAt,
    write: measuredAt => [measuredAt],
    read: readInteger,
  }
}

/** Cursors of `Query.ingestions`. */
export const ingestionCursors: CursorCodec<Ingestion, IngestionPosition> = {
  scope: new CursorScope('ingestions'),
  position: ingestion => ingestion,
  write: ({ queuedAt, id }) => [queuedAt, id],
  read([queuedAt, id, ...rest]) {
    if (rest.length > 0 || !Number.isSafeInteger(queuedAt) || typeof id !== 'string') return undefined
    return { queuedAt: queuedAt as number, id }
  },
}

/** Cursors of `Ingestion.rejectedRows`. */
export function rejectedRowCursors(ingestion: string): CursorCodec<RejectedRow, number> {
  return {
    scope: new CursorScope('rejectedRows', { ingestion }),
    position: ({ rowNumber }) => rowNumber,
    write: rowNumber => [rowNumber],
    read: readInteger,
  }
}

function readInteger([value, ...rest]: readonly unknown[]): number | undefined {
  return rest.length === 0 && Number.isSafeInteger(value) ? (value as number) : undefined
}
