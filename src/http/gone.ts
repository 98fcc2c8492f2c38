import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** To be called when a connection closes, of the answers that waited on it behind another. */
const waiting = new WeakMap<Socket, Set<() => void>>()

/**
 * Calls `listener` once, when an answer is sent or whoever asked has hung up; at once, if it is so already. Node itself
 * says nothing of answers that wait behind another on their connection when that closes.
 */
export function onGone(response: ServerResponse, listener: () => void): void {
  const { socket } = response.req
  if (response.destroyed || socket.destroyed) listener()
  else if (response.socket) response.once('close', listener)
  else {
    const others = waitingOn(socket)
    const tell = () => {
      if (others.delete(tell)) listener()
    }
    others.add(tell)
    response.once('close', tell)
  }
}

/** Aborted when an answer is sent or whoever asked has hung up. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  onGone(response, () => gone.abort())
  return gone.signal
}

/** However many wait, the connection has one listener. */
function waitingOn(socket: Socket): Set<() => void> {
  const known = waiting.get(socket)
  if (known) return known
  const answers = new Set<() => void>()
  waiting.set(socket, answers)
  socket.once('close', () => {
    for (const tell of answers) tell()
  })
  return answers
}
