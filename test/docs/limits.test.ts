import { readFileSync } from 'node:fs'
import { getOperationAST, parse, validate } from 'graphql'
import { parseConfig } from '../../src/config/config.ts'
import type { Setting } from '../../src/config/settings.ts'
import { OperationCosts } from '../../src/graphql/limits/query-cost.ts'
import { schema } from '../../src/graphql/schema.ts'

const PAGE = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')
const { limits } = parseConfig({})

/** The rows of its tables whose first cell is code. */
const rows = [...PAGE.matchAll(/^\| `([^`]+)` +\| +([\d,]+) \|/gm)].map(([, code, number]) => {
  return [code!, Number(number!.replaceAll(',', ''))] as const
})
const settings = rows.filter(([code]) => /^[A-Z_]+$/.test(code))
const queries = rows.filter(([code]) => code.startsWith('{'))

test('docs/limits.md has the settings with their defaults', () => {
  const { query, maxBodyBytes, bodyMs, keepAliveMs, maxConnections } = limits
  expect(settings.map(([, value]) => value)).toEqual([
    query.maxTokens,
    query.maxDepth,
    query.maxRootFields,
    query.maxAliases,
    query.maxDirectives,
    query.maxSelections,
    query.maxCost,
    query.maxPageSize,
    maxBodyBytes,
    bodyMs / 1000,
    keepAliveMs / 1000,
    maxConnections,
  ])
})

test.each(settings)('%s can be set', name => {
  const { limits: set } = parseConfig({ [name as Setting]: '7' })
  const changed = JSON.stringify(set).match(/:7(000)?\b/g)
  expect(changed).toHaveLength(1)
})

test.each(queries)('%s costs %i', (query, cost) => {
  const document = parse(query)
  expect(validate(schema, document)).toEqual([])
  const asked = { variables: {}, now: Date.now, maxPageSize: limits.query.maxPageSize }
  expect(new OperationCosts(schema).of(document, getOperationAST(document)!, asked)).toBe(cost)
})

test('all of them are found', () => expect([settings.length, queries.length]).toEqual([12, 5]))
