import fc from 'fast-check'
import { queuedIngestion } from '../../src/domain/ingestion.ts'
import { type Cursors, cursorOf, readCursor } from '../../src/graphql/cursor.ts'
import { ingestionCursors, rejectedRowCursors } from '../../src/graphql/ingestion-cursors.ts'
import { measurementCursors } from '../../src/graphql/measurement-cursors.ts'
import { forge } from './support/forge.ts'

const A = '00000000-0000-4000-8000-00000000000a'
const B = '00000000-0000-4000-8000-00000000000b'

const point = (measuredAt: number) => ({ measuredAt, subscriberCount: 1 })
const read = (cursor: string, cursors: Cursors<never, unknown>) => () => readCursor(cursor, cursors, 'before')

describe('cursors of measurements', () => {
  const range = { from: 5, to: undefined }
  const cursor = cursorOf(point(7), measurementCursors(A, range))

  test('give the instant back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), instant => {
        const cursors = measurementCursors(A, range)
        expect(readCursor(cursorOf(point(instant), cursors), cursors, 'after')).toBe(instant)
      }),
    )
  })

  test('belong to one account and one range', () => {
    expect(read(cursor, measurementCursors(A, { from: 5 }))()).toBe(7)
    expect(read(cursor, measurementCursors(B, range))).toThrow('"before" was made for another account.')
    expect(read(cursor, measurementCursors(A, { from: 6 }))).toThrow('"before" was made for another range.')
    expect(read(cursor, measurementCursors(A, { from: 5, to: 9 }))).toThrow('"before" was made for another range.')
    expect(read(cursor, measurementCursors(A, {}))).toThrow('"before" was made for another range.')
  })
})

describe('cursors of the ledger', () => {
  const identity = { fileName: 'a', sha256: 'b', fileSize: 1, dryRun: false, queuedAt: 17, programVersion: '1' }
  const ingestion = queuedIngestion({ id: 'some id', ...identity })

  test('give the position back', () => {
    const cursor = cursorOf(ingestion, ingestionCursors)
    expect(read(cursor, ingestionCursors)()).toEqual({ queuedAt: 17, id: 'some id' })
  })

  test.each(['[1,"ingestions",1.5,"x"]', '[1,"ingestions",1,2]', '[1,"ingestions",1,"x",0]', '[1,"ingestions"]'])(
    'are refused when forged as %s',
    body => expect(read(forge(body), ingestionCursors)).toThrow('is damaged'),
  )

  test('are none of any other list', () => {
    const cursor = cursorOf(ingestion, ingestionCursors)
    expect(read(cursor, measurementCursors(A, {}))).toThrow('was made for another list.')
    expect(read(cursorOf(point(7), measurementCursors(A, {})), ingestionCursors)).toThrow('was made for another list.')
  })
})

describe('cursors of rejected rows', () => {
  test('belong to one ingestion', () => {
    const row = { rowNumber: 3, reason: 'INVALID_ACCOUNT_ID', column: 'account_id', row: '{}' } as const
    const cursor = cursorOf(row, rejectedRowCursors(A))
    expect(read(cursor, rejectedRowCursors(A))()).toBe(3)
    expect(read(cursor, rejectedRowCursors(B))).toThrow('was made for another ingestion.')
  })
})
