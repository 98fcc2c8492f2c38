import type { ServerResponse } from 'node:http'
import { onGone } from './gone.ts'

const WINDOW_MS = 30_000
/** Slower readers, over half a minute, are cut off. */
const SLOWEST_BYTES = 64 * 1024

/**
 * Cuts off who takes a long answer too slowly, and would hold what it is made of for ever: docs/limits.md. While nothing
 * waits to be taken, it is not the reader who is slow.
 */
export function limitAnswerTime(response: ServerResponse, windowMs = WINDOW_MS): void {
  // An answer that waits behind another has no socket yet.
  const { socket } = response.req
  let before = socket.bytesWritten
  const timer = setInterval(() => {
    const now = socket.bytesWritten
    if (now - before < SLOWEST_BYTES && socket.writableLength > 0) socket.destroy()
    before = now
  }, windowMs)
  timer.unref()
  onGone(response, () => clearInterval(timer))
}
