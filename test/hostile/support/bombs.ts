/** Files that have the four right columns and are wrong, or heavy, in every other way. */
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { IngestionWarningCode } from '../../../src/domain/ingestion.ts'
import type { Thrift } from '../../support/parquet/edit.ts'
import {
  CODEC,
  countColumn,
  dataPage,
  dataPageV2,
  dateColumn,
  dictionaryPage,
  ENCODING,
  packed,
  plainInt64,
  plainText,
  type RawColumn,
  type RawGroup,
  rawColumns,
  rawId,
  rawParquet,
  run,
  textColumn,
  textElement,
  u32,
  varint,
} from '../../support/parquet/raw.ts'

/** What must become of a file: the code of its refusal, or how many rows it brings exactly. */
export interface Bomb {
  readonly file: () => Uint8Array
  readonly ends: string | number
  /** The only code of its warnings. In strict mode it is refused as CORRUPT_PARQUET. */
  readonly warns?: IngestionWarningCode
  /** Slow to make, or refused by the death of its process alone: for the running server only. */
  readonly isHeavy?: boolean
}

type Bombs = Readonly<Record<string, Bomb>>

const DICTIONARY = { encoding: ENCODING.dictionary }
const BILLION = 1_000_000_000
const MIB = 2 ** 20

/** One row group with some of its columns replaced. */
function drop(rows: number, replaced: readonly RawColumn[], lie?: (footer: Thrift) => void): Uint8Array {
  return rawParquet([{ rows, columns: rawColumns(rows, replaced) }], lie)
}

function refused(code: string, file: () => Uint8Array): Bomb {
  return { file, ends: code }
}

function heavy(bomb: Bomb): Bomb {
  return { ...bomb, isHeavy: true }
}

/** Metadata describes the values wrongly; each value is exact all the same. */
function wrong(warns: IngestionWarningCode, file: () => Uint8Array): Bomb {
  return { file, ends: 3, warns }
}

/** A size or count in a header or the footer is not what the pages have: the pages themselves tell where they end. */
const wrongSize = (file: () => Uint8Array) => wrong('SIZE_DISAGREES', file)
const wrongStatistics = (file: () => Uint8Array) => wrong('STATISTICS_DISAGREE', file)
/** The declared values are all there, and something follows them in their page. */
const trailing = (file: () => Uint8Array) => wrong('TRAILING_BYTES', file)

const corrupt = (file: () => Uint8Array) => refused('CORRUPT_PARQUET', file)
const unsupported = (file: () => Uint8Array) => refused('UNSUPPORTED_PARQUET', file)
const tooMuch = (file: () => Uint8Array) => refused('RESOURCE_LIMIT', file)

/** Categories from a dictionary of one, whose indices are as given. */
function indices(rows: number, body: Uint8Array, dictionary = dictionaryPage(1, plainText('Gaming'))): Uint8Array {
  return drop(rows, [textColumn('categories', [dictionary, dataPage(rows, body, DICTIONARY)])])
}

const WIDTH_1 = Uint8Array.of(1)
const WIDTH_8 = Uint8Array.of(8)

function bytes(...parts: readonly (Uint8Array | number[])[]): Uint8Array {
  return Buffer.concat(parts.map(part => Uint8Array.from(part)))
}

