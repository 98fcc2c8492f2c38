import { setTimeout as sleep } from 'node:timers/promises'
import { paced } from '../../src/graphql/paced.ts'
import { LatestValue } from '../../src/workers/latest-value.ts'

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const seen: Value[] = []
  for await (const value of values) seen.push(value)
  return seen
}

describe('the latest of values', () => {
  test('are the first, the newest whenever one is asked for, and the last', async () => {
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

  test('wake a consumer that waits when there are no more', async () => {
    const latest = new LatestValue(0, () => {})
    await latest.next()
    const pending = latest.next()
    latest.end()
    expect(await pending).toEqual({ done: true, value: undefined })
    latest.set(1)
    expect(await latest.next()).toEqual({ done: true, value: undefined })
  })

  test('let a consumer go that waits for the next one', async () => {
    let hasLeft = false
    const latest = new LatestValue(0, () => {
      hasLeft = true
    })
    await latest.next()
    const pending = latest.next()
    await latest.return()
    expect(hasLeft).toBe(true)
    expect(await pending).toEqual({ done: true, value: undefined })
  })
})

describe('paced', () => {
  test('keeps the pace, leaves out what is overtaken, and brings the last one', async () => {
    const latest = new LatestValue(0, () => {})
    const seen: { value: number; at: number }[] = []
    const reading = (async () => {
      for await (const value of paced(latest, 40)) seen.push({ value, at: performance.now() })
    })()
    for (let value = 1; value <= 40; value++) {
      await sleep(5)
      latest.set(value)
    }
    latest.end()
    await reading
    expect(seen[0]!.value).toBe(0)
    expect(seen.at(-1)!.value).toBe(40)
    expect(seen.length).toBeGreaterThan(3)
    const gaps = seen.slice(1).map(({ at }, i) => at - seen[i]!.at)
    expect(Math.min(...gaps)).toBeGreaterThan(35)
  })

  test('ends at once when its consumer leaves, however long the source is silent', async () => {
    let hasLeft = false
    const source = new LatestValue(0, () => {
      hasLeft = true
    })
    const values = paced(source, 1)
    await values.next()
    const pending = values.next()
    await sleep(10)
    await values.return!()
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(hasLeft).toBe(true)
  })
})
