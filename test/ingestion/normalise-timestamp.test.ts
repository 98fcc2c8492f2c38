import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DateTime, FixedOffsetZone } from 'luxon'
import { timestampReader } from '../../src/ingestion/normalise/timestamp.ts'
import { instantOf } from '../support/oracle/normalise.ts'

const text = timestampReader({ kind: 'text' })
const unix = timestampReader({ kind: 'integer', unsignedBits: null })
const NOON = Date.UTC(2024, 4, 1, 12)

/** Every form of docs/rules.md, "Timestamps". */
const ACCEPTED: readonly (readonly [string, number])[] = [
  ['2024-05-01', Date.UTC(2024, 4, 1)],
  ['2024-05-01T12:00', NOON],
  ['2024-05-01 12:00', NOON],
  ['2024-05-01T12:00:07', NOON + 7000],
  ['2024-05-01 12:00:07', NOON + 7000],
  ['2024-05-01T12:00:07.1', NOON + 7100],
  ['2024-05-01T12:00:07.12', NOON + 7120],
  ['2024-05-01T12:00:07.123', NOON + 7123],
  ['2024-05-01T12:00:07.1239999', NOON + 7123],
  ['2024-05-01T12:00:07.000999999999999999999999', NOON + 7000],
  ['2024-05-01T12:00Z', NOON],
  ['2024-05-01 12:00:07Z', NOON + 7000],
  ['2024-05-01T12:00:07.5Z', NOON + 7500],
  ['2024-05-01T12:00+00:00', NOON],
  ['2024-05-01T12:00-00:00', NOON],
  ['2024-05-01T12:00+05:30', NOON - 330 * 60_000],
  ['2024-05-01T12:00+0530', NOON - 330 * 60_000],
  ['2024-05-01 12:00:07.5-0800', NOON + 7500 + 480 * 60_000],
  ['2024-05-01T12:00+23:59', NOON - 1439 * 60_000],
  ['2024-05-01T12:00-2359', NOON + 1439 * 60_000],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2000-02-29', Date.UTC(2000, 1, 29)],
  ['2024-12-31T23:59:59.999Z', Date.UTC(2025, 0, 1) - 1],
  ['2024-12-31T23:59:59.9999', Date.UTC(2025, 0, 1) - 1],
  ['2025-01-01T00:00+00:01', Date.UTC(2024, 11, 31, 23, 59)],
  ['9999-12-31T23:59:59.999-23:59', Date.parse('+010000-01-01T23:58:59.999Z')],
  ['0000-01-01', Date.parse('0000-01-01T00:00Z')],
  ['0099-12-31T23:59-23:59', Date.parse('0100-01-01T23:58Z')],
]

