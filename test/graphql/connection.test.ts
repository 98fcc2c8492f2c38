import fc from 'fast-check'
import { type PageArguments, pageRequest } from '../../src/graphql/connection.ts'
import { encodeCursor, measurementCursors } from '../../src/graphql/cursors.ts'

const cursors = measurementCursors('00000000-0000-4000-8000-000000000001', {})
const at = (measuredAt: number) => encodeCursor({ measuredAt, subscriberCount: 1 }, cursors)
const request = (args: PageArguments) => pageRequest(args, cursors)

describe('pageRequest', () => {
  test.each<[PageArguments, { size: number; fromEnd: boolean; after?: number; before?: number }]>([
    [{}, { size: 20, fromEnd: false }],
    [
      { first: null, after: null, last: null, before: null },
      { size: 20, fromEnd: false },
    ],
    [{ first: 0 }, { size: 0, fromEnd: false }],
    [{ last: 0 }, { size: 0, fromEnd: true }],
    [{ first: 100 }, { size: 100, fromEnd: false }],
    [
      { first: null, last: 7 },
      { size: 7, fromEnd: true },
    ],
    [{ before: at(5) }, { size: 20, fromEnd: false, before: 5 }],
    [
      { first: 3, before: at(5) },
      { size: 3, fromEnd: false, before: 5 },
    ],
    [
      { last: 3, after: at(5) },
      { size: 3, fromEnd: true, after: 5 },
    ],
    [
      { last: 3, after: at(5), before: at(9) },
      { size: 3, fromEnd: true, after: 5, before: 9 },
    ],
    [
      { first: 3, after: at(9), before: at(5) },
      { size: 3, fromEnd: false, after: 9, before: 5 },
    ],
  ])('%j', (args, expected) => {
    expect(request(args)).toEqual({ after: undefined, before: undefined, ...expected })
  })

  test('rejects first with last', () => {
    expect(() => request({ first: 0, last: 0 })).toThrow('Use first to page forward, or last to page backward')
  })

  test('rejects sizes out of range', () => {
    const size = fc.oneof(fc.integer({ max: -1 }), fc.integer({ min: 101 }))
    fc.assert(
      fc.property(size, fc.constantFrom('first', 'last'), (size, argument) => {
        expect(() => request({ [argument]: size })).toThrow(`${argument} is ${size}. Use 0 to 100`)
      }),
    )
  })

  test('rejects an empty cursor', () => {
    expect(() => request({ after: '' })).toThrow('The cursor in "after" is damaged')
    expect(() => request({ before: '' })).toThrow('The cursor in "before" is damaged')
  })
})
