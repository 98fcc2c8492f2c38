/** Changes to the metadata of a finished file, for what no writer would write. */
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { ByteWriter } from 'hyparquet-writer'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'

/**
 * A thrift struct by the field numbers of parquet.thrift. FileMetaData: 2 schema, 3 num_rows, 4 row groups. Row group:
 * 1 column chunks, 3 num_rows. Column chunk: 3 metadata, 8 crypto metadata. Column metadata: 1 type, 4 codec,
 * 9 data page offset. Schema element: 1 type, 2 type length, 3 repetition, 4 name, 5 children, 6 converted type.
 */
// biome-ignore lint/suspicious/noExplicitAny: thrift has no types of its own
export type Thrift = Record<`field_${number}`, any>

/** A copy of the file with an edited footer. */
export function editFooter(file: Uint8Array, edit: (footer: Thrift) => void): Uint8Array {
  const view = viewOf(file)
  const start = file.length - 8 - view.getUint32(file.length - 8, true)
  const footer = deserializeTCompactProtocol({ view, offset: start })
  edit(footer)
  const bytes = serialised(footer)
  const size = new Uint8Array(4)
  viewOf(size).setUint32(0, bytes.length, true)
  return Buffer.concat([file.subarray(0, start), bytes, size, Buffer.from('PAR1')])
}

/** A copy of the file with an edited first data page header of its first row group's column number `column`. */
export function editPageHeader(file: Uint8Array, column: number, edit: (header: Thrift) => void): Uint8Array {
  let offset = 0
  editFooter(file, footer => {
    offset = Number(footer.field_4[0].field_1[column].field_3.field_9)
  })
  const reader = { view: viewOf(file), offset }
  const header = deserializeTCompactProtocol(reader)
  edit(header)
  const bytes = serialised(header)
  if (bytes.length !== reader.offset - offset) throw new Error('the edit changes the length of the page header')
  const copy = Uint8Array.from(file)
  copy.set(bytes, offset)
  return copy
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