const REFUSED: readonly string[] = [
  '',
  ' ',
  'x',
  ' 2024-05-01',
  '2024-05-01 ',
  '2024-05-01\n',
  '2024-05-01T',
  '2024-05-01T12',
  '2024-05-01T12:00 ',
  '2024-05-01T12:00 Z',
  '2024-05-01  12:00',
  '2024-05-01\t12:00',
  '2024-05-01\u00a012:00',
  '2024-05-01t12:00',
  '2024-05-01T12:00z',
  '2024-05-01T12:00:00z',
  '2024-05-01T24:00',
  '2024-05-01T24:00:00',
  '2024-05-01T12:60',
  '2024-05-01T12:00:60',
  '2024-06-30T23:59:60Z',
  '2024-05-01T12:00:',
  '2024-05-01T12:00.5',
  '2024-05-01T12:00:00.',
  '2024-05-01T12:00:00,5',
  '2024-05-01T12:00:00.5.5',
  '2024-05-01T1:00',
  '2024-05-01T12:0',
  '2024-05-01T1200',
  '20240501',
  '20240501T120000Z',
  '2024-5-1',
  '24-05-01',
  '02024-05-01',
  '+002024-05-01',
  '-2024-05-01',
  '2024/05/01',
  '01.05.2024',
  '10/11/2024',
  '2024-00-01',
  '2024-13-01',
  '2024-05-00',
  '2024-05-32',
  '2024-04-31',
  '2024-02-30',
  '2023-02-29',
  '1900-02-29',
  '2100-02-29T00:00',
  '2024-05-01Z',
  '2024-05-01+05:30',
  '2024-05-01T12:00+24:00',
  '2024-05-01T12:00+23:60',
  '2024-05-01T12:00+05',
  '2024-05-01T12:00+5:30',
  '2024-05-01T12:00+05:3',
  '2024-05-01T12:00+053',
  '2024-05-01T12:00+05:30:00',
  '2024-05-01T12:00UTC',
  '2024-05-01T12:00:00 UTC',
  '2024-05-01T12:00 +05:30',
  '2024-05-01T12:00Z+05:30',
  '2024-05-01T12:00\u221205:30',
  '2024-05-01T12:00Z foo',
  'foo 1',
  'May 1, 2024',
  '1714564800',
  '1714564800000',
  'NaN',
  'null',
  '\u0662\u0660\u0662\u0664-05-01',
  '\uff12\uff10\uff12\uff14-05-01',
  '\ufeff2024-05-01',
]

describe('text', () => {
  test.each(ACCEPTED)('%s is taken', (form, expected) => expect(text(form)).toBe(expected))

  test.each(REFUSED)('%j is refused', form => expect(text(form)).toBeNaN())

  test.each([null, undefined, 5, 5n, new Date(0), new Uint8Array(4)])('%p is no text', cell => {
    expect(text(cell)).toBeNaN()
  })

  const zone = fc.oneof(
    fc.constantFrom({ offset: 0, written: '' }, { offset: 0, written: 'Z' }),
    fc
      .record({ offset: fc.integer({ min: -1439, max: 1439 }), colon: fc.constantFrom(':', '') })
      .map(({ offset, colon }) => ({ offset, written: writtenOffset(offset, colon) })),
  )

  const time = fc.record({
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    second: fc.integer({ min: 0, max: 59 }),
    fraction: fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 12 }),
    separator: fc.constantFrom('T', ' '),
    zone,
  })

  test('any day and time are what luxon makes of them', () => {
    const day = fc.record({
      year: fc.integer({ min: 0, max: 9999 }),
      month: fc.integer({ min: 0, max: 14 }),
      day: fc.integer({ min: 0, max: 33 }),
    })
    const property = fc.property(day, time, (day, { fraction, separator, zone, ...time }) => {
      const date = `${digits(day.year, 4)}-${digits(day.month, 2)}-${digits(day.day, 2)}`
      const clock = `${digits(time.hour, 2)}:${digits(time.minute, 2)}:${digits(time.second, 2)}`
      const written = `${date}${separator}${clock}${fraction && `.${fraction}`}${zone.written}`
      const fields = { ...day, ...time, millisecond: Number(`${fraction}000`.slice(0, 3)) }
      const moment = DateTime.fromObject(fields, { zone: FixedOffsetZone.instance(zone.offset) })
      expect(text(written)).toBe(moment.isValid ? moment.toMillis() : Number.NaN)
      expect(text(date)).toBe(DateTime.fromObject(day, { zone: 'utc' }).toMillis())
    })
    fc.assert(property, { numRuns: 3000 })
  })

  test('whatever becomes of a good form by a small change is judged as the plain rules judge it', () => {
    const change = fc.record({
      at: fc.nat({ max: 30 }),
      removed: fc.nat({ max: 2 }),
      added: fc.string({ unit: fc.constantFrom(...'0123456789-:+. TZtz'), maxLength: 2 }),
    })
    const form = fc.constantFrom(...ACCEPTED.map(([form]) => form))
    const property = fc.property(form, fc.array(change, { maxLength: 2 }), (form, changes) => {
      const written = changes.reduce(
        (text, { at, removed, added }) => text.slice(0, at) + added + text.slice(at + removed),
        form,
      )
      expect(text(written)).toBe(instantOf(written) ?? Number.NaN)
    })
    fc.assert(property, { numRuns: 5000 })
  })

  test.each([
    ['UTC', 0],
    ['America/New_York', 300],
    ['Asia/Kolkata', -330],
  ])('is the same on a machine in %s', async (zone, minutesBehind) => {
    const forms = [
      ...ACCEPTED.map(([form]) => form),
      '2024-03-10T02:30',
      '2024-11-03 01:30',
      '2024-03-31',
      '1970-01-01',
    ]
    const script = join(import.meta.dirname, 'support/instants-in-zone.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, JSON.stringify(forms)], {
      env: { ...process.env, TZ: zone },
    })
    const output = JSON.parse(stdout)
    expect(output.minutesBehind).toBe(minutesBehind)
    expect(output.instants).toEqual(forms.map(form => text(form)))
  })
})

