import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Takes at most one value from `source` in so many milliseconds. Of a source that offers its newest value, and ends
 * with its last, none but overtaken values is left out. It ends at once when the consumer leaves.
 */
export function paced<Value>(source: AsyncIterableIterator<Value>, everyMs: number): AsyncIterableIterator<Value> {
  let ready: Promise<unknown> = Promise.resolve()
  return {
    async next() {
      await ready
      const result = await source.next()
      ready = sleep(everyMs, undefined, { ref: false })
      return result
    },
    async return() {
      ready = Promise.resolve()
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
