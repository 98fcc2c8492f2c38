import type { RejectedRow, RejectionReason } from '../../domain/ingestion.ts'
import { cellAt } from '../../parquet/column.ts'
import { InvalidText } from '../../parquet/text.ts'
import type { ColumnKind, ColumnKinds, ColumnName } from '../columns.ts'
import type { RowGroup } from '../decode.ts'
import { MAX_DECIMAL_BYTES, unscaled } from './count.ts'
import { unsigned } from './timestamp.ts'

/** Each value is cut at this many bytes. */
const MAX_VALUE_BYTES = 1024

/** In the order in which the row is shown. */
const SHOWN_COLUMNS: readonly ColumnName[] = ['account_id', 'subscriber_count', 'date', 'categories']

/** A rejected row whose JSON is made only when it is read: a bad file may have millions of rejected rows. */
export class LazyRejectedRow implements RejectedRow {
  readonly rowNumber: number
  readonly reason: RejectionReason
  readonly column: ColumnName
  readonly #group: RowGroup
  readonly #kinds: ColumnKinds
  readonly #row: number

  constructor(reason: RejectionReason, column: ColumnName, group: RowGroup, row: number, kinds: ColumnKinds) {
    this.rowNumber = group.rowStart + row + 1
    this.reason = reason
    this.column = column
    this.#group = group
    this.#row = row
    this.#kinds = kinds
  }

  get row(): string {
    const cells = SHOWN_COLUMNS.map(name => [
      name,
      jsonValue(cellAt(this.#group.cells[name], this.#row), this.#kinds[name]),
    ])
    return JSON.stringify(Object.fromEntries(cells))
  }
}

type JsonValue = string | number | boolean | null | JsonValue[]

/** Converts no more of a cell than is shown: it can have half a billion bytes, and each can become six in JSON. */
function jsonValue(cell: unknown, kind: ColumnKind): JsonValue {
  if (Array.isArray(cell)) return jsonList(cell, kind)
  const { start, size } = startOf(cell, kind)
  return typeof start === 'string' && size > MAX_VALUE_BYTES ? truncated(start, size) : start
}

/** A list is cut as a whole, as JSON. */
function jsonList(cells: readonly unknown[], kind: ColumnKind): JsonValue {
  let json = '['
  let size = 1
  for (const cell of cells) {
    const { start, jsonSize } = startOf(cell, kind)
    size += jsonSize + 1
    if (json.length <= MAX_VALUE_BYTES) json += `${json === '[' ? '' : ','}${JSON.stringify(start)}`
  }
  if (cells.length === 0) return []
  return size <= MAX_VALUE_BYTES ? cells.map(cell => startOf(cell, kind).start) : truncated(json, size)
}

/** Returns the beginning of a value as JSON, at least as much as may be shown, and the size of the whole in bytes. */
function startOf(cell: unknown, kind: ColumnKind): { start: JsonValue; size: number; jsonSize: number } {
  const bytes = cell instanceof InvalidText ? cell.bytes : cell
  if (bytes instanceof Uint8Array && (kind.kind !== 'decimal' || bytes.length > MAX_DECIMAL_BYTES)) {
    const size = 2 * bytes.length
    return { start: hex(bytes.subarray(0, MAX_VALUE_BYTES)), size, jsonSize: size + 2 }
  }
  const value = shown(cell, kind)
  if (typeof value === 'string' && value.length > MAX_VALUE_BYTES) {
    return { start: value.slice(0, MAX_VALUE_BYTES), size: Buffer.byteLength(value), jsonSize: jsonSizeOf(value) }
  }
  const size = Buffer.byteLength(typeof value === 'string' ? value : String(value))
  return { start: value, size, jsonSize: Buffer.byteLength(JSON.stringify(value)) }
}

const CHUNK = 1 << 16

/** Returns the size of a long text as JSON, in bytes. In one piece the JSON could be longer than a string can be. */
function jsonSizeOf(text: string): number {
  let size = 2
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = at + CHUNK
    // Do not split a surrogate pair.
    if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end++
    size += Buffer.byteLength(JSON.stringify(text.slice(at, end))) - 2
  }
  return size
}

/** Returns a raw cell in the form that JSON can hold: docs/rules.md, "Rejected rows". */
function shown(cell: unknown, kind: ColumnKind): JsonValue {
  if (cell == null) return null
  if (kind.kind === 'decimal') return plainDecimal(unscaled(cell), kind.scale)
  if (kind.kind === 'integer') return exact(unsigned(cell as number | bigint, kind.unsignedBits))
  if (typeof cell === 'bigint') return exact(cell)
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell)
  return typeof cell === 'boolean' ? cell : String(cell)
}

function exact(value: bigint): JsonValue {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

function plainDecimal(value: bigint | null, scale: number): string | null {
  if (value === null) return null
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return value < 0n ? `-${text}` : text
}

/** @param start more than is kept */
function truncated(start: string, size: number): string {
  const kept = Buffer.from(start)
    .subarray(0, MAX_VALUE_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
  return `${kept}… (cut, ${size} bytes)`
}