const runs: Bombs = {
  // Runs of indices decide values: only runs of levels may go on after the last value.
  'a run of a billion indices in a page of three': corrupt(() => indices(3, bytes(WIDTH_1, run(BILLION, 0)))),
  'a run that reaches into the next page': corrupt(() => {
    const pages = [
      dataPage(2, bytes(WIDTH_1, run(4, 1)), DICTIONARY),
      dataPage(2, bytes(WIDTH_1, run(2, 0)), DICTIONARY),
    ]
    return drop(4, [textColumn('categories', [dictionaryPage(2, plainText('Gaming', 'Zoo')), ...pages])])
  }),
  'a packed run of more values than its page, as writers pad them': {
    file: () => {
      const body = bytes(WIDTH_8, packed(new Array(16).fill(1)))
      const pages = [dataPage(2, body, DICTIONARY), dataPage(14, body, DICTIONARY)]
      return drop(16, [textColumn('categories', [dictionaryPage(2, plainText('Gaming', 'Zoo')), ...pages])])
    },
    ends: 16,
  },
  'a run that ends early': corrupt(() => indices(3, bytes(WIDTH_1, run(2, 0)))),
  'runs of nothing': corrupt(() => indices(3, bytes(WIDTH_1, Buffer.alloc(2000)))),
  'indices of 255 bits': corrupt(() => indices(3, bytes([255], run(3, 0)))),
  'an index that the dictionary does not have': corrupt(() => indices(3, bytes(WIDTH_8, run(3, 200)))),
  'an empty dictionary': corrupt(() => indices(3, bytes([0]), dictionaryPage(0, new Uint8Array()))),
  'an empty dictionary of numbers': corrupt(() => {
    const pages = [dictionaryPage(0, new Uint8Array()), dataPage(3, bytes([0], run(3, 0)), DICTIONARY)]
    return drop(3, [countColumn(pages)])
  }),
  'no dictionary': corrupt(() => {
    return drop(3, [textColumn('categories', [dataPage(3, bytes(WIDTH_1, run(3, 0)), DICTIONARY)])])
  }),
  'no dictionary of numbers': corrupt(() =>
    drop(3, [countColumn([dataPage(3, bytes(WIDTH_1, run(3, 0)), DICTIONARY)])]),
  ),
  'a dictionary of two billion': corrupt(() =>
    indices(3, bytes(WIDTH_1, run(3, 0)), dictionaryPage(2 ** 31 - 1, plainText('Gaming'))),
  ),
  'a dictionary of fewer than none': corrupt(() =>
    indices(3, bytes(WIDTH_1, run(3, 0)), dictionaryPage(-1, plainText('Gaming'))),
  ),
  'two dictionaries': corrupt(() => {
    const dictionary = dictionaryPage(1, plainText('Gaming'))
    const pages = [dictionary, dictionary, dataPage(3, bytes(WIDTH_1, run(3, 0)), DICTIONARY)]
    return drop(3, [textColumn('categories', pages)])
  }),
  'a billion rows in a file of a kilobyte': tooMuch(() => identicalRows(BILLION)),
  'a billion and one rows': tooMuch(() => identicalRows(BILLION + 1)),
  'a hundred thousand rows of no bits': { file: () => identicalRows(100_000), ends: 100_000 },
}

/** As many times the same row, each column as one run of indices of no bits. */
export function identicalRows(rows: number): Uint8Array {
  const same = (value: Uint8Array) => [dictionaryPage(1, value), dataPage(rows, bytes([0], run(rows, 0)), DICTIONARY)]
  const columns = [
    textColumn('account_id', same(plainText(rawId(1)))),
    countColumn(same(plainInt64(2001n))),
    dateColumn(same(plainInt64(BigInt(Date.UTC(2024, 4, 1))))),
    textColumn('categories', same(plainText('Gaming'))),
  ]
  return rawParquet([{ rows, columns }])
}

/** An optional column of text: its levels stand before its values. */
function optional(rows: number, levels: Uint8Array, values: Uint8Array, levelBytes = levels.length): Uint8Array {
  const page = dataPage(rows, bytes(u32(levelBytes), levels, values))
  return drop(rows, [{ name: 'categories', schema: [textElement('categories', 'optional')], pages: [page] }])
}

function version2(rows: number, lies: object): Uint8Array {
  const body = bytes(run(rows, 1), plainText(...new Array<string>(rows).fill('Gaming')))
  const truth = { definitionBytes: 2, unfolded: body.length }
  const page = dataPageV2(rows, body, { ...truth, ...lies })
  return drop(rows, [{ name: 'categories', schema: [textElement('categories', 'optional')], pages: [page] }])
}

const levels: Bombs = {
  'levels as they should be': { file: () => optional(3, run(3, 1), plainText('a', 'b', 'c')), ends: 3 },
  'a run of a billion levels in a page of three': trailing(() =>
    optional(3, run(BILLION, 1), plainText('a', 'b', 'c')),
  ),
  'levels that end early': corrupt(() => optional(3, run(2, 1), plainText('a', 'b', 'c'))),
  'levels that no column has': corrupt(() => optional(3, run(3, 7), plainText('a', 'b', 'c'))),
  'levels longer than the page': corrupt(() => optional(3, run(3, 1), plainText('a', 'b', 'c'), 1000)),
  'levels of four gigabytes': corrupt(() => optional(3, run(3, 1), plainText('a', 'b', 'c'), 0xffffffff)),
  'fewer values than levels': corrupt(() => optional(3, run(3, 1), plainText('a', 'b'))),
  'more values than levels': trailing(() => optional(3, bytes(run(2, 1), run(1, 0)), plainText('a', 'b', 'c'))),
  'version 2 as it should be': { file: () => version2(3, {}), ends: 3 },
  'version 2: more nulls than values': wrongStatistics(() => version2(3, { nulls: 4 })),
  'version 2: fewer nulls than none': wrongStatistics(() => version2(3, { nulls: -1 })),
  'version 2: nulls that are none': wrongStatistics(() => version2(3, { nulls: 1 })),
  'version 2: other rows than values': wrongSize(() => version2(3, { rows: 2 })),
  'version 2: levels of fewer bytes than none': corrupt(() => version2(3, { definitionBytes: -1 })),
  'version 2: levels that point back by half a gigabyte': corrupt(() => version2(3, { definitionBytes: -(2 ** 29) })),
  'version 2: levels longer than the page': corrupt(() => version2(3, { definitionBytes: 2 ** 30 })),
  'version 2: repetitions of a flat column': corrupt(() => version2(3, { repetitionBytes: 5 })),
  'version 2: compressed with no codec': { file: () => version2(3, { isCompressed: true }), ends: 3 },
}

