import type { ServerResponse } from 'node:http'
import { onGone } from './gone.ts'

const WINDOW_MS = 30_000
/** Slower readers, over half a minute, are cut off. */
const SLOWEST_BYTES = 64 * 1024

/** Cuts off who takes a long answer too slowly, and would hold what it is made of for ever. */
export function limitAnswerTime(response: ServerResponse, windowMs = WINDOW_MS): void {
  const { socket } = response
  if (!socket) return
  let before = socket.bytesWritten
  const timer = setInterval(() => {
    const now = socket.bytesWritten
    if (now - before < SLOWEST_BYTES && !response.writableFinished) socket.destroy()
    before = now
  }, windowMs)
  timer.unref()
  onGone(response, () => clearInterval(timer))
}
