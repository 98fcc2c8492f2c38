import { describe, expect, test } from '@jest/globals'
import type { ColumnKind, ColumnKinds } from '../../src/ingestion/columns.ts'
import { countReader } from '../../src/ingestion/normalise/count.ts'
import { InvalidText } from '../../src/parquet/text.ts'
import { type Cells, normalised, TEXT_KINDS } from './support/cells.ts'

/** The row as it is kept; its account id is bad, so that every cell of the others is fit to be shown. */
function found(row: Cells, kinds: Partial<ColumnKinds> = {}) {
  const text = normalised([row], { ...TEXT_KINDS, ...kinds })[0]!.rejected[0]!.row
  return { text, value: JSON.parse(text) }
}

function shownCount(cell: unknown, kind: ColumnKind): unknown {
  return found(['x', cell, null, null], { subscriber_count: kind }).value.subscriber_count
}

function shownText(cell: unknown): unknown {
  return found(['x', null, null, cell]).value.categories
}

test('the four columns are as they were found', () => {
  const row: Cells = [' {X} ', 1.5, ' 2024-05-01', ' Gaming ;;GAMING']
  expect(found(row).value).toEqual({
    account_id: ' {X} ',
    subscriber_count: 1.5,
    date: ' 2024-05-01',
    categories: ' Gaming ;;GAMING',
  })
  expect(found([null, null, null, null]).value).toEqual({
    account_id: null,
    subscriber_count: null,
    date: null,
    categories: null,
  })
})

describe('what JSON cannot hold', () => {
  const signed: ColumnKind = { kind: 'integer', unsignedBits: null }

  test.each<[unknown, ColumnKind, unknown]>([
    [NaN, { kind: 'float' }, 'NaN'],
    [Infinity, { kind: 'float' }, 'Infinity'],
    [-Infinity, { kind: 'float' }, '-Infinity'],
    [-0.3, { kind: 'float' }, -0.3],
    [1e300, { kind: 'float' }, 1e300],
    [-5, signed, -5],
    [-5n, signed, -5],
    [2n ** 53n - 1n, signed, 2 ** 53 - 1],
    [2n ** 53n, signed, '9007199254740992'],
    [-(2n ** 63n), signed, '-9223372036854775808'],
    [-1, { kind: 'integer', unsignedBits: 32 }, 2 ** 32 - 1],
    [-1n, { kind: 'integer', unsignedBits: 64 }, '18446744073709551615'],
    [-1205n, { kind: 'decimal', scale: 2 }, '-12.05'],
    [5, { kind: 'decimal', scale: 3 }, '0.005'],
    [120n, { kind: 'decimal', scale: 0 }, '120'],
    [Uint8Array.of(0xff, 0x85), { kind: 'decimal', scale: 1 }, '-12.3'],
    [Uint8Array.of(0x00, 0xbc), { kind: 'float16' }, '00bc'],
    [new InvalidText(Uint8Array.of(0x31, 0xff)), { kind: 'text' }, '31ff'],
  ])('%p of %j', (cell, kind, expected) => expect(shownCount(cell, kind)).toEqual(expected))

  test('bytes are hexadecimal in every column', () => {
    const bytes = Uint8Array.of(0x00, 0xff)
    const { value } = found([bytes, null, new InvalidText(bytes), new InvalidText(bytes)], {
      account_id: { kind: 'uuid' },
    })
    expect(value).toMatchObject({ account_id: '00ff', date: '00ff', categories: '00ff' })
  })

  test.each<[string, unknown, ColumnKind, unknown]>([
    ['milliseconds', 1714564800123n, { kind: 'timestamp', unit: 'MILLIS' }, 1714564800123],
    ['microseconds', -1n, { kind: 'timestamp', unit: 'MICROS' }, -1],
    ['nanoseconds', 1714564800123456789n, { kind: 'timestamp', unit: 'NANOS' }, '1714564800123456789'],
    ['days', 19844, { kind: 'day' }, 19844],
    ['INT96', 1714564800123456789n, { kind: 'int96' }, '1714564800123456789'],
  ])('an instant is the number that is stored: %s', (_, cell, kind, expected) => {
    expect(found(['x', null, cell, null], { date: kind }).value.date).toEqual(expected)
  })

  test('lists are lists', () => {
    const cell = ['Gaming', null, new InvalidText(Uint8Array.of(0xff))]
    expect(found(['x', null, null, cell], { categories: { kind: 'list' } }).value.categories).toEqual([
      'Gaming',
      null,
      'ff',
    ])
  })
})