const THREE = () => plainText('a', 'b', 'c')

/** The categories as one page with this body. */
function body(of: Uint8Array, options = {}, rows = 3): Uint8Array {
  return drop(rows, [textColumn('categories', [dataPage(rows, of, options)])])
}

const values: Bombs = {
  'a text longer than its page': corrupt(() => body(bytes(plainText('a', 'b'), u32(100), [1, 2, 3]))),
  'a text that reaches into the next page': corrupt(() => {
    const first = dataPage(2, bytes(plainText('a'), u32(30), [0x62]))
    return drop(4, [textColumn('categories', [first, dataPage(2, plainText('c', 'd'.repeat(50)))])])
  }),
  'a text of four gigabytes': corrupt(() => body(bytes(plainText('a', 'b'), u32(0xffffffff)))),
  'fewer texts than declared': corrupt(() => body(plainText('a', 'b'))),
  'more texts than declared': trailing(() => body(plainText('a', 'b', 'c', 'd'))),
  'fewer numbers than declared, with a page behind': corrupt(() => {
    return drop(4, [countColumn([dataPage(3, plainInt64(1n, 2n)), dataPage(1, plainInt64(3n))])])
  }),
  'more numbers than declared': trailing(() => drop(3, [countColumn([dataPage(3, plainInt64(1n, 2n, 3n, 4n))])])),
  'a page of two billion values': corrupt(() => {
    return drop(3, [
      countColumn([dataPage(2 ** 31 - 1, plainInt64(1n, 2n, 3n))], { lie: thrift => (thrift.field_5 = 3n) }),
    ])
  }),
  'a page of fewer values than none': corrupt(() => drop(3, [countColumn([dataPage(-3, plainInt64(1n, 2n, 3n))])])),
  'pages that cancel each other out': corrupt(() => {
    const pages = [dataPage(6, plainInt64(1n, 2n, 3n, 4n, 5n, 6n)), dataPage(-3, new Uint8Array())]
    return drop(3, [countColumn(pages)])
  }),
  'an unknown encoding': unsupported(() => body(THREE(), { encoding: 42 })),
  'the encoding of booleans for text': unsupported(() => body(bytes(u32(2), run(3, 1)), { encoding: ENCODING.rle })),
  'deltas of no blocks': corrupt(() => body(bytes([0, 0, 3, 0], Buffer.alloc(50)), { encoding: ENCODING.deltaLength })),
  'deltas that step back for ever': corrupt(() =>
    body(bytes([0x80, 1], [0xff, 0xff, 0xff, 0xff, 0x0f], [3, 0, 0, 0]), { encoding: ENCODING.deltaLength }),
  ),
  'deltas of other many values': corrupt(() => {
    const page = dataPage(3, bytes([0x80, 1, 4, 9, 2], [2], [0, 0, 0, 0]), { encoding: ENCODING.deltaBinary })
    return drop(3, [countColumn([page])])
  }),
  'deltas of numbers, as they should be': {
    file: () => {
      const page = dataPage(3, bytes([0x80, 1, 4, 3, 2], [2], [0, 0, 0, 0]), { encoding: ENCODING.deltaBinary })
      return drop(3, [countColumn([page])])
    },
    ends: 3,
  },
  'deltas of 255 bits': corrupt(() => {
    const page = dataPage(3, bytes([0x80, 1, 4, 3, 2], [2], [255, 0, 0, 0], Buffer.alloc(2000)), {
      encoding: ENCODING.deltaBinary,
    })
    return drop(3, [countColumn([page])])
  }),
  'texts of fewer bytes than none': corrupt(() =>
    body(bytes([0x80, 1, 4, 3, 1], [0], [0, 0, 0, 0], Buffer.from('abc')), { encoding: ENCODING.deltaLength }),
  ),
  'a text that repeats more than there was': corrupt(() => {
    const prefixes = [0x80, 1, 4, 3, 200, 1, 0, 0, 0, 0, 0]
    const suffixes = [0x80, 1, 4, 3, 2, 0, 0, 0, 0, 0]
    return body(bytes(prefixes, suffixes, Buffer.from('abc')), { encoding: ENCODING.deltaBytes })
  }),
  'a split stream of fewer bytes': corrupt(() =>
    drop(3, [countColumn([dataPage(3, plainInt64(1n, 2n), { encoding: ENCODING.split })])]),
  ),
}

