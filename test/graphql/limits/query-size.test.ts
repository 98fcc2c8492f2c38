import { parse } from 'graphql'
import { type QuerySize, sizeOf } from '../../../src/graphql/limits/query-size.ts'
import { bomb } from '../../support/attacks.ts'

test.each<[string, Partial<QuerySize>]>([
  ['{ a { b c } ... { d } }', { selections: 5, depth: 2, rootFields: 2 }],
  ['{ ...F ...F } fragment F on Q { a { b } }', { selections: 6, depth: 2, rootFields: 2 }],
  ['query A { a } query B { a b ...None }', { selections: 3, rootFields: 2 }],
  ['{ x: a { y: b { z: c } } ...F } fragment F on Q { w: a v: a }', { aliases: 5, depth: 3, rootFields: 3 }],
  ['query ($a: Int @d) @d @e { a @d ...F @d ... @d { b } } fragment F on Q @d { c @d }', { directives: 7 }],
  ['{ __schema { types { fields { args { name } } } } }', { depth: 1, selections: 5 }],
  ['{ a { __typename } }', { depth: 2 }],
  ['{ ...F } fragment F on Q { a ...F }', { rootFields: 1 }],
  ['fragment F on Q { a }', { selections: 0 }],
])('%s', (text, expected) => expect(sizeOf(parse(text))).toMatchObject(expected))

test('counts expanded fragments without expanding them', () => {
  const size = sizeOf(parse(bomb(60)))
  expect(size.selections).toBeGreaterThan(2 ** 60)
  expect(size.rootFields).toBe(2 ** 60)
})
