import { setTimeout as sleep } from 'node:timers/promises'
import { Slots } from '../../src/workers/slots.ts'

test('so many run at a time, in the order in which they came, whether they fail or not', async () => {
  const slots = new Slots(2)
  const begun: number[] = []
  let running = 0
  let most = 0
  const work = async (n: number) => {
    begun.push(n)
    most = Math.max(most, ++running)
    await sleep(2)
    running--
    if (n % 3 === 0) throw new Error(String(n))
    return n
  }
  const numbers = Array.from({ length: 20 }, (_, n) => n)
  const ended = await Promise.allSettled(numbers.map(n => slots.run(() => work(n))))
  expect(begun).toEqual(numbers)
  expect(most).toBe(2)
  expect(ended.map(({ status }) => status)).toEqual(numbers.map(n => (n % 3 === 0 ? 'rejected' : 'fulfilled')))
})