const ZEROS = () => Buffer.alloc(64 * MIB)

/** Gigabytes of zeros: a gzip stream may have any number of members. */
function gzipBomb(): Uint8Array {
  const member = gzipSync(ZEROS(), { level: 1 })
  return Buffer.concat(new Array<Uint8Array>(32).fill(member))
}

function brotliBomb(): Uint8Array {
  return brotliCompressSync(Buffer.alloc(256 * MIB), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
}

/** A frame of blocks of one repeated byte, 128 KB from four bytes each; it ends only if it is thrift to. */
function zstdBomb(blocks: number, header: number[], byte = 0): Uint8Array {
  const size = 128 * 1024
  const block = (isLast: boolean) => {
    const thrift = (size << 3) | 2 | (isLast ? 1 : 0)
    return [thrift & 0xff, (thrift >> 8) & 0xff, (thrift >> 16) & 0xff, byte]
  }
  const all = Array.from({ length: blocks }, (_, i) => block(i === blocks - 1))
  return bytes([0x28, 0xb5, 0x2f, 0xfd], header, all.flat())
}

const ZSTD_NO_SIZE = [0x00, 0x58]
/** A frame that claims four gigabytes less one byte. */
const ZSTD_CLAIMS_4_GB = [0x80, 0x58, 0xff, 0xff, 0xff, 0xff]

/** The longest match that a byte of 255 goes on with: 255 bytes from each. */
function lz4Bomb(length: number): Uint8Array {
  return bytes([0x1f, 0x61, 0x01, 0x00], Buffer.alloc(length, 0xff), [0])
}

/** The frames of Hadoop: two lengths, highest byte first, before each. */
function lz4Hadoop(unfolded: number, stored: number, frame: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8)
  head.writeInt32BE(unfolded)
  head.writeInt32BE(stored, 4)
  return bytes(head, frame)
}

/** The categories as one compressed page, whose header claims so many bytes. */
function packedPage(codec: number, stored: () => Uint8Array, unfolded: number, rows = 3): () => Uint8Array {
  return () => drop(rows, [textColumn('categories', [dataPage(rows, stored(), { unfolded })], { codec })])
}

const GIB = 2 ** 30

