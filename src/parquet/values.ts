import type { DecodedArray, Encoding } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import { Cursor } from './cursor.ts'
import { readDelta32, readDelta64 } from './delta.ts'
import { MAX_BIT_WIDTH, readHybrid } from './hybrid.ts'
import type { Leaf } from './leaves.ts'

/** Text that repeats the one before it can unfold to far more than its page. */
const MAX_UNFOLDED_BYTES = 512 * 2 ** 20

/** Called with what follows the last value, when something does. */
export type OnTrailing = (what: string) => void

/** Reports bytes that are left after the last value, if there are any. */
export function reportLeft(bytes: number, onTrailing: OnTrailing): void {
  if (bytes > 0) onTrailing(`${bytes} bytes follow the last value`)
}

/** Reports a run of levels or indices that goes on after the last value. */
export function reportRun(goesOn: boolean, onTrailing: OnTrailing): void {
  if (goesOn) onTrailing('a run of levels or dictionary indices goes on after the last value')
}

/**
 * Reads `count` physical values.
 *
 * @param dictionary of the column chunk, for indices into it
 * @throws Error when the bytes hold fewer values
 * @throws AppError UNSUPPORTED_PARQUET when the encoding is not known, or not one for the type
 */
export function readValues(
  bytes: Uint8Array,
  encoding: Encoding | undefined,
  count: number,
  leaf: Leaf,
  dictionary: DecodedArray | undefined,
  onTrailing: OnTrailing,
): DecodedArray {
  if (count === 0) return []
  switch (encoding) {
    case 'PLAIN':
      return readPlain(bytes, count, leaf, onTrailing)
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return lookUp(readIndices(bytes, count, onTrailing), dictionary)
    case 'BYTE_STREAM_SPLIT':
      return readPlain(joined(bytes, count, widthOf(leaf)), count, leaf, onTrailing)
    case 'DELTA_BINARY_PACKED':
      if (leaf.type === 'INT32') return toEnd(new Cursor(bytes), onTrailing, cursor => readDelta32(cursor, count))
      if (leaf.type === 'INT64') return toEnd(new Cursor(bytes), onTrailing, cursor => readDelta64(cursor, count))
      break
    case 'DELTA_LENGTH_BYTE_ARRAY':
      if (leaf.type === 'BYTE_ARRAY') return readDeltaLengths(bytes, count, onTrailing)
      break
    case 'DELTA_BYTE_ARRAY':
      if (leaf.type === 'BYTE_ARRAY' || leaf.type === 'FIXED_LEN_BYTE_ARRAY')
        return readDeltaBytes(bytes, count, leaf, onTrailing)
  }
  const message = `Column ${leaf.path[0]} has the encoding ${encoding ?? 'of an unknown number'}, which is not known here for ${leaf.type}. Use another.`
  throw new AppError('UNSUPPORTED_PARQUET', message)
}

/** Reads values stored one after the other, as a dictionary has them, too. */
export function readPlain(found: Uint8Array, count: number, leaf: Leaf, onTrailing: OnTrailing): DecodedArray {
  if (leaf.type === 'BYTE_ARRAY') return readByteArrays(found, count, onTrailing)
  const width = widthOf(leaf)
  const bytes = takeBytes(found, count * width, onTrailing)
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

/** The first `size` bytes. @throws RangeError when there are fewer */
export function takeBytes(bytes: Uint8Array, size: number, onTrailing: OnTrailing): Uint8Array {
  if (bytes.length < size) throw new RangeError(`${bytes.length} bytes where ${size} are needed`)
  reportLeft(bytes.length - size, onTrailing)
  return bytes.subarray(0, size)
}

/** A view of the bytes where they lie as the processor wants them, else of a copy. */
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

const SMALLEST_BYTE_ARRAY = 4

function readByteArrays(bytes: Uint8Array, count: number, onTrailing: OnTrailing): Uint8Array[] {
  if (count > bytes.length / SMALLEST_BYTE_ARRAY) throw new RangeError(`${count} values in ${bytes.length} bytes`)
  const cursor = new Cursor(bytes)
  const values = new Array<Uint8Array>(count)
  for (let i = 0; i < count; i++) values[i] = cursor.take(cursor.uint32())
  reportLeft(cursor.left, onTrailing)
  return values
}

function toEnd<Values>(cursor: Cursor, onTrailing: OnTrailing, read: (cursor: Cursor) => Values): Values {
  const values = read(cursor)
  reportLeft(cursor.left, onTrailing)
  return values
}

const JULIAN_DAY_OF_1970 = 2_440_588n
const NS_PER_DAY = 86_400_000_000_000n

/** An INT96 instant is nanoseconds of a day, then a Julian day: nanoseconds since 1970. */
function nanoseconds(bytes: Uint8Array, at: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 12)
  const day = BigInt(view.getInt32(8, true)) - JULIAN_DAY_OF_1970
  return day * NS_PER_DAY + view.getBigUint64(0, true)
}

/** Indices stand behind a byte that tells their width. Of no width are those into a dictionary of one value. */
export function readIndices(bytes: Uint8Array, count: number, onTrailing: OnTrailing): Uint32Array {
  const indices = new Uint32Array(count)
  const width = bytes[0] ?? 0
  if (width > MAX_BIT_WIDTH) throw new RangeError(`indices of ${width} bits`)
  if (width > 0) reportRun(readHybrid(bytes.subarray(1), width, indices), onTrailing)
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
function joined(bytes: Uint8Array, count: number, width: number): Uint8Array {
  if (bytes.length !== count * width) throw new RangeError(`${bytes.length} bytes for ${count} values of ${width}`)
  const plain = new Uint8Array(bytes.length)
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) plain[i * width + byte] = bytes[byte * count + i]!
  }
  return plain
}

function readDeltaLengths(bytes: Uint8Array, count: number, onTrailing: OnTrailing): Uint8Array[] {
  const cursor = new Cursor(bytes)
  const lengths = readDelta32(cursor, count)
  const values = Array.from(lengths, length => cursor.take(length))
  reportLeft(cursor.left, onTrailing)
  return values
}

/** Each value begins with some bytes of the one before it. */
function readDeltaBytes(
  bytes: Uint8Array,
  count: number,
  { type, typeLength }: Leaf,
  onTrailing: OnTrailing,
): Uint8Array[] {
  const cursor = new Cursor(bytes)
  const prefixes = readDelta32(cursor, count)
  const suffixes = readDelta32(cursor, count)
  let unfolded = 0
  let last = new Uint8Array()
  const values = Array.from(prefixes, (prefix, i) => {
    if (!(prefix >= 0 && prefix <= last.length)) throw new RangeError(`a prefix of ${prefix} bytes of ${last.length}`)
    const suffix = cursor.take(suffixes[i]!)
    const value = new Uint8Array(prefix + suffix.length)
    unfolded += value.length
    if (unfolded > MAX_UNFOLDED_BYTES) throw tooLarge()
    value.set(last.subarray(0, prefix))
    value.set(suffix, prefix)
    if (type === 'FIXED_LEN_BYTE_ARRAY' && value.length !== typeLength)
      throw new RangeError('a value of another length')
    last = value
    return value
  })
  reportLeft(cursor.left, onTrailing)
  return values
}

function tooLarge(): AppError {
  const message = `The file has a page that unfolds to more than ${MAX_UNFOLDED_BYTES} bytes. Write smaller pages.`
  return new AppError('RESOURCE_LIMIT', message)
}