describe('a value over 1 KB is cut and marked', () => {
  test('1,024 bytes are kept whole', () => {
    expect(shownText('x'.repeat(1024))).toBe('x'.repeat(1024))
    expect(shownText('é'.repeat(512))).toBe('é'.repeat(512))
  })

  test.each<[string, unknown, string]>([
    ['text', `${'x'.repeat(1024)}y`, 'x'.repeat(1024)],
    ['text of longer characters', 'é'.repeat(513), 'é'.repeat(512)],
    ['a character that the limit would split', `${'x'.repeat(1023)}\u{1F600}`, 'x'.repeat(1023)],
    ['bytes', new InvalidText(new Uint8Array(5000).fill(0xab)), 'ab'.repeat(512)],
  ])('%s', (_, cell, kept) => {
    const shown = shownText(cell) as string
    expect(shown.startsWith(kept)).toBe(true)
    expect(shown.slice(kept.length)).toMatch(/^… \(cut, \d+ bytes\)$/)
  })

  test('the mark has the size of the whole value', () => {
    expect(shownText('x'.repeat(3000))).toMatch(/\(cut, 3000 bytes\)$/)
    expect(shownText(new InvalidText(new Uint8Array(5000)))).toMatch(/\(cut, 10000 bytes\)$/)
  })

  test('a list counts as a whole', () => {
    const cell = new Array<string>(500).fill('Gaming')
    const { value, text } = found(['x', null, null, cell], { categories: { kind: 'list' } })
    expect(value.categories).toMatch(/^\["Gaming","Gaming".*… \(cut, \d+ bytes\)$/)
    expect(text.length).toBeLessThan(1600)
  })

  test.each<[string, () => unknown]>([
    ['control characters, each six bytes of JSON', () => '\u0001'.repeat(100 * 2 ** 20)],
    ['bytes, each two digits', () => new InvalidText(new Uint8Array(300 * 2 ** 20))],
  ])('what would be longer than a text can be: %s', (_, cell) => {
    const hostile = cell()
    expect(String(shownText(hostile)).length).toBeLessThan(1100)
    const { value } = found(['x', null, null, ['a', hostile]], { categories: { kind: 'list' } })
    expect(value.categories).toMatch(/^\["a",".{800}.*… \(cut, 6\d{8} bytes\)$/)
  })

  test('a decimal of more bytes than there is arithmetic for is no count, and is shown as bytes', () => {
    const bytes = new Uint8Array(150 * 2 ** 20).fill(1)
    expect(shownCount(bytes, { kind: 'decimal', scale: 2 })).toMatch(/^(01){512}… \(cut, 314572800 bytes\)$/)
    expect(countReader({ kind: 'decimal', scale: 2 })(bytes)).toBeNaN()
  })

  test('the mark has the size of the list as JSON', () => {
    const cell = ['\u{1F600}'.repeat(70_000), 'x'.repeat(70_001), '\u0001"é', null, new InvalidText(Uint8Array.of(255))]
    const size = Buffer.byteLength(JSON.stringify([...cell.slice(0, 4), 'ff']))
    const { value } = found(['x', null, null, cell], { categories: { kind: 'list' } })
    expect(value.categories).toMatch(new RegExp(`\\(cut, ${size} bytes\\)$`))
  })

  test('each value by itself', () => {
    const long = 'x'.repeat(2000)
    const { value } = found([long, 5, long, 'Gaming'])
    expect(value.account_id).toMatch(/cut/)
    expect(value.date).toMatch(/cut/)
    expect(value).toMatchObject({ subscriber_count: 5, categories: 'Gaming' })
  })
})
