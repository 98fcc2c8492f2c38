/** What clients rely on is not broken by the way: test/graphql/released-schema.graphql is the schema as last released. */
import { readFileSync } from 'node:fs'
import { buildSchema, findBreakingChanges } from 'graphql'
import { typeDefs } from '../../src/graphql/schema.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const RELEASED = read('released-schema.graphql')

/** What is told of the version that is to come. */
const [unreleased] = read('../../CHANGELOG.md')
  .split(/^## /m)
  .filter(section => section.startsWith('Unreleased'))

/** Breaking changes that the changelog does not name, each as a line of it would. */
function untold(released: string, current: string, changelog: string): string[] {
  const changes = findBreakingChanges(buildSchema(released), buildSchema(current))
  return changes.map(({ description }) => `Breaking: ${description}`).filter(line => !changelog.includes(line))
}

test('every breaking change of the schema is told in the changelog', () => {
  expect(untold(RELEASED, typeDefs, unreleased ?? '')).toEqual([])
})

describe('this would be noticed', () => {
  const edited = (before: string, after: string) => typeDefs.replace(before, after)
  const without = edited('measuredAt: DateTime!', 'measuredOn: DateTime!')

  test.each([
    ['a field that is gone', without, 'Breaking: Account.measuredAt was removed.'],
    [
      'a field that may be null now',
      edited('subscriberCount: SafeInt!', 'subscriberCount: SafeInt'),
      'Account.subscriberCount',
    ],
    [
      'an argument that must be given now',
      edited('accountId: UUID!\n  ): Account', 'accountId: UUID!, at: DateTime!\n  ): Account'),
      'at on Query.account',
    ],
    ['a value that is gone', edited('\n  ACCOUNT_ID\n', '\n  ACCOUNT\n'), 'ACCOUNT_ID'],
  ])('%s', (_, current, line) => {
    expect(current).not.toBe(typeDefs)
    expect(untold(RELEASED, current, '').join('\n')).toContain(line)
  })

  test('until the changelog tells it', () => {
    expect(untold(RELEASED, without, '- Breaking: Account.measuredAt was removed. Ask for growth.to.')).toEqual([])
  })

  test('what is only added breaks nothing', () => {
    expect(untold(RELEASED, `${typeDefs}\ntype New { a: Int }`, '')).toEqual([])
  })
})
