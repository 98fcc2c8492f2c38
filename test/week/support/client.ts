import type { TestServer } from '../../support/program/server.ts'

/** A client with a token, which queries the server that is running. */
export class Client {
  readonly #server: () => TestServer
  readonly #token: string | null

  constructor(server: () => TestServer, token: string | null) {
    this.#server = server
    this.#token = token
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const authorization: Record<string, string> = this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }
    return fetch(`${this.#server().origin}${path}`, { ...init, headers: { ...init.headers, ...authorization } })
  }

  /** The data of a request that must succeed. */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const { status, body } = await this.send(query, variables)
    if (status !== 200 || body.errors) throw new Error(`unexpected: ${status} ${JSON.stringify(body.errors)}`)
    return body.data as Data
  }

  async send(query: string, variables: object = {}) {
    const headers = { 'content-type': 'application/json' }
    const answer = await this.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    const body = (await answer.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }
    return { status: answer.status, body }
  }
}

const PAGE = `query ($after: String) { accounts(first: 50, after: $after, orderBy: { field: ACCOUNT_ID, direction: ASC }) {
  nodes { accountId subscriberCount growth { percent } } pageInfo { hasNextPage endCursor } } }`

interface PageJson {
  readonly accounts: {
    readonly nodes: readonly { readonly accountId: string }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
  }
}

/** Several clients that page through all accounts until they are stopped; each pass must be in order. */
export function startLoad(client: Client, walkers = 4): { stop(): Promise<number> } {
  let isOn = true
  const walk = async () => {
    let after: string | undefined
    let last = ''
    for (let pages = 0; ; ) {
      const { accounts }: PageJson = await client.ask<PageJson>(PAGE, { after })
      for (const { accountId } of accounts.nodes) {
        if (accountId <= last) throw new Error(`${accountId} comes after ${last}`)
        last = accountId
      }
      pages++
      if (!isOn) return pages
      const { hasNextPage, endCursor } = accounts.pageInfo
      after = hasNextPage ? endCursor : undefined
      if (!hasNextPage) last = ''
    }
  }
  const walking = Promise.all(Array.from({ length: walkers }, walk))
  // Told when the load is stopped.
  walking.catch(() => {})
  return {
    async stop() {
      isOn = false
      return (await walking).reduce((sum, pages) => sum + pages, 0)
    },
  }
}
