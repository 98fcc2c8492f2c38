import { setTimeout as sleep } from 'node:timers/promises'
import { throttle } from '../../src/graphql/resolvers/subscription.ts'
import { LatestValue } from '../../src/workers/ingestion/job.ts'

describe('throttle', () => {
  test('yields one value per interval, skips outdated ones, and yields the last one', async () => {
    const latest = new LatestValue(0, () => {})
    const seen: { value: number; at: number }[] = []
    const reading = (async () => {
      for await (const value of throttle(latest, 40)) seen.push({ value, at: performance.now() })
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

  test('ends immediately on return, even if the source yields nothing', async () => {
    let hasLeft = false
    const source = new LatestValue(0, () => {
      hasLeft = true
    })
    const values = throttle(source, 1)
    await values.next()
    const pending = values.next()
    await sleep(10)
    await values.return!()
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(hasLeft).toBe(true)
  })
})
