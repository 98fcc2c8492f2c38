import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import type { TestServer } from './server.ts'

export interface HttpRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request exactly as given: `fetch` would choose the host, the origin and more by itself. */
export function request(server: TestServer, { method = 'GET', path = '/graphql', headers = {}, body }: HttpRequest) {
  return new Promise<HttpAnswer>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, method, path, headers, agent: false }
    const sent = httpRequest(options, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body: text }))
    })
    sent.on('error', reject).end(body)
  })
}

/** A query as most clients post it. */
export function post(query: string, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  }
}

/** Sends text as it is, and returns all that comes back until the server hangs up. */
export function converse(server: TestServer, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(sent))
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    socket.on('error', reject).on('close', () => resolve(text))
  })
}
