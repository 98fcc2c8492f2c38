import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Listeners of pipelined responses, by the connection that they wait for. */
const pipelined = new WeakMap<Socket, Set<() => void>>()

/**
 * Calls `listener` once, when the response is finished or the client disconnects; immediately if that has already
 * happened. Node emits no event for a pipelined response that waits behind another when the client disconnects.
 */
export function onResponseEnd(response: ServerResponse, listener: () => void): void {
  const { socket } = response.req
  if (response.destroyed || socket.destroyed) listener()
  else if (response.socket) response.once('close', listener)
  else {
    const listeners = listenersOn(socket)
    const callOnce = () => {
      if (listeners.delete(callOnce)) listener()
    }
    listeners.add(callOnce)
    response.once('close', callOnce)
  }
}

/** Returns a signal that aborts when the response is finished or the client disconnects. */
export function responseEndSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  onResponseEnd(response, () => controller.abort())
  return controller.signal
}

/** Adds one `close` listener to the connection, however many responses wait for it. */
function listenersOn(socket: Socket): Set<() => void> {
  const known = pipelined.get(socket)
  if (known) return known
  const listeners = new Set<() => void>()
  pipelined.set(socket, listeners)
  socket.once('close', () => {
    for (const listener of listeners) listener()
  })
  return listeners
}
