import type { AccountFilter, AccountOrder, AccountPosition, Category } from '../domain/account.ts'
import type { SerializedError } from '../domain/errors.ts'
import type { ExportRequest, ExportSummary } from '../domain/exporter.ts'
import type { GrowthCoverage, GrowthKind } from '../domain/growth.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { AccountRow } from '../storage/sqlite/read/account-rows.ts'

/** What a reader process is asked, one at a time. */
export type ReadCommand =
  | {
      readonly type: 'accounts'
      readonly filter: AccountFilter
      readonly order: AccountOrder
      readonly page: PageRequest<AccountPosition>
    }
  | { readonly type: 'countAccounts'; readonly filter: AccountFilter }
  | { readonly type: 'categories' }
  | { readonly type: 'growthCoverage'; readonly kind: GrowthKind }
  | ({ readonly type: 'export' } & ExportRequest)

/** What each command is answered with. */
export interface ReadAnswers {
  readonly accounts: Page<AccountRow>
  readonly countAccounts: number
  readonly categories: readonly Category[]
  readonly growthCoverage: GrowthCoverage
  readonly export: ExportSummary
}

/** What a reader process is started with. */
export interface ReaderSettings {
  readonly databasePath: string
}

/** Told while a command runs. */
export type ReadNews =
  /** From now on time counts. */
  | { readonly type: 'started' }
  /** So many are written. */
  | { readonly type: 'rows'; readonly rows: number }

export type ReadEnd =
  | {
      readonly type: 'answered'
      readonly answer: ReadAnswers[ReadCommand['type']]
      /** The memory of the process afterwards. */
      readonly residentBytes: number
    }
  | { readonly type: 'failed'; readonly error: SerializedError }

export function isReadNews(message: ReadNews | ReadEnd): message is ReadNews {
  return message.type === 'started' || message.type === 'rows'
}
