import { type CachedResponse, ResponseCache } from '../../../src/http/cache/response-cache.ts'

const OPERATION = { name: undefined, type: 'query', hash: undefined, text: '', status: 'ok' }

function answer(bytes: number): CachedResponse {
  return { headers: {}, body: Buffer.alloc(bytes), etag: undefined, operation: OPERATION }
}

let version = 1
const cacheOf = (maxBytes: number) => new ResponseCache({ maxBytes, dataVersion: () => version })

test('a response is found until something is committed', () => {
  const cache = cacheOf(1e6)
  const kept = answer(10)
  cache.set('a', cache.version(), kept)
  expect([cache.get('a'), cache.get('b')]).toEqual([kept, undefined])
  version++
  expect(cache.get('a')).toBeUndefined()
  expect(cache.statistics).toEqual({ hits: 1, misses: 2, responses: 0, bytes: 0 })
})

test('a response is not stored if something was committed during the query', () => {
  const cache = cacheOf(1e6)
  const begun = cache.version()
  version++
  cache.set('a', begun, answer(10))
  expect(cache.get('a')).toBeUndefined()
})

test('a version that returns brings no response back', () => {
  const cache = cacheOf(1e6)
  cache.set('a', cache.version(), answer(10))
  version++
  cache.version()
  version--
  expect(cache.get('a')).toBeUndefined()
})

test('the cache stays within its size and keeps the most recently used responses', () => {
  const cache = cacheOf(50_000)
  for (let i = 0; i < 100; i++) {
    cache.get('first')
    cache.set(i === 0 ? 'first' : `key ${i}`, cache.version(), answer(8_000))
    expect(cache.statistics.bytes).toBeLessThanOrEqual(50_000)
  }
  expect(cache.statistics.responses).toBe(5)
  expect(['first', 'key 99', 'key 1'].map(key => cache.get(key) !== undefined)).toEqual([true, true, false])
})

test('long keys and query texts count', () => {
  const cache = cacheOf(50_000)
  cache.set('k'.repeat(30_000), cache.version(), answer(10))
  cache.set('b', cache.version(), { ...answer(10), operation: { ...OPERATION, text: 't'.repeat(30_000) } })
  expect(cache.statistics.responses).toBe(0)
})

test('a cache of size 0 stores nothing', () => {
  const cache = cacheOf(0)
  cache.set('a', cache.version(), answer(0))
  expect(cache.get('a')).toBeUndefined()
  expect(cache.statistics).toEqual({ hits: 0, misses: 1, responses: 0, bytes: 0 })
})
