import { type KeptAnswer, ResponseCache } from '../../src/http/responses/response-cache.ts'

const OPERATION = { name: undefined, type: 'query', hash: undefined, text: '', status: 'ok' }

function answer(bytes: number): KeptAnswer {
  return { headers: {}, body: Buffer.alloc(bytes), etag: undefined, operation: OPERATION }
}

let version = 1
const cacheOf = (maxBytes: number) => new ResponseCache({ maxBytes, dataVersion: () => version })

test('an answer is found until something is committed', () => {
  const cache = cacheOf(1e6)
  const kept = answer(10)
  cache.keep('a', cache.version(), kept)
  expect([cache.find('a'), cache.find('b')]).toEqual([kept, undefined])
  version++
  expect(cache.find('a')).toBeUndefined()
  expect(cache.counts).toEqual({ hits: 1, misses: 2, answers: 0, bytes: 0 })
})

test('an answer during which something was committed is not kept', () => {
  const cache = cacheOf(1e6)
  const begun = cache.version()
  version++
  cache.keep('a', begun, answer(10))
  expect(cache.find('a')).toBeUndefined()
})

test('a version that comes back brings no answer back', () => {
  const cache = cacheOf(1e6)
  cache.keep('a', cache.version(), answer(10))
  version++
  cache.version()
  version--
  expect(cache.find('a')).toBeUndefined()
})

test('so many bytes are kept and no more, those asked for last', () => {
  const cache = cacheOf(50_000)
  for (let i = 0; i < 100; i++) {
    cache.find('first')
    cache.keep(i === 0 ? 'first' : `key ${i}`, cache.version(), answer(8_000))
    expect(cache.counts.bytes).toBeLessThanOrEqual(50_000)
  }
  expect(cache.counts.answers).toBe(5)
  expect(['first', 'key 99', 'key 1'].map(key => cache.find(key) !== undefined)).toEqual([true, true, false])
})

test('long keys and texts count', () => {
  const cache = cacheOf(50_000)
  cache.keep('k'.repeat(30_000), cache.version(), answer(10))
  cache.keep('b', cache.version(), { ...answer(10), operation: { ...OPERATION, text: 't'.repeat(30_000) } })
  expect(cache.counts.answers).toBe(0)
})

test('a cache of no bytes keeps nothing', () => {
  const cache = cacheOf(0)
  cache.keep('a', cache.version(), answer(0))
  expect(cache.find('a')).toBeUndefined()
  expect(cache.counts).toEqual({ hits: 0, misses: 1, answers: 0, bytes: 0 })
})
