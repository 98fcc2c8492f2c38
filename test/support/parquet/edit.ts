/** Changes to the metadata of a finished file, for what no writer would write. */
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { ByteWriter } from 'hyparquet-writer'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'

/**
 * A thrift struct by the field numbers of parquet.thrift. FileMetaData: 2 schema, 3 num_rows, 4 row groups. Row group:
 * 1 column chunks, 3 num_rows. Column chunk: 3 metadata, 8 crypto metadata. Column metadata: 1 type, 4 codec, 6 and 7
 * size before and after compression, 9 data page offset, 12 statistics. Statistics: 3 null_count, 5 max_value. Page
 * header: 4 crc. Schema element: 1 type, 2 type length, 3 repetition, 4 name, 5 children, 6 converted type.
 */
// biome-ignore lint/suspicious/noExplicitAny: thrift has no types of its own
export type Thrift = Record<`field_${number}`, any>

/** A copy of the file with an edited footer. */
export function editFooter(file: Uint8Array, edit: (footer: Thrift) => void): Uint8Array {
  const { start, footer } = footerOf(file)
  edit(footer)
  const bytes = serialised(footer)
  const size = new Uint8Array(4)
  viewOf(size).setUint32(0, bytes.length, true)
  return Buffer.concat([file.subarray(0, start), bytes, size, Buffer.from('PAR1')])
}

function footerOf(file: Uint8Array): { start: number; footer: Thrift } {
  const view = viewOf(file)
  const start = file.length - 8 - view.getUint32(file.length - 8, true)
  return { start, footer: deserializeTCompactProtocol({ view, offset: start }) }
}

/** A copy of the file with an edited first data page header of its first row group's column number `column`. */
export function editPageHeader(file: Uint8Array, column: number, edit: (header: Thrift) => void): Uint8Array {
  const { start, end, bytes } = editedPageHeader(file, column, edit)
  if (bytes.length !== end - start) throw new Error('the edit changes the length of the page header')
  const copy = Uint8Array.from(file)
  copy.set(bytes, start)
  return copy
}

/** A copy of the file, whose last column chunk of its only row group is one page, with a checksum of that page. */
export function withChecksum(file: Uint8Array, checksum: (page: Uint8Array) => number): Uint8Array {
  const last = chunksOf(file).length - 1
  const { start, end, bytes } = editedPageHeader(file, last, header => {
    header.field_4 = checksum(pageAt(file, last, header.field_3)) | 0
  })
  const longer = bytes.length - (end - start)
  return editFooter(Buffer.concat([file.subarray(0, start), bytes, file.subarray(end)]), footer => {
    const chunk = footer.field_4[0].field_1[last].field_3
    chunk.field_6 += BigInt(longer)
    chunk.field_7 += BigInt(longer)
  })
}

function chunksOf(file: Uint8Array): Thrift[] {
  return footerOf(file).footer.field_4[0].field_1
}

function pageAt(file: Uint8Array, column: number, size: number): Uint8Array {
  const { end } = editedPageHeader(file, column, () => {})
  return file.subarray(end, end + size)
}

function editedPageHeader(file: Uint8Array, column: number, edit: (header: Thrift) => void) {
  const start = Number(chunksOf(file)[column]!.field_3.field_9)
  const reader = { view: viewOf(file), offset: start }
  const header = deserializeTCompactProtocol(reader)
  edit(header)
  return { start, end: reader.offset, bytes: serialised(header) }
}

function serialised(struct: Thrift): Uint8Array {
  const inOrder = Object.entries(struct).sort(([a], [b]) => fieldNumber(a) - fieldNumber(b))
  const writer = new ByteWriter()
  serializeTCompactProtocol(writer, Object.fromEntries(inOrder))
  return writer.getBytes()
}

function fieldNumber(key: string): number {
  return Number(key.slice('field_'.length))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
