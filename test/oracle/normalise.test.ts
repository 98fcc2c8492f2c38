import { describe, expect, test } from '@jest/globals'
import {
  accountIdOf,
  categoriesOf,
  compareCodePoints,
  countOf,
  instantOf,
  judgeRow,
} from '../support/oracle/normalise.ts'
import type { Cell, RawRow } from '../support/oracle/types.ts'

const ID = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'
const utf8 = (text: string) => ({ bytes: new TextEncoder().encode(text) })
const NOT_UTF8 = { bytes: Uint8Array.of(0x61, 0xff) }
const SURROGATE = { bytes: Uint8Array.of(0xed, 0xa0, 0x80) }

describe('account ids', () => {
  test.each<[Cell, string | undefined]>([
    [ID, ID],
    [ID.toUpperCase(), ID],
    [` \t\u00a0${ID}\n`, ID],
    [` {${ID.toUpperCase()}} `, ID],
    [utf8(`\ufeff${ID}`), ID],
    [{ uuid: Buffer.from(ID.replaceAll('-', ''), 'hex') }, ID],
    [`{ ${ID} }`, undefined],
    [`{${ID}`, undefined],
    [`{{${ID}}}`, undefined],
    [ID.replaceAll('-', ''), undefined],
    [`${ID}0`, undefined],
    ['', undefined],
    [null, undefined],
    [7, undefined],
    [NOT_UTF8, undefined],
  ])('%j', (cell, expected) => expect(accountIdOf(cell)).toBe(expected))
})

describe('instants', () => {
  const instant = Date.UTC(2024, 9, 24, 1, 11, 19)

  test.each<[Cell, number | undefined]>([
    ['2024-10-24', Date.UTC(2024, 9, 24)],
    ['2024-10-24T01:11', instant - 19_000],
    ['2024-10-24 01:11:19', instant],
    ['2024-10-24T01:11:19.5', instant + 500],
    ['2024-10-24T01:11:19.1239999', instant + 123],
    ['2024-10-24T01:11:19.00099Z', instant],
    ['2024-10-24T06:41:19+05:30', instant],
    ['2024-10-24T06:41:19+0530', instant],
    ['2024-10-23T20:11:19-05:00', instant],
    ['2024-10-24T01:11Z', instant - 19_000],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2000-02-29', Date.UTC(2000, 1, 29)],
    ['0001-01-01', -62_135_596_800_000],
    [utf8('2024-10-24'), Date.UTC(2024, 9, 24)],
    [utf8('\ufeff2024-10-24'), undefined],
    ['2023-02-29', undefined],
    ['1900-02-29', undefined],
    ['2024-04-31', undefined],
    ['2024-00-10', undefined],
    ['2024-10-00', undefined],
    ['2024-10-24T24:00', undefined],
    ['2024-10-24T23:59:60', undefined],
    ['2024-10-24T01:11+24:00', undefined],
    ['2024-10-24T01:11+05:60', undefined],
    ['2024-10-24T01:11+05', undefined],
    ['2024-10-24Z', undefined],
    ['2024-10-24t01:11', undefined],
    ['2024-10-24T01:11z', undefined],
    ['2024-10-24T01:11 Z', undefined],
    ['2024-10-24T01:11:19.', undefined],
    ['2024-10-24T1:11', undefined],
    ['2024-10-24T01', undefined],
    [' 2024-10-24', undefined],
    ['2024-10-24\n', undefined],
    ['20241024', undefined],
    ['+002024-10-24', undefined],
    ['', undefined],
    [null, undefined],
    [NOT_UTF8, undefined],
    [instant / 1000, instant],
    [BigInt(instant), instant],
    [BigInt(instant) * 1000n + 999n, instant],
    [BigInt(instant) * 1_000_000n + 999_999n, instant],
    [99_999_999_999, 99_999_999_999_000],
    [100_000_000_000, 100_000_000_000],
    [99_999_999_999_999n, 99_999_999_999_999],
    [100_000_000_000_000n, 100_000_000_000],
    [100_000_000_000_000_000n, 100_000_000_000],
    [-1, -1000],
    [1.5, undefined],
    [{ timestamp: BigInt(instant), unit: 'ms' }, instant],
    [{ timestamp: BigInt(instant) * 1000n + 1n, unit: 'us' }, instant],
    [{ timestamp: BigInt(instant) * 1_000_000n + 1n, unit: 'ns' }, instant],
    [{ days: 20_020 }, Date.UTC(2024, 9, 24)],
    [{ julianDay: 2_460_608, nanos: 4_279_000_000_999n }, instant],
  ])('%p', (cell, expected) => expect(instantOf(cell)).toBe(expected))
})