const codecs: Bombs = {
  'gzip: two gigabytes where 100 bytes are declared': corrupt(packedPage(CODEC.gzip, gzipBomb, 100)),
  'gzip: two gigabytes, declared': tooMuch(packedPage(CODEC.gzip, gzipBomb, 2 * GIB - 1)),
  'gzip: fewer bytes than declared': corrupt(packedPage(CODEC.gzip, () => gzipSync(THREE()), 400 * MIB)),
  'gzip: noise': corrupt(packedPage(CODEC.gzip, () => Buffer.from('no gzip at all'), 100)),
  'brotli: 256 MB where 100 bytes are declared': corrupt(packedPage(CODEC.brotli, brotliBomb, 100)),
  // Three empty texts, and the rest of the page follows them.
  'brotli: 256 MB, declared': heavy(trailing(packedPage(CODEC.brotli, brotliBomb, 256 * MIB))),
  'brotli: fewer bytes than declared': corrupt(packedPage(CODEC.brotli, () => brotliCompressSync(THREE()), 400 * MIB)),
  'zstd: two gigabytes where 100 bytes are declared': corrupt(
    packedPage(CODEC.zstd, () => zstdBomb(16_384, ZSTD_NO_SIZE), 100),
  ),
  'zstd: two gigabytes, declared': tooMuch(packedPage(CODEC.zstd, () => zstdBomb(16_384, ZSTD_NO_SIZE), 2 * GIB - 1)),
  'zstd: a frame that claims four gigabytes': corrupt(packedPage(CODEC.zstd, () => zstdBomb(1, ZSTD_CLAIMS_4_GB), 100)),
  'zstd: a second frame that claims four gigabytes': corrupt(
    packedPage(
      CODEC.zstd,
      () => bytes(zstdBomb(1, [0xa0, 0, 0, 2, 0]), zstdBomb(16_384, ZSTD_CLAIMS_4_GB)),
      128 * 1024,
    ),
  ),
  'zstd: fewer bytes than declared': corrupt(packedPage(CODEC.zstd, () => zstdBomb(1, ZSTD_NO_SIZE), 400 * MIB)),
  'zstd: a window of two gigabytes': corrupt(packedPage(CODEC.zstd, () => zstdBomb(1, [0x00, 0xa8]), 128 * 1024)),
  'snappy: a header that claims two gigabytes': corrupt(
    packedPage(CODEC.snappy, () => bytes(varint(2 * GIB), [0, 0]), 100),
  ),
  'snappy: 500 MB that are not there': corrupt(
    packedPage(CODEC.snappy, () => bytes(varint(500 * MIB), [0, 0x61]), 500 * MIB),
  ),
  'snappy: a copy from before its start': corrupt(packedPage(CODEC.snappy, () => bytes([8], [0x11, 0xff]), 8)),
  'snappy: more than declared': corrupt(
    packedPage(CODEC.snappy, () => bytes([4], [0x00, 0x61], new Array(100).fill([0xfe, 1, 0]).flat()), 4),
  ),
  'lz4_raw: 250 MB where 100 bytes are declared': corrupt(packedPage(CODEC.lz4Raw, () => lz4Bomb(MIB), 100)),
  'lz4_raw: fewer bytes than declared': corrupt(packedPage(CODEC.lz4Raw, () => bytes([0x50], u32(1), [0x61]), 15)),
  'lz4_raw: 400 MB that are not there': corrupt(
    packedPage(CODEC.lz4Raw, () => bytes([0x50], u32(1), [0x61]), 400 * MIB),
  ),
  'lz4_raw: a copy from before its start': corrupt(packedPage(CODEC.lz4Raw, () => bytes([0x10, 0x61, 9, 0]), 8)),
  'lz4: frames that lead in a circle': corrupt(packedPage(CODEC.lz4, () => lz4Hadoop(0, -8, Buffer.alloc(8)), 100)),
  'lz4: a frame that claims four gigabytes': corrupt(
    packedPage(CODEC.lz4, () => lz4Hadoop(-1, 10, Buffer.alloc(10)), 100),
  ),
  'lz4: fewer bytes than declared': corrupt(
    packedPage(CODEC.lz4, () => lz4Hadoop(5, 6, bytes([0x50], u32(1), [0x61])), 15),
  ),
  'an unknown codec': unsupported(packedPage(99, THREE, 15)),
  LZO: unsupported(packedPage(3, THREE, 15)),
}

/** A plain drop of three rows with a lie in its footer. */
function footer(lie: (footer: Thrift) => void): () => Uint8Array {
  return () => drop(3, [], lie)
}

/** A lie in the metadata of column number `column`: 0 account_id, 1 subscriber_count, 2 date, 3 categories. */
function chunk(column: number, lie: (metadata: Thrift, others: Thrift[]) => void): () => Uint8Array {
  return footer(thrift => {
    const chunks = thrift.field_4[0].field_1.map(({ field_3 }: Thrift) => field_3)
    lie(chunks[column], chunks)
  })
}

function rowsOf(thrift: Thrift, inFooter: bigint, inGroup: bigint): void {
  thrift.field_3 = inFooter
  thrift.field_4[0].field_3 = inGroup
}

