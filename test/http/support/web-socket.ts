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

export interface Update {
  readonly state?: ProgressJson | null
  readonly errors?: readonly GraphQLErrorJson[]
}

/** Resolves to everything that a subscription sends until it ends. */
export async function follow(
  server: TestServer,
  id: string,
  onUpdate: (update: Update) => void = () => {},
): Promise<Update[]> {
  const client = createClient({ url: socketUrl(server), webSocketImpl: WebSocket, retryAttempts: 0 })
  const all: Update[] = []
  try {
    for await (const { data, errors } of client.iterate({ query: PROGRESS, variables: { id } })) {
      const state = (data as { ingestionProgress: ProgressJson } | null)?.ingestionProgress
      const update = { state: state ?? null, ...(errors && { errors: errors as never }) }
      all.push(update)
      onUpdate(update)
    }
    return all
  } finally {
    await client.dispose()
  }
}

export function socketUrl(server: TestServer): string {
  return server.url.replace('http:', 'ws:')
}

/** Resolves to the status of the response to a handshake: 101 when the WebSocket opens. */
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

export interface Message {
  readonly id?: string
  readonly type: string
  readonly payload?: unknown
}

/** A WebSocket with JSON messages, and all that it has received. */
export class RawSocket {
  readonly received: Message[] = []
  readonly closed: Promise<readonly [code: number, reason: string]>
  readonly #socket: WebSocket
  readonly #opened: Promise<unknown>

  constructor(server: TestServer, headers: Readonly<Record<string, string>> = {}) {
    this.#socket = new WebSocket(socketUrl(server), 'graphql-transport-ws', { headers })
    this.#socket.on('message', text => this.received.push(JSON.parse(String(text))))
    this.#socket.on('error', () => {})
    this.#opened = new Promise(resolve => this.#socket.once('open', resolve))
    this.closed = new Promise(resolve => this.#socket.once('close', (code, reason) => resolve([code, String(reason)])))
  }

  async send(message: object | string): Promise<void> {
    await this.#opened
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Resolves to the first message of one of the types. */
  async waitFor(...types: readonly string[]): Promise<Message> {
    const isOne = ({ type }: Message) => types.includes(type)
    const received = await answerWhen(
      () => this.received,
      all => all.some(isOne),
      `a message of type ${types}`,
    )
    return received.find(isOne)!
  }

  /** Sends `connection_init`, which must precede subscriptions. */
  async initialize(payload?: object): Promise<void> {
    await this.send({ type: 'connection_init', payload })
    await this.waitFor('connection_ack')
  }

  close(): void {
    this.#socket.close()
  }
}