describe('counts', () => {
  test.each<[Cell, number | undefined]>([
    [0, 0],
    [-0, 0],
    [0.5, 1],
    [0.49999999999999994, 0],
    [1000.49, 1000],
    [3381216209028.3496, 3381216209028],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [2 ** 53, undefined],
    [-0.1, undefined],
    [NaN, undefined],
    [Infinity, undefined],
    [-Infinity, undefined],
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [2n ** 53n, undefined],
    [-1n, undefined],
    [{ decimal: 100050n, scale: 2 }, 1001],
    [{ decimal: 100049n, scale: 2 }, 1000],
    [{ decimal: -1n, scale: 2 }, undefined],
    [{ decimal: 9007199254740991499999999n, scale: 9 }, 2 ** 53 - 1],
    [{ decimal: 9007199254740991500000000n, scale: 9 }, undefined],
    ['1000', 1000],
    ['007.5', 8],
    ['9007199254740991.4999999999999999999999', 2 ** 53 - 1],
    ['9007199254740991.5', undefined],
    ['-0', 0],
    ['-0.0', 0],
    ['-0.1', undefined],
    ['1e3', undefined],
    ['1,000', undefined],
    ['1_000', undefined],
    ['+1', undefined],
    ['.5', undefined],
    ['5.', undefined],
    [' 5', undefined],
    [utf8('5'), 5],
    [utf8('\ufeff5'), undefined],
    ['5\n', undefined],
    ['٥', undefined],
    ['NaN', undefined],
    ['', undefined],
    [null, undefined],
    [NOT_UTF8, undefined],
  ])('%p', (cell, expected) => expect(countOf(cell)).toBe(expected))
})

describe('categories', () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `c${i}`)

  test.each<[string, Cell, readonly string[] | undefined]>([
    ['none', null, []],
    ['empty', '', []],
    ['only empty parts', ' ; ;;\t', []],
    ['trimmed and collapsed', ' Two \t\n words\u00a0;b', ['Two words', 'b']],
    ['composed', 'Cafe\u0301', ['Caf\u00e9']],
    ['duplicates, without case', 'Gaming;GAMING; gaming ;Cafe\u0301;CAF\u00c9', ['Gaming', 'Caf\u00e9']],
    ['a letter that is composed only in lower case', 'J\u030c;\u01f0', ['J\u030c']],
    ['a list', ['a;b', null, '', ' c '], ['a;b', 'c']],
    ['an empty list', [], []],
    ['bytes', utf8('a;b'), ['a', 'b']],
    ['100 code points', '\u{1f600}'.repeat(100), ['\u{1f600}'.repeat(100)]],
    ['101 code points', 'x'.repeat(101), undefined],
    ['100 code points once it is composed', 'e\u0301'.repeat(100), ['\u00e9'.repeat(100)]],
    ['100 code points once it is trimmed', ` ${'x'.repeat(100)} `, ['x'.repeat(100)]],
    ['100 parts', names(100), names(100)],
    ['101 parts', names(101), undefined],
    ['100 parts, empty ones and duplicates', [...names(100), '', 'C1'], names(100)],
    ['a control character', 'a\u0000b', undefined],
    ['a control character that is not white space', 'a\u0085', undefined],
    ['a control character at the end that is white space', 'a\u000b', ['a']],
    ['not UTF-8', NOT_UTF8, undefined],
    ['a surrogate in UTF-8', SURROGATE, undefined],
    ['an element that is not UTF-8', ['a', NOT_UTF8], undefined],
  ])('%s', (_, cell, expected) => expect(categoriesOf(cell)).toEqual(expected))
})

describe('rows', () => {
  const now = Date.UTC(2024, 11, 1)
  const good: RawRow = { account_id: ID, date: '2024-10-24', subscriber_count: 1, categories: null }
  const reasonOf = (row: Partial<RawRow>) => {
    const verdict = judgeRow({ ...good, ...row }, now)
    return 'reason' in verdict ? `${verdict.column}: ${verdict.reason}` : 'accepted'
  }

  test('the first failing column decides', () => {
    const bad = { account_id: '', date: '', subscriber_count: -1, categories: '\u0000' }
    expect(reasonOf(bad)).toBe('account_id: INVALID_ACCOUNT_ID')
    expect(reasonOf({ ...bad, account_id: ID })).toBe('date: INVALID_TIMESTAMP')
    expect(reasonOf({ ...bad, account_id: ID, date: '1999-12-31' })).toBe('date: TIMESTAMP_OUT_OF_RANGE')
    expect(reasonOf({ subscriber_count: -1, categories: '\u0000' })).toBe('subscriber_count: INVALID_SUBSCRIBER_COUNT')
    expect(reasonOf({ categories: '\u0000' })).toBe('categories: INVALID_CATEGORIES')
    expect(reasonOf({})).toBe('accepted')
  })

  test.each([
    ['2000-01-01', 'accepted'],
    ['1999-12-31T23:59:59.999', 'date: TIMESTAMP_OUT_OF_RANGE'],
    ['2000-01-01T00:30+01:00', 'date: TIMESTAMP_OUT_OF_RANGE'],
    ['2024-12-02T00:00:00.000', 'accepted'],
    ['2024-12-02T00:00:00.001', 'date: TIMESTAMP_OUT_OF_RANGE'],
    ['2099-01-01', 'date: TIMESTAMP_OUT_OF_RANGE'],
    ['0000-01-01', 'date: TIMESTAMP_OUT_OF_RANGE'],
  ])('%s', (date, expected) => expect(reasonOf({ date })).toBe(expected))
})

test('names are ordered by code points, not by UTF-16 units', () => {
  const names = ['\u{1f600}', '\uff41', 'b', 'ab', 'a', '']
  expect([...names].sort(compareCodePoints)).toEqual(['', 'a', 'ab', 'b', '\uff41', '\u{1f600}'])
  expect([...names].sort()).not.toEqual([...names].sort(compareCodePoints))
})
