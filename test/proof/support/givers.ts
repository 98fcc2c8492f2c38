import type { Reader } from '../../../src/domain/reader.ts'
import type { Graphql } from './graphql.ts'
import { graphqlPages } from './graphql-pages.ts'
import type { AskPage } from './pages.ts'
import { readerPages } from './reader-pages.ts'

/** Pages of the accounts in a database, from either end of the way out. */
export function pagesFrom(giver: 'storage' | 'the API', reader: Reader, graphql: Graphql): AskPage {
  return giver === 'storage' ? readerPages(reader) : graphqlPages(graphql.over(reader))
}