const footers: Bombs = {
  'a footer of 10^15 rows': corrupt(footer(thrift => rowsOf(thrift, 10n ** 15n, 3n))),
  'a footer and a row group of 10^15 rows': tooMuch(footer(thrift => rowsOf(thrift, 10n ** 15n, 10n ** 15n))),
  'a footer and a row group of 2^63 - 1 rows': tooMuch(
    footer(thrift => rowsOf(thrift, 2n ** 63n - 1n, 2n ** 63n - 1n)),
  ),
  'fewer rows than none': corrupt(footer(thrift => rowsOf(thrift, -3n, -3n))),
  'a row group of one row more': corrupt(footer(thrift => rowsOf(thrift, 4n, 4n))),
  'a row group of one row fewer': corrupt(footer(thrift => rowsOf(thrift, 2n, 2n))),
  'a footer of one row more than its groups': corrupt(footer(thrift => rowsOf(thrift, 4n, 3n))),
  'groups that cancel each other out': corrupt(
    footer(thrift => {
      thrift.field_4.push({ ...thrift.field_4[0], field_3: 3n }, { ...thrift.field_4[0], field_3: -3n })
    }),
  ),
  'a column of more values than its pages': wrongSize(chunk(1, thrift => (thrift.field_5 = 4n))),
  'a column of 2^62 values': tooMuch(chunk(1, thrift => (thrift.field_5 = 2n ** 62n))),
  'a column of fewer values than none': wrongSize(chunk(1, thrift => (thrift.field_5 = -3n))),
  'a column that unfolds to fewer bytes than none': wrongSize(chunk(1, thrift => (thrift.field_6 = -1n))),
  'columns whose sizes cancel each other out': tooMuch(
    chunk(1, (thrift, [account]) => {
      thrift.field_6 = -(2n ** 50n)
      account!.field_6 = 2n ** 50n
    }),
  ),
  'a column that unfolds to 2^62 bytes': tooMuch(chunk(1, thrift => (thrift.field_6 = 2n ** 62n))),
  'a column that unfolds to less than its pages': wrongSize(chunk(1, thrift => (thrift.field_6 = 10n))),
  'a column stored in fewer bytes than none': wrongSize(chunk(1, thrift => (thrift.field_7 = -5n))),
  'a column stored in 2^62 bytes': wrongSize(chunk(1, thrift => (thrift.field_7 = 2n ** 62n))),
  'a column stored in more bytes than the file has': wrongSize(chunk(1, thrift => (thrift.field_7 = 100_000n))),
  'a column that ends in the middle of a page': wrongSize(chunk(1, thrift => (thrift.field_7 -= 3n))),
  'a column stored in no bytes': wrongSize(chunk(1, thrift => (thrift.field_7 = 0n))),
  'a column that begins before the file': corrupt(chunk(1, thrift => (thrift.field_9 = -100n))),
  'a column that begins behind the file': corrupt(chunk(1, thrift => (thrift.field_9 = 2n ** 40n))),
  'a column that begins in the footer': corrupt(chunk(1, thrift => (thrift.field_9 += 900n))),
  'a column that begins at 2^63 - 1': corrupt(chunk(1, thrift => (thrift.field_9 = 2n ** 63n - 1n))),
  'a column that begins in the magic number': corrupt(chunk(0, thrift => (thrift.field_9 = 0n))),
  'two columns in one place': corrupt(
    chunk(3, (thrift, [account]) => {
      for (const field of ['field_5', 'field_6', 'field_7', 'field_9'] as const) thrift[field] = account![field]
    }),
  ),
  'a column that begins within another': corrupt(chunk(3, thrift => (thrift.field_9 -= 20n))),
  'a dictionary that is the first page': corrupt(chunk(1, thrift => (thrift.field_11 = 1n))),
  'a dictionary behind its pages': { file: chunk(1, thrift => (thrift.field_11 = thrift.field_9 + 1000n)), ends: 3 },
  'a dictionary at minus one': { file: chunk(1, thrift => (thrift.field_11 = -1n)), ends: 3 },
  'a column of another type than its schema': corrupt(chunk(1, thrift => (thrift.field_1 = 1))),
  'a column with the name of another column': corrupt(chunk(1, thrift => (thrift.field_3 = [Buffer.from('date')]))),
  // Its position decides, and some writers put another name there.
  'a column of another name than its schema': {
    file: chunk(1, thrift => (thrift.field_3 = [Buffer.from('followers')])),
    ends: 3,
  },
  'columns that have changed places': corrupt(footer(thrift => thrift.field_4[0].field_1.reverse())),
  'a column chunk without metadata': corrupt(footer(thrift => delete thrift.field_4[0].field_1[1].field_3)),
  'a row group without its last column': corrupt(footer(thrift => thrift.field_4[0].field_1.pop())),
  'a row group of one column too many': corrupt(
    footer(thrift => thrift.field_4[0].field_1.push(thrift.field_4[0].field_1[0])),
  ),
  'a footer without row groups': corrupt(footer(thrift => delete thrift.field_4)),
  'a footer without a schema': corrupt(footer(thrift => delete thrift.field_2)),
  'a footer of a number of rows that is text': corrupt(footer(thrift => (thrift.field_3 = Buffer.from('three')))),
  'statistics of other types': { file: chunk(1, thrift => (thrift.field_12 = { field_5: Buffer.from([1]) })), ends: 3 },
  'statistics that exclude every value': wrongStatistics(
    chunk(1, thrift => (thrift.field_12 = { field_5: plainInt64(1n), field_6: plainInt64(2n) })),
  ),
  'statistics of fewer nulls than none': wrongStatistics(chunk(1, thrift => (thrift.field_12 = { field_3: -1n }))),
  'three thousand empty row groups': {
    file: () => {
      const empty: RawGroup = { rows: 0, columns: rawColumns(0) }
      return rawParquet([...new Array<RawGroup>(3_000).fill(empty), { rows: 3, columns: rawColumns(3) }])
    },
    isHeavy: true,
    ends: 3,
  },
  'three thousand row groups in one place': heavy(
    corrupt(
      footer(thrift => {
        thrift.field_3 = 9_000n
        thrift.field_4 = new Array(3_000).fill(thrift.field_4[0])
      }),
    ),
  ),
}

