/** Compares the schema with that of the last release, released-schema.graphql, for breaking changes. */
import { readFileSync } from 'node:fs'
import { buildSchema, findBreakingChanges } from 'graphql'
import { typeDefs } from '../../src/graphql/schema.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const RELEASED = read('released-schema.graphql')

/** The changelog of the next release. */
const [unreleased] = read('../../CHANGELOG.md')
  .split(/^## /m)
  .filter(section => section.startsWith('Unreleased'))

/** Returns the breaking changes that the changelog does not mention, each as a changelog line. */
function undocumented(released: string, current: string, changelog: string): string[] {
  const changes = findBreakingChanges(buildSchema(released), buildSchema(current))
  return changes.map(({ description }) => `Breaking: ${description}`).filter(line => !changelog.includes(line))
}

test('the changelog mentions every breaking change of the schema', () => {
  expect(undocumented(RELEASED, typeDefs, unreleased ?? '')).toEqual([])
})

describe('the comparison finds', () => {
  const edited = (before: string, after: string) => typeDefs.replace(before, after)
  const without = edited('measuredAt: DateTime!', 'measuredOn: DateTime!')

  test.each([
    ['a removed field', without, 'Breaking: Account.measuredAt was removed.'],
    [
      'a field that becomes nullable',
      edited('subscriberCount: SafeInt!', 'subscriberCount: SafeInt'),
      'Account.subscriberCount',
    ],
    [
      'an argument that becomes required',
      edited('accountId: UUID!\n  ): Account', 'accountId: UUID!, at: DateTime!\n  ): Account'),
      'at on Query.account',
    ],
    ['a removed enum value', edited('\n  ACCOUNT_ID\n', '\n  ACCOUNT\n'), 'ACCOUNT_ID'],
  ])('%s', (_, current, line) => {
    expect(current).not.toBe(typeDefs)
    expect(undocumented(RELEASED, current, '').join('\n')).toContain(line)
  })

  test('nothing that the changelog mentions', () => {
    expect(undocumented(RELEASED, without, '- Breaking: Account.measuredAt was removed. Ask for growth.to.')).toEqual(
      [],
    )
  })

  test('nothing in an addition', () => {
    expect(undocumented(RELEASED, `${typeDefs}\ntype New { a: Int }`, '')).toEqual([])
  })
})
