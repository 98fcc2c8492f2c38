import type { DecodedArray, Encoding } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import { ByteReader } from './byte-reader.ts'
import { readDelta32, readDelta64 } from './delta.ts'
import { MAX_BIT_WIDTH, readRleBitPacked } from './rle.ts'
import type { Leaf } from './schema.ts'

/** Prefix-compressed text can decode to far more than its page. */
const MAX_PREFIXED_BYTES = 512 * 2 ** 20

/**
 * Reads exactly `count` physical values and leaves the reader behind the last of them.
 *
 * @param dictionary of the column chunk, for indices into it
 * @throws Error when the bytes hold fewer values, or an index that the dictionary does not have
 * @throws AppError UNSUPPORTED_PARQUET when the encoding is unknown or not one for the type
 */
export function readValues(
  reader: ByteReader,
  encoding: Encoding | undefined,
  count: number,
  leaf: Leaf,
  dictionary: DecodedArray | undefined,
): DecodedArray {
  switch (encoding) {
    case 'PLAIN':
      return readPlain(reader, count, leaf)
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return lookUp(readIndices(reader, count), dictionary)
    case 'BYTE_STREAM_SPLIT':
      return readPlain(new ByteReader(joinStreams(reader.rest(), count, widthOf(leaf))), count, leaf)
    case 'DELTA_BINARY_PACKED':
      if (leaf.type === 'INT32') return readDelta32(reader, count)
      if (leaf.type === 'INT64') return readDelta64(reader, count)
      break
    case 'DELTA_LENGTH_BYTE_ARRAY':
      if (leaf.type === 'BYTE_ARRAY') return readDeltaLengths(reader, count)
      break
    case 'DELTA_BYTE_ARRAY':
      if (leaf.type === 'BYTE_ARRAY' || leaf.type === 'FIXED_LEN_BYTE_ARRAY') return readDeltaBytes(reader, count, leaf)
  }
  const shown = encoding ?? 'of an unknown number'
  const message = `Column ${leaf.path[0]} has the encoding ${shown}, which is not supported for ${leaf.type}. Write the column with another encoding.`
  throw new AppError('UNSUPPORTED_PARQUET', message)
}

/** Reads values stored one after the other, as a dictionary has them, too. */
export function readPlain(reader: ByteReader, count: number, leaf: Leaf): DecodedArray {
  if (leaf.type === 'BYTE_ARRAY') return readByteArrays(reader, count)
  const width = widthOf(leaf)
  const bytes = reader.take(count * width)
  switch (leaf.type) {
    case 'INT32':
      return typed(Int32Array, bytes)
    case 'INT64':
      return typed(BigInt64Array, bytes)
    case 'FLOAT':
      return typed(Float32Array, bytes)
    case 'DOUBLE':
      return typed(Float64Array, bytes)
    case 'INT96':
      return Array.from({ length: count }, (_, i) => nanoseconds(bytes, i * width))
    default:
      return Array.from({ length: count }, (_, i) => bytes.subarray(i * width, (i + 1) * width))
  }
}

/** A view of the bytes where they are aligned for the processor, else of a copy. */
function typed<Values>(
  kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBufferLike, at: number, length: number): Values },
  bytes: Uint8Array,
): Values {
  const isAligned = bytes.byteOffset % kind.BYTES_PER_ELEMENT === 0
  const { buffer, byteOffset } = isAligned ? bytes : Uint8Array.from(bytes)
  return new kind(buffer, byteOffset, bytes.length / kind.BYTES_PER_ELEMENT)
}

const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 }

function widthOf({ type = 'BOOLEAN', typeLength = 0 }: Leaf): number {
  const width = type === 'FIXED_LEN_BYTE_ARRAY' ? typeLength : WIDTHS[type]
  if (!width || width < 0) throw new RangeError(`values of type ${type}`)
  return width
}

/** Each byte array stands behind its length. */
const LENGTH_BYTES = 4

function readByteArrays(reader: ByteReader, count: number): Uint8Array[] {
  if (count > reader.left / LENGTH_BYTES) throw new RangeError(`${count} values in ${reader.left} bytes`)
  const values = new Array<Uint8Array>(count)
  for (let i = 0; i < count; i++) values[i] = reader.take(reader.uint32())
  return values
}

const JULIAN_DAY_OF_1970 = 2_440_588n
const NS_PER_DAY = 86_400_000_000_000n

/** An INT96 instant is the nanoseconds of a day, then a Julian day. Returns nanoseconds since 1970. */
function nanoseconds(bytes: Uint8Array, at: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 12)
  const day = BigInt(view.getInt32(8, true)) - JULIAN_DAY_OF_1970
  return day * NS_PER_DAY + view.getBigUint64(0, true)
}

/** Reads indices into a dictionary: a byte with their width in bits, then the indices. */
export function readIndices(reader: ByteReader, count: number): Uint32Array {
  const indices = new Uint32Array(count)
  const width = reader.left > 0 ? reader.uint8() : 0
  if (width > MAX_BIT_WIDTH) throw new RangeError(`indices of ${width} bits`)
  // All indices into a dictionary of one value are 0. What writers put behind a width of 0 differs.
  if (width === 0) reader.rest()
  else reader.take(readRleBitPacked(reader.bytes.subarray(reader.at), width, indices))
  return indices
}

function lookUp(indices: Uint32Array, dictionary: DecodedArray | undefined): DecodedArray {
  if (!dictionary) throw new Error('no dictionary')
  const values = new Array<unknown>(indices.length)
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!
    if (index >= dictionary.length) throw new RangeError(`value ${index} of a dictionary of ${dictionary.length}`)
    values[i] = dictionary[index]
  }
  return values
}

/** A byte-split stream has the first byte of each value, then the second of each, and so on. */
function joinStreams(bytes: Uint8Array, count: number, width: number): Uint8Array {
  if (bytes.length !== count * width) throw new RangeError(`${bytes.length} bytes for ${count} values of ${width}`)
  const plain = new Uint8Array(bytes.length)
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) plain[i * width + byte] = bytes[byte * count + i]!
  }
  return plain
}

function readDeltaLengths(reader: ByteReader, count: number): Uint8Array[] {
  const lengths = readDelta32(reader, count)
  return Array.from(lengths, length => reader.take(length))
}

/** Each value begins with a prefix of the one before it. */
function readDeltaBytes(reader: ByteReader, count: number, { type, typeLength }: Leaf): Uint8Array[] {
  const prefixLengths = readDelta32(reader, count)
  const suffixLengths = readDelta32(reader, count)
  let decodedBytes = 0
  let last = new Uint8Array()
  return Array.from(prefixLengths, (prefixLength, i) => {
    if (!(prefixLength >= 0 && prefixLength <= last.length)) {
      throw new RangeError(`a prefix of ${prefixLength} bytes of ${last.length}`)
    }
    const suffix = reader.take(suffixLengths[i]!)
    const value = new Uint8Array(prefixLength + suffix.length)
    decodedBytes += value.length
    if (decodedBytes > MAX_PREFIXED_BYTES) throw tooLarge()
    value.set(last.subarray(0, prefixLength))
    value.set(suffix, prefixLength)
    if (type === 'FIXED_LEN_BYTE_ARRAY' && value.length !== typeLength) {
      throw new RangeError(`a value of ${value.length} bytes where all have ${typeLength}`)
    }
    last = value
    return value
  })
}

function tooLarge(): AppError {
  const message = `The file has a page that decodes to more than ${MAX_PREFIXED_BYTES} bytes. Write smaller pages.`
  return new AppError('RESOURCE_LIMIT', message)
}