function extraElements(count: number, length = 0): Thrift[] {
  return Array.from({ length: count }, (_, i) => textElement(`c${i}${'x'.repeat(length)}`))
}

/** A schema with these elements behind the four columns, which are `top` more columns with these leaves. */
function schema(top: number, elements: () => Thrift[], leaves: string[][] = []): () => Uint8Array {
  return footer(thrift => {
    thrift.field_2[0].field_5 += top
    for (const element of elements()) thrift.field_2.push(element)
    const [like] = thrift.field_4[0].field_1
    for (const path of leaves) {
      const metadata = { ...like.field_3, field_3: path.map(name => Buffer.from(name)) }
      thrift.field_4[0].field_1.push({ ...like, field_3: metadata })
    }
  })
}

function group(name: string, children: number): Thrift {
  return { field_3: 0, field_4: Buffer.from(name), field_5: children }
}

function nested(depth: number): Thrift[] {
  return [...Array.from({ length: depth }, (_, i) => group(`g${i}`, 1)), textElement('leaf')]
}

const schemas: Bombs = {
  'fifty levels of groups beside the columns': {
    file: schema(1, () => nested(50), [[...Array.from({ length: 50 }, (_, i) => `g${i}`), 'leaf']]),
    ends: 3,
  },
  'a hundred thousand levels of groups': heavy(unsupported(schema(1, () => nested(100_000)))),
  'twenty thousand columns more': {
    file: schema(
      20_000,
      () => extraElements(20_000),
      Array.from({ length: 20_000 }, (_, i) => [`c${i}`]),
    ),
    isHeavy: true,
    ends: 3,
  },
  'a column without its chunk': corrupt(schema(1, () => extraElements(1))),
  'columns that are not there': corrupt(schema(1_000_000, () => [])),
  'two billion columns': corrupt(schema(2 ** 31 - 10, () => [])),
  'fewer columns than none': corrupt(footer(thrift => (thrift.field_2[0].field_5 = -4))),
  'a column that is its own child': corrupt(
    footer(thrift => {
      thrift.field_2[2].field_5 = 1
    }),
  ),
  'a missing column among twenty thousand': heavy(
    refused(
      'MISSING_COLUMN',
      footer(thrift => {
        thrift.field_2[0].field_5 = 20_003
        thrift.field_2.splice(4, 1, ...extraElements(20_000))
      }),
    ),
  ),
  'a missing column and a name of ten megabytes': refused(
    'MISSING_COLUMN',
    footer(thrift => (thrift.field_2[4].field_4 = Buffer.alloc(10 * MIB, 0x78))),
  ),
  'a name of ten megabytes for a column of another type': refused(
    'MISSING_COLUMN',
    footer(thrift => (thrift.field_2[1].field_4 = Buffer.alloc(10 * MIB, 0xff))),
  ),
  'a column of an unknown type': refused(
    'UNEXPECTED_COLUMN_TYPE',
    footer(thrift => (thrift.field_2[2].field_1 = 77)),
  ),
  'a decimal of a scale of two billion': corrupt(
    footer(thrift => {
      const { field_1, field_3, field_4 } = thrift.field_2[2]
      thrift.field_2[2] = { field_1, field_3, field_4, field_6: 5, field_7: 2 ** 31 - 1, field_8: 10 }
    }),
  ),
}

/** The footer as bytes, which end at its length. */
function rawFooter(content: Uint8Array): Uint8Array {
  return bytes(Buffer.from('PAR1'), content, u32(content.length), Buffer.from('PAR1'))
}

/** A list that takes a byte of the file for each object in memory. */
export function structsOfNothing(count: number): Uint8Array {
  return rawFooter(bytes([0x15, 2, 0x19, 0xfc], varint(count), Buffer.alloc(count), [0]))
}

