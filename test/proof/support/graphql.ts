import type { ApolloServer } from '@apollo/server'
import type { Ingestor } from '../../../src/domain/ingestor.ts'
import type { Reader } from '../../../src/domain/reader.ts'
import { createApolloServer } from '../../../src/graphql/apollo-server.ts'
import { createContext, type GraphQLContext } from '../../../src/graphql/context.ts'
import type { Ask } from './graphql-pages.ts'

const nothing = () => Promise.reject(new Error('nothing is ingested here'))

const ingestor: Ingestor = {
  ingest: nothing,
  cancel: nothing,
  revert: nothing,
  inProgress: () => undefined,
  watch: () => undefined,
}

/** The API's schema over any reader, without a server around it. */
export class Graphql {
  readonly #server: ApolloServer<GraphQLContext> = createApolloServer({
    onUnexpectedError: error => {
      throw error
    },
  })

  async start(): Promise<void> {
    await this.#server.start()
  }

  async stop(): Promise<void> {
    await this.#server.stop()
  }

  over(reader: Reader): Ask {
    return async <Data>(query: string, variables: Record<string, unknown>) => {
      const { data, errors } = await this.answer<Data>(reader, query, variables)
      if (errors || !data) throw new Error(JSON.stringify(errors))
      return data
    }
  }

  async answer<Data>(reader: Reader, query: string, variables: Record<string, unknown>): Promise<Answer<Data>> {
    const contextValue = createContext({ reader, ingestor, now: Date.now }, { token: null, role: 'read' })
    const { body } = await this.#server.executeOperation({ query, variables }, { contextValue })
    if (body.kind !== 'single') throw new Error('a single answer was expected')
    return JSON.parse(JSON.stringify(body.singleResult))
  }
}

export interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/** To be called once at the top of a test file. */
export function useGraphql(): Graphql {
  const graphql = new Graphql()
  beforeAll(() => graphql.start())
  afterAll(() => graphql.stop())
  return graphql
}
