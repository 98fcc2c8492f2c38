import { join } from 'node:path'
import { QUERY } from './schema.mjs'

/*
 * Who answers. Each has a `name`, what it is called in the results; `args`, what its process is started with; `env`; and
 * `accounts`, what its answer says of the accounts, so that all say the same.
 */

const script = name => join(import.meta.dirname, 'servers', name)
const post = query => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
})
const nodes = ({ data }) => data.accounts.nodes

const serve = (database, { program }) => [
  join(program, 'dist/main.js'),
  'serve',
  '--no-demo',
  '--port',
  '0',
  '--database-url',
  `file:${database}`,
]

const peer = (key, name, file, ...more) => ({
  key,
  name,
  path: '/graphql',
  args: database => [script(file), database, ...more],
  ask: post(QUERY),
  accounts: nodes,
})

export const BARE = {
  ...peer('bare', 'the bare server: `node:http`, the statement, `JSON.stringify`', 'bare.mjs'),
  path: '/',
}

export const OBJECTS = {
  ...peer('objects', 'the same, with rows as objects', 'bare.mjs', 'objects'),
  path: '/',
}

export const PROGRAM = {
  key: 'program',
  name: '**account-growth**, every query executed',
  path: '/graphql',
  args: serve,
  env: { RESPONSE_CACHE_BYTES: '0' },
  ask: post(QUERY),
  accounts: nodes,
}

export const REPEATED = { ...PROGRAM, key: 'repeated', name: '**account-growth**, repeated', env: {} }

export const NOT_MODIFIED = {
  ...REPEATED,
  key: 'not modified',
  name: '**account-growth**, GET answered with 304',
  path: `/graphql?query=${encodeURIComponent(QUERY)}`,
  ask: { method: 'GET', headers: { 'apollo-require-preflight': '1' } },
  isByTag: true,
}

const DRIZZLE_QUERY = `query Page { accounts(limit: 50, orderBy: {
  subscriberCount: { direction: desc, priority: 2 }, accountId: { direction: desc, priority: 1 } }) {
  accountId categories subscriberCount monthGrowthPercent } }`

export const PEERS = [
  peer('yoga', 'graphql-yoga', 'yoga.mjs'),
  {
    ...peer('drizzle-graphql', 'drizzle-graphql on graphql-yoga', 'drizzle-graphql.mjs'),
    ask: post(DRIZZLE_QUERY),
    accounts: ({ data }) =>
      data.accounts.map(({ categories, monthGrowthPercent: percent, ...rest }) => ({
        ...rest,
        categories: typeof categories === 'string' ? JSON.parse(categories) : categories,
        growth: { percent },
      })),
  },
  peer('mercurius', 'mercurius', 'mercurius.mjs'),
  peer('mercurius-jit', 'mercurius with its JIT', 'mercurius.mjs', 'jit'),
]
