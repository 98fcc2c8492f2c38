import fc from 'fast-check'
import { DateTime, UUID } from '../../src/graphql/scalars.ts'

const at = (text: string) => Date.parse(text)

describe('DateTime', () => {
  test.each([
    ['2024-11-28T08:39:14Z', at('2024-11-28T08:39:14.000Z')],
    ['2024-11-28T08:39:14.5Z', at('2024-11-28T08:39:14.500Z')],
    ['2024-11-28T08:39:14.0009999999999999Z', at('2024-11-28T08:39:14.000Z')],
    ['2024-11-28T08:39:14.9999999Z', at('2024-11-28T08:39:14.999Z')],
    ['1969-12-31T23:59:59.9999Z', -1],
    ['2024-11-28t08:39:14z', at('2024-11-28T08:39:14.000Z')],
    ['2024-11-28T08:39:14+05:30', at('2024-11-28T03:09:14.000Z')],
    ['2024-11-28T08:39:14-00:00', at('2024-11-28T08:39:14.000Z')],
    ['2024-02-29T00:00:00Z', at('2024-02-29T00:00:00.000Z')],
    ['0001-01-01T00:00:00Z', at('0001-01-01T00:00:00.000Z')],
    ['9999-12-31T23:59:59.999Z', at('9999-12-31T23:59:59.999Z')],
  ])('reads %s', (text, instant) => {
    expect(DateTime.parseValue(text)).toBe(instant)
  })

  test.each<[unknown]>([
    ['2024-11-28'],
    ['2024-11-28T08:39:14'],
    ['2024-11-28T08:39Z'],
    ['2024-11-28 08:39:14Z'],
    [' 2024-11-28T08:39:14Z'],
    ['2024-11-28T08:39:14Z\n'],
    ['2024-11-28T08:39:14+0530'],
    ['2024-11-28T08:39:14|05:30'],
    ['2024-02-30T00:00:00Z'],
    ['2023-02-29T00:00:00Z'],
    ['2024-13-01T00:00:00Z'],
    ['2024-11-28T24:00:00Z'],
    ['2024-11-28T23:59:60Z'],
    ['0000-12-31T23:59:59Z'],
    ['0001-01-01T00:00:00+00:01'],
    ['9999-12-31T23:59:59-00:01'],
    ['+010000-01-01T00:00:00Z'],
    ['-000001-01-01T00:00:00Z'],
    ['99999-01-01T00:00:00Z'],
    ['foo 1'],
    [''],
    [0],
    [1732783154000],
    [Number.NaN],
    [true],
    [{}],
    [[]],
  ])('rejects %j with the expected format', value => {
    expect(() => DateTime.parseValue(value)).toThrow('with seconds and with Z or an offset')
  })

  test('serializes RFC 3339 in UTC with milliseconds, and parses its own output', () => {
    const instant = fc.integer({ min: at('0001-01-01T00:00:00Z'), max: at('9999-12-31T23:59:59.999Z') })
    fc.assert(
      fc.property(instant, instant => {
        const text = DateTime.serialize(instant)
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
        expect(DateTime.parseValue(text)).toBe(instant)
      }),
    )
  })
})

describe('DateTime fractions', () => {
  test('are truncated to milliseconds, whatever their length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,30}$/), fraction => {
        const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
        expect(DateTime.parseValue(`2024-11-28T08:39:14.${fraction}Z`)).toBe(at('2024-11-28T08:39:14Z') + milliseconds)
      }),
    )
  })
})

describe('UUID', () => {
  test.each([
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    '0F8FAD5B-D9CB-469F-A165-70867728950E',
    ' \t{0F8fad5b-d9cb-469f-a165-70867728950e}\n',
  ])('reads %j', text => {
    expect(UUID.parseValue(text)).toBe('0f8fad5b-d9cb-469f-a165-70867728950e')
  })

  test.each<[unknown]>([['0f8fad5bd9cb469fa16570867728950e'], ['{0f8fad5b'], [''], [1], [null], [{}]])(
    'rejects %j',
    value => {
      expect(() => UUID.parseValue(value)).toThrow('An account id is a UUID')
    },
  )
})
