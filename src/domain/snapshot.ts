/** A copy of the whole database at one moment. */
export interface Snapshot {
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the file in lower-case hex. */
  readonly sha256: string
  /** Identifies the state of the data: two snapshots of the same data have the same `state`. */
  readonly state: string
  readonly asOf: number | null
  readonly measurementCount: number
  readonly accountCount: number
}

/** Port: copies the database for a download. */
export interface Snapshots {
  /** Returns the `state` of the data now. */
  state(): Promise<string>
  /**
   * Creates a snapshot. The caller removes the file.
   *
   * @param signal stops the copy and removes its file
   * @throws AppError SNAPSHOT_BUSY, SNAPSHOT_NO_SPACE, SNAPSHOT_FAILED
   */
  take(signal: AbortSignal): Promise<Snapshot>
}
