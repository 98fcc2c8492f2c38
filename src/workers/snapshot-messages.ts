import type { SerializedError } from '../domain/errors.ts'
import type { Snapshot } from '../domain/snapshot.ts'

/** What the process that copies a database tells, once. */
export type SnapshotMessage =
  | { readonly type: 'taken'; readonly snapshot: Snapshot }
  | { readonly type: 'failed'; readonly error: SerializedError }
