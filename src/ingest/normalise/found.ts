import type { RejectedRow, RejectionReason } from '../../domain/ingestion.ts'
import { cellAt } from '../column.ts'
import type { ColumnKind, ColumnKinds, ColumnName } from '../columns.ts'
import type { RowGroup } from '../decode.ts'
import { InvalidText } from '../text.ts'
import { unscaled } from './count.ts'
import { unsigned } from './instant.ts'

/** Each value is cut at this many bytes. */
const MAX_VALUE_BYTES = 1024

/** In the order of a drop's columns. */
const SHOWN: readonly ColumnName[] = ['account_id', 'subscriber_count', 'date', 'categories']

/** A rejected row. It is spelled out only when somebody looks: a bad file may have millions. */
export class FoundRow implements RejectedRow {
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
    const cells = SHOWN.map(name => [name, cut(shown(cellAt(this.#group.cells[name], this.#row), this.#kinds[name]))])
    return JSON.stringify(Object.fromEntries(cells))
  }
}

type Shown = string | number | boolean | null | Shown[]

/** A raw cell as JSON can hold it: docs/rules.md, "Rejected rows". */
function shown(cell: unknown, kind: ColumnKind): Shown {
  if (cell == null) return null
  if (Array.isArray(cell)) return cell.map(part => shown(part, kind))
  if (kind.kind === 'decimal') return plainDecimal(unscaled(cell), kind.scale)
  if (cell instanceof InvalidText) return hex(cell.bytes)
  if (cell instanceof Uint8Array) return hex(cell)
  if (kind.kind === 'integer') return exact(unsigned(cell as number | bigint, kind.unsignedBits))
  if (typeof cell === 'bigint') return exact(cell)
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell)
  return typeof cell === 'boolean' ? cell : String(cell)
}

function exact(value: bigint): Shown {
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

function cut(value: Shown): Shown {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const size = Buffer.byteLength(text)
  if (size <= MAX_VALUE_BYTES) return value
  const kept = Buffer.from(text)
    .subarray(0, MAX_VALUE_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
  return `${kept}… (cut, ${size} bytes)`
}
