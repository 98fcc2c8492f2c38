import { LatestValue } from '../../../src/workers/ingestion/job.ts'

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const seen: Value[] = []
  for await (const value of values) seen.push(value)
  return seen
}

describe('LatestValue', () => {
  test('yields the first value, then the newest one at each request, and the last one', async () => {
    const latest = new LatestValue(0, () => {})
    expect(await latest.next()).toEqual({ done: false, value: 0 })
    for (const value of [1, 2, 3]) latest.set(value)
    expect(await latest.next()).toEqual({ done: false, value: 3 })
    const pending = latest.next()
    latest.set(4)
    expect(await pending).toEqual({ done: false, value: 4 })
    latest.set(5)
    latest.end()
    expect(await all(latest)).toEqual([5])
  })

  test('resolves a pending request when it ends', async () => {
    const latest = new LatestValue(0, () => {})
    await latest.next()
    const pending = latest.next()
    latest.end()
    expect(await pending).toEqual({ done: true, value: undefined })
    latest.set(1)
    expect(await latest.next()).toEqual({ done: true, value: undefined })
  })

  test('ends a pending request on return', async () => {
    let hasReturned = false
    const latest = new LatestValue(0, () => {
      hasReturned = true
    })
    await latest.next()
    const pending = latest.next()
    await latest.return()
    expect(hasReturned).toBe(true)
    expect(await pending).toEqual({ done: true, value: undefined })
  })
})
