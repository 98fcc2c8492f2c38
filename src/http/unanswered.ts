import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Which connections have requests that are not answered yet. Clients may send the next one before. */
export class Unanswered {
  readonly #counts = new WeakMap<Duplex, number>()
  readonly #waiting = new WeakMap<Duplex, () => void>()

  constructor(server: Server) {
    server.prependListener('request', ({ socket }, response) => {
      this.#counts.set(socket, this.#countOn(socket) + 1)
      response.once('finish', () => this.#answered(socket))
    })
  }

  /** Goes on when all that was asked on a connection is answered, so that nothing is said in between. */
  after(socket: Duplex, goOn: () => void): void {
    if (this.#countOn(socket) === 0) goOn()
    else {
      // Node has let go of the connection: nobody else hears its errors.
      socket.on('error', () => {})
      this.#waiting.set(socket, goOn)
    }
  }

  #countOn(socket: Duplex): number {
    return this.#counts.get(socket) ?? 0
  }

  #answered(socket: Duplex): void {
    const left = this.#countOn(socket) - 1
    this.#counts.set(socket, left)
    if (left > 0) return
    const goOn = this.#waiting.get(socket)
    this.#waiting.delete(socket)
    if (!socket.destroyed) goOn?.()
  }
}