function writtenOffset(offset: number, colon: string): string {
  const minutes = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}${colon}${digits(minutes % 60, 2)}`
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

describe('integer Unix time', () => {
  test.each<[bigint, number]>([
    [0n, 0],
    [-1n, -1000],
    [1_714_564_800n, NOON],
    [99_999_999_999n, 99_999_999_999_000],
    [100_000_000_000n, 100_000_000_000],
    [1_714_564_800_999n, NOON + 999],
    [99_999_999_999_999n, 99_999_999_999_999],
    [100_000_000_000_000n, 100_000_000_000],
    [1_714_564_800_999_999n, NOON + 999],
    [99_999_999_999_999_999n, 99_999_999_999_999],
    [100_000_000_000_000_000n, 100_000_000_000],
    [1_714_564_800_999_999_999n, NOON + 999],
    [2n ** 63n - 1n, 9_223_372_036_854],
  ])('%d', (value, expected) => {
    expect(unix(value)).toBe(expected)
    if (Number.isSafeInteger(Number(value))) expect(unix(Number(value))).toBe(expected)
  })

  test('an unsigned one is never negative', () => {
    expect(timestampReader({ kind: 'integer', unsignedBits: 32 })(-1)).toBe((2 ** 32 - 1) * 1000)
    expect(timestampReader({ kind: 'integer', unsignedBits: 64 })(-1n)).toBe(18_446_744_073_709)
    expect(unix(-1)).toBe(-1000)
  })

  test.each([null, undefined, '1714564800', new Uint8Array(8)])('%p is none', cell => expect(unix(cell)).toBeNaN())
})

describe('TIMESTAMP', () => {
  test.each([
    ['MILLIS', 1n],
    ['MICROS', 1000n],
    ['NANOS', 1_000_000n],
  ] as const)('in %s is cut to milliseconds towards the past', (unit, ticks) => {
    const read = timestampReader({ kind: 'timestamp', unit })
    const property = fc.property(fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }), fc.nat(), (instant, finer) => {
      expect(read(instant * ticks + (BigInt(finer) % ticks))).toBe(Number(instant))
    })
    fc.assert(property)
    expect(read(null)).toBeNaN()
    expect(read('2024-05-01')).toBeNaN()
  })
})

test('DATE is midnight UTC', () => {
  const read = timestampReader({ kind: 'day' })
  expect(read(19_844)).toBe(Date.UTC(2024, 4, 1))
  expect(read(-1)).toBe(Date.UTC(1969, 11, 31))
  expect(read(null)).toBeNaN()
})

test('INT96 is nanoseconds since 1970, as the decoder hands it over', () => {
  const read = timestampReader({ kind: 'int96' })
  expect(read(BigInt(NOON) * 1_000_000n + 999_999n)).toBe(NOON)
  expect(read(-1n)).toBe(-1)
  expect(read(null)).toBeNaN()
})
