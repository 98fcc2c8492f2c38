/** A copy of the whole database as of one moment. */
export interface Snapshot {
  readonly path: string
  readonly bytes: number
  /** Lower-case hex, of the file. */
  readonly sha256: string
  /** What tells this state of the data from any other. */
  readonly state: string
  readonly asOf: number | null
  readonly measurementCount: number
  readonly accountCount: number
}

/** Takes copies that are sent away: whoever gets one removes it. */
export interface Snapshots {
  /** Of the data as they stand now, as in `Snapshot`. */
  state(): Promise<string>
  /**
   * @param signal ends it, and leaves nothing behind
   * @throws AppError SNAPSHOT_BUSY, SNAPSHOT_NO_SPACE, SNAPSHOT_FAILED
   */
  take(signal: AbortSignal): Promise<Snapshot>
}
