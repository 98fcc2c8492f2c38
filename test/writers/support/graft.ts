/** Foreign columns in files of ours: a column chunk as its writer left it, beside three plain columns. */
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { ByteWriter } from 'hyparquet-writer'
import { serializeTCompactProtocol, ThriftStruct } from 'hyparquet-writer/src/thrift.js'
import { COLUMN_NAMES, type ColumnName } from '../../../src/ingestion/columns.ts'
import { dropColumns, parquetOf } from '../../support/parquet/columns.ts'
import type { Thrift } from '../../support/parquet/edit.ts'

const TAIL_BYTES = 8
const MAGIC = Buffer.from('PAR1')
/** Types of Thrift's compact protocol. */
const [TRUE, FALSE, BYTE] = [1, 2, 3]

/** A column at the top of a schema: its elements, and its leaf's position in the row groups. */
export interface TopColumn {
  readonly name: string
  readonly elements: readonly Thrift[]
  readonly position: number
}

export interface SourceFile {
  readonly bytes: Uint8Array
  readonly footer: Thrift
  readonly footerStart: number
}

export function sourceFile(bytes: Uint8Array): SourceFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const footerStart = bytes.length - TAIL_BYTES - view.getUint32(bytes.length - TAIL_BYTES, true)
  return { bytes, footer: deserializeTCompactProtocol({ view, offset: footerStart }), footerStart }
}

/** The columns of a file that have one leaf. */
export function topColumns({ footer }: SourceFile): TopColumn[] {
  const [root, ...elements] = footer.field_2 as Thrift[]
  const columns: TopColumn[] = []
  let at = 0
  let position = 0
  for (let child = 0; child < root!.field_5; child++) {
    const start = at
    for (let open = 1; open > 0; open--) open += elements[at++]!.field_5 ?? 0
    const own = elements.slice(start, at)
    const leaves = own.filter(({ field_1 }) => field_1 !== undefined).length
    if (leaves === 1) columns.push({ name: textOf(own[0]!.field_4), elements: own, position })
    position += leaves
  }
  return columns
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** A file with the column of `source` in the place of `role`, and plain values in the other three. */
export function graft(source: SourceFile, column: TopColumn, role: ColumnName): Uint8Array {
  const plainRoles = COLUMN_NAMES.filter(name => name !== role)
  const pieces: Uint8Array[] = [MAGIC]
  let size = MAGIC.length
  const append = (bytes: Uint8Array) => {
    pieces.push(bytes)
    size += bytes.length
    return size - bytes.length
  }
  let plainElements: Thrift[] = []
  const groups = (source.footer.field_4 as Thrift[]).map(group => {
    const plain = sourceFile(parquetOf(dropColumns(Number(group.field_3)), { rowGroupSize: Number.MAX_SAFE_INTEGER }))
    plainElements = (plain.footer.field_2 as Thrift[]).filter(({ field_4 }) =>
      plainRoles.some(name => name === textOf(field_4)),
    )
    const foreign = movedChunk(source, group.field_1[column.position], append)
    foreign.field_3 = {
      ...foreign.field_3,
      field_3: column.elements.map((e, i) => (i === 0 ? Buffer.from(role) : e.field_4)),
    }
    const [plainGroup] = plain.footer.field_4 as Thrift[]
    const others = (plainGroup?.field_1 ?? []).flatMap((chunk: Thrift) =>
      plainRoles.some(name => name === textOf(chunk.field_3.field_3[0])) ? [movedChunk(plain, chunk, append)] : [],
    )
    return { field_1: [foreign, ...others], field_2: group.field_2, field_3: group.field_3 }
  })
  const own = column.elements.map((element, i) =>
    schemaElement(i === 0 ? { ...element, field_4: Buffer.from(role) } : element),
  )
  const root = { field_4: Buffer.from('schema'), field_5: 1 + plainElements.length }
  const schema = [root, ...own, ...plainElements.map(schemaElement)]
  return Buffer.concat([
    ...pieces,
    footerBytes({ field_1: 1, field_2: schema, field_3: source.footer.field_3, field_4: groups }),
  ])
}

/** Copies all bytes up to the next chunk, so that what a wrong size in the footer leaves out comes along. */
function movedChunk(
  { bytes, footer, footerStart }: SourceFile,
  chunk: Thrift,
  append: (bytes: Uint8Array) => number,
): Thrift {
  const metadata: Thrift = { ...chunk.field_3 }
  const start = startOf(metadata)
  const starts = (footer.field_4 as Thrift[]).flatMap(group =>
    group.field_1.map((other: Thrift) => startOf(other.field_3)),
  )
  const end = Math.min(footerStart, ...starts.filter(at => at > start))
  const moved = BigInt(append(bytes.subarray(start, end)) - start)
  for (const offset of ['field_9', 'field_10', 'field_11'] as const) {
    if (metadata[offset] > 0n) metadata[offset] += moved
  }
  // Indexes, Bloom filters and key-value metadata are elsewhere in the file, and no value depends on them.
  for (const field of ['field_8', 'field_13', 'field_14', 'field_15', 'field_16', 'field_17'] as const)
    delete metadata[field]
  return { field_2: metadata.field_9, field_3: metadata }
}

function startOf({ field_9: data, field_11: dictionary }: Thrift): number {
  return Number(dictionary > 0n && dictionary < data ? dictionary : data)
}

/** The bit width of an integer type is a byte, which a plain number would not become. */
function schemaElement(element: Thrift): Thrift {
  const integer = element.field_10?.field_10
  if (!integer) return element
  const fields = [
    [1, BYTE, integer.field_1],
    [2, integer.field_2 ? TRUE : FALSE, integer.field_2],
  ]
  return { ...element, field_10: { field_10: new ThriftStruct(fields as never) } }
}

function footerBytes(footer: Thrift): Uint8Array {
  const writer = new ByteWriter()
  serializeTCompactProtocol(writer, footer)
  const bytes = writer.getBytes()
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([bytes, length, MAGIC])
}
