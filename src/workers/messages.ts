import type { SerializedError } from '../domain/errors.ts'
import type { Ingestion, IngestionIdentity, IngestionProgress, RejectedRow } from '../domain/ingestion.ts'
import type { DeclaredLimits } from '../ingestion/declared.ts'
import type { HashedFile } from '../ingestion/drop.ts'

/** What the ingestion process is told. One command at a time; `cancel` is for the one that runs. */
export type Command =
  | {
      readonly type: 'ingest'
      readonly file: HashedFile
      readonly identity: IngestionIdentity
      readonly expectedSha256: string | undefined
      readonly strict: boolean
      /** Whether every rejected row is to be told, not only kept. */
      readonly tellRejected: boolean
    }
  | { readonly type: 'revert'; readonly id: string }

export type ParentMessage = Command | { readonly type: 'cancel' }

/** What the ingestion process is started with. */
export interface ProcessSettings {
  readonly databasePath: string
  readonly waitMs: number
  readonly limits: DeclaredLimits
}

/** Told while a command runs. */
export type News =
  /** Another program holds the write lock. */
  | { readonly type: 'waiting' }
  /** The ledger's line is written and the file is being opened. */
  | { readonly type: 'started' }
  /** What the file claims to hold, which sets its deadline. */
  | { readonly type: 'declared'; readonly rows: number; readonly bytes: number }
  /** A reversal has begun. It may have to look at every row that there is, which sets its deadline. */
  | { readonly type: 'reverting'; readonly rows: number }
  | { readonly type: 'progress'; readonly progress: IngestionProgress }
  | { readonly type: 'rejected'; readonly rows: readonly RejectedRow[] }

/** How a command ends. One that `failed` has no line in the ledger. */
export type End =
  | { readonly type: 'finished'; readonly ingestion: Ingestion; readonly alreadyIngested: boolean }
  | { readonly type: 'failed'; readonly error: SerializedError }

export type ChildMessage = News | End

const ENDS: readonly ChildMessage['type'][] = ['finished', 'failed'] satisfies End['type'][]

export function isNews(message: ChildMessage): message is News {
  return !ENDS.includes(message.type)
}