const thrifts: Bombs = {
  'a footer of a hundred thousand structs in one another': corrupt(() => rawFooter(Buffer.alloc(100_000, 0x1c))),
  'a footer of lists in one another': corrupt(() => rawFooter(bytes([0x19], Buffer.alloc(100_000, 0x19)))),
  'a list of two billion': corrupt(() => rawFooter(bytes([0x15, 2, 0x19, 0xfc], varint(2 ** 31 - 1)))),
  'a list of fewer than none': corrupt(() => rawFooter(bytes([0x15, 2, 0x19, 0xfc], [0xff, 0xff, 0xff, 0xff, 0x0f]))),
  'twenty million empty structs': {
    file: () => structsOfNothing(20_000_000),
    ends: 'RESOURCE_LIMIT',
    isHeavy: true,
  },
  'a text of fewer bytes than none': corrupt(() => rawFooter(bytes([0x15, 2, 0x18], [0xff, 0xff, 0xff, 0xff, 0x0f]))),
  'a number that never ends': corrupt(() => rawFooter(bytes([0x16], Buffer.alloc(10_000, 0xff)))),
  'a footer of nothing': corrupt(() => rawFooter(Uint8Array.of(0))),
  'no footer': corrupt(() => rawFooter(new Uint8Array())),
  'a footer longer than the file': corrupt(() => bytes(Buffer.from('PAR1'), u32(0xffffffff), Buffer.from('PAR1'))),
}

/** A lie in the header of the only page of the counts. */
function pageHeader(lie: (header: Thrift) => void): () => Uint8Array {
  return () => {
    const { header, body } = dataPage(3, plainInt64(2001n, 2002n, 2003n))
    lie(header)
    return drop(3, [
      countColumn([{ header, body }], { lie: thrift => ([thrift.field_5, thrift.field_6] = [3n, 1000n]) }),
    ])
  }
}

const headers: Bombs = {
  'a page stored in fewer bytes than none': corrupt(pageHeader(thrift => (thrift.field_3 = -1))),
  'a page stored in more bytes than the column': corrupt(pageHeader(thrift => (thrift.field_3 = 2 ** 30))),
  'a page that unfolds to fewer bytes than none': corrupt(pageHeader(thrift => (thrift.field_2 = -1))),
  'a page that unfolds to two gigabytes': tooMuch(pageHeader(thrift => (thrift.field_2 = 2 ** 31 - 1))),
  'an uncompressed page of other sizes': corrupt(pageHeader(thrift => (thrift.field_2 = 16))),
  'a page of an unknown type': corrupt(pageHeader(thrift => (thrift.field_1 = 9))),
  'a page of version 2 with a header of version 1': corrupt(pageHeader(thrift => (thrift.field_1 = 3))),
  'a page without its own header': corrupt(pageHeader(thrift => delete thrift.field_5)),
  'a page with a wrong checksum': corrupt(pageHeader(thrift => (thrift.field_4 = 1))),
  'twenty thousand empty pages': {
    file: () => {
      const empty = new Array(20_000).fill(dataPage(0, new Uint8Array()))
      return drop(3, [countColumn([...empty, dataPage(3, plainInt64(2001n, 2002n, 2003n))])])
    },
    isHeavy: true,
    ends: 3,
  },
}

const contents: Bombs = {
  'a category of twenty megabytes': { file: () => compressedText('x'.repeat(20 * MIB)), ends: 2 },
  'five million empty categories': { file: () => compressedText(';'.repeat(5 * MIB)), isHeavy: true, ends: 3 },
  'five million categories': { file: () => compressedText('ab;c;'.repeat(MIB)), isHeavy: true, ends: 3 },
  'a category of blanks without end': { file: () => compressedText(`a${' '.repeat(20 * MIB)}b`), ends: 3 },
  'an account id of blanks without end': {
    file: () => {
      const ids = [rawId(1), `${' '.repeat(20 * MIB)}x`, `${' '.repeat(20 * MIB)}${rawId(3)}`]
      return drop(3, [textColumn('account_id', [dataPage(3, plainText(...ids))])])
    },
    ends: 2,
  },
}

/** The second of three categories, in a page of gzip. */
function compressedText(text: string): Uint8Array {
  const whole = plainText('Gaming', text, 'Gaming')
  const page = dataPage(3, gzipSync(whole, { level: 1 }), { unfolded: whole.length })
  return drop(3, [textColumn('categories', [page], { codec: CODEC.gzip })])
}

export const BOMBS: Readonly<Record<string, Bombs>> = {
  runs,
  levels,
  values,
  codecs,
  footers,
  schemas,
  thrifts,
  'page headers': headers,
  contents,
}
