import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { GraphQLErrorJson, TestServer } from '../../support/program/server.ts'
import { answerWhen } from '../../support/until.ts'

export interface ProgressJson {
  readonly id: string
  readonly status: string
  readonly rowsTotal: number | null
  readonly rowsRead: number
  readonly rowsPerSecond: number | null
  readonly secondsLeft: number | null
}

export const PROGRESS = `subscription ($id: ID!) { ingestionProgress(id: $id) {
  id status rowsTotal rowsRead rowsPerSecond secondsLeft
} }`

export interface Told {
  readonly state?: ProgressJson | null
  readonly errors?: readonly GraphQLErrorJson[]
}

/** Everything that a subscriber is told until the subscription ends. */
export async function follow(server: TestServer, id: string, onTold: (told: Told) => void = () => {}): Promise<Told[]> {
  const client = createClient({ url: socketUrl(server), webSocketImpl: WebSocket, retryAttempts: 0 })
  const all: Told[] = []
  try {
    for await (const { data, errors } of client.iterate({ query: PROGRESS, variables: { id } })) {
      const state = (data as { ingestionProgress: ProgressJson } | null)?.ingestionProgress
      const told = { state: state ?? null, ...(errors && { errors: errors as never }) }
      all.push(told)
      onTold(told)
    }
    return all
  } finally {
    await client.dispose()
  }
}

export function socketUrl(server: TestServer): string {
  return server.url.replace('http:', 'ws:')
}

/** What a handshake is answered with: the status, 101 when the socket opens. */
export function handshake(server: TestServer, headers: Record<string, string>, path = '/graphql'): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = socketUrl(server).replace('/graphql', path)
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_, answer) => {
      answer.resume()
      resolve(answer.statusCode!)
    })
    socket.on('error', reject)
  })
}

export interface Heard {
  readonly id?: string
  readonly type: string
  readonly payload?: unknown
}

/** A socket that speaks JSON, with all that was said to it. */
export class RawSocket {
  readonly heard: Heard[] = []
  readonly closed: Promise<readonly [code: number, reason: string]>
  readonly #socket: WebSocket
  readonly #opened: Promise<unknown>

  constructor(server: TestServer, headers: Readonly<Record<string, string>> = {}) {
    this.#socket = new WebSocket(socketUrl(server), 'graphql-transport-ws', { headers })
    this.#socket.on('message', text => this.heard.push(JSON.parse(String(text))))
    this.#socket.on('error', () => {})
    this.#opened = new Promise(resolve => this.#socket.once('open', resolve))
    this.closed = new Promise(resolve => this.#socket.once('close', (code, reason) => resolve([code, String(reason)])))
  }

  async say(message: object | string): Promise<void> {
    await this.#opened
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** The first message of one of the types, when it comes. */
  async hear(...types: readonly string[]): Promise<Heard> {
    const isOne = ({ type }: Heard) => types.includes(type)
    const heard = await answerWhen(
      () => this.heard,
      all => all.some(isOne),
      `to hear ${types}`,
    )
    return heard.find(isOne)!
  }

  /** What a client has to do before it may subscribe. */
  async introduce(payload?: object): Promise<void> {
    await this.say({ type: 'connection_init', payload })
    await this.hear('connection_ack')
  }

  close(): void {
    this.#socket.close()
  }
}
