// Generated from schema.graphql by `npm run types`: change that, not this.
import type { Connection } from './connection.ts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Account as AccountParent, Category as CategoryParent } from '../domain/account.ts';
import type { Dataset as DatasetParent } from '../domain/reader.ts';
import type { GrowthParent, MeasurementParent, GraphQLContext } from './context.ts';
import type { GrowthCoverage as GrowthCoverageParent } from '../domain/growth.ts';
import type { HistoryPoint as HistoryPointParent } from '../domain/history.ts';
import type { Ingestion as IngestionParent, IngestionWarning as IngestionWarningParent, RejectedRow as RejectedRowParent, RejectionCount as RejectionCountParent } from '../domain/ingestion.ts';
import type { UserError as UserErrorParent } from '../domain/errors.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * An instant as RFC 3339 text. Answers are in UTC with milliseconds, as in `2024-11-28T08:39:14.000Z`. An argument has a
   * date, a time with seconds, and `Z` or an offset; anything finer than a millisecond is cut.
   */
  DateTime: { input: number; output: number; }
  /** A whole number from −(2^53 − 1) to 2^53 − 1, sent as a JSON number. Counts exceed the 32 bits of `Int`. */
  SafeInt: { input: number; output: number; }
  /**
   * An account's id, answered as a lower-case UUID with hyphens. Arguments may have upper case, surrounding white space and
   * one pair of braces.
   */
  UUID: { input: string; output: string; }
};

/**
 * Everything that can be read. The API shows tracked accounts: those whose newest measurement is above 1,000. Lists are
 * connections: pages of 20 by default and of at most 100, with cursors to go on from.
 */
export type Query = {
  readonly __typename?: 'Query';
  /** One tracked account, or null when the account is unknown or not tracked. */
  readonly account?: Maybe<Account>;
  /** The tracked accounts that match the filter, in the order asked for. */
  readonly accounts: AccountConnection;
  /** The categories that at least one tracked account has, by lower-case name. */
  readonly categories: ReadonlyArray<Category>;
  /** Figures over everything in the database. */
  readonly dataset: Dataset;
  /** One ingestion, or null when its id is unknown. Ask again while it is queued or running to follow it. */
  readonly ingestion?: Maybe<Ingestion>;
  /** The ledger: every ingestion whose turn has come, newest queued first. One that still waits is found by its id. */
  readonly ingestions: IngestionConnection;
  /** Any object by its node id. Null when there is none, or its account is not tracked; a malformed id is an error. */
  readonly node?: Maybe<Node>;
  /** Several objects by their node ids: as many answers as ids, in the same order, null where there is no such object. */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
};


/**
 * Everything that can be read. The API shows tracked accounts: those whose newest measurement is above 1,000. Lists are
 * connections: pages of 20 by default and of at most 100, with cursors to go on from.
 */
export type QueryAccountArgs = {
  accountId: Scalars['UUID']['input'];
};


/**
 * Everything that can be read. The API shows tracked accounts: those whose newest measurement is above 1,000. Lists are
 * connections: pages of 20 by default and of at most 100, with cursors to go on from.
 */
export type QueryAccountsArgs = {
  filter?: InputMaybe<AccountFilter>;
  orderBy?: InputMaybe<AccountOrder>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Everything that can be read. The API shows tracked accounts: those whose newest measurement is above 1,000. Lists are
 * connections: pages of 20 by default and of at most 100, with cursors to go on from.
 */
export type QueryIngestionArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Everything that can be read. The API shows tracked accounts: those whose newest measurement is above 1,000. Lists are
 * connections: pages of 20 by default and of at most 100, with cursors to go on from.
 */
export type QueryIngestionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Everything that can be read. The API shows tracked accounts: those whose newest measurement is above 1,000. Lists are
 * connections: pages of 20 by default and of at most 100, with cursors to go on from.
 */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Everything that can be read. The API shows tracked accounts: those whose newest measurement is above 1,000. Lists are
 * connections: pages of 20 by default and of at most 100, with cursors to go on from.
 */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};

/**
 * Everything that changes the database. What a person can mend is answered in `userErrors`; anything else is a top-level
 * error.
 */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Takes the measurements of one Parquet file into the database, all of them or none. Sending the same bytes again
   * changes nothing. Where access tokens are asked for, this one needs the role ingest.
   */
  readonly ingestAccounts: IngestAccountsPayload;
  /**
   * Stops an ingestion that is queued or running. Nothing of its file stays in the database. Where access tokens are asked
   * for, this one needs the role ingest.
   */
  readonly cancelIngestion: CancelIngestionPayload;
  /**
   * Undoes the newest succeeded ingestion: the measurements that it inserted go, and those that it corrected get their
   * earlier value back. Where access tokens are asked for, this one needs the role admin.
   */
  readonly revertIngestion: RevertIngestionPayload;
};


/**
 * Everything that changes the database. What a person can mend is answered in `userErrors`; anything else is a top-level
 * error.
 */
export type MutationIngestAccountsArgs = {
  input: IngestAccountsInput;
};


/**
 * Everything that changes the database. What a person can mend is answered in `userErrors`; anything else is a top-level
 * error.
 */
export type MutationCancelIngestionArgs = {
  input: CancelIngestionInput;
};


/**
 * Everything that changes the database. What a person can mend is answered in `userErrors`; anything else is a top-level
 * error.
 */
export type MutationRevertIngestionArgs = {
  input: RevertIngestionInput;
};

/** Everything that can be followed live: over a WebSocket at the API's own address, in the protocol graphql-transport-ws. */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * An ingestion as it stands now, again at each step forward but at most ten times a second, and a last time when it has
   * ended.
   */
  readonly ingestionProgress: Ingestion;
};


/** Everything that can be followed live: over a WebSocket at the API's own address, in the protocol graphql-transport-ws. */
export type SubscriptionIngestionProgressArgs = {
  id: Scalars['ID']['input'];
};

/** Anything that `node` finds by its id. */
export type Node = {
  /** The node id: opaque text that `node` and `nodes` take. */
  readonly id: Scalars['ID']['output'];
};

/** A tracked account: one whose newest measurement is above 1,000. */
export type Account = Node & {
  readonly __typename?: 'Account';
  /** The node id, made from accountId. */
  readonly id: Scalars['ID']['output'];
  /** The account's UUID. */
  readonly accountId: Scalars['UUID']['output'];
  /** The categories of its newest measurement, by lower-case name. Empty when it has none. */
  readonly categories: ReadonlyArray<Scalars['String']['output']>;
  /** The count of its newest measurement. */
  readonly subscriberCount: Scalars['SafeInt']['output'];
  /** The instant of its newest measurement. */
  readonly measuredAt: Scalars['DateTime']['output'];
  /**
   * How much it grew within one window, from one baseline. The arguments do not follow those of the filter or the order:
   * repeat them here.
   */
  readonly growth: Growth;
  /** Its measurements, oldest first, those of 1,000 and below included. */
  readonly measurements: MeasurementConnection;
  /**
   * Its measurements summed up by calendar bucket in UTC, oldest first and without gaps: what a chart draws. At most 1,000
   * buckets; more are an error.
   */
  readonly history: ReadonlyArray<HistoryPoint>;
};


/** A tracked account: one whose newest measurement is above 1,000. */
export type AccountGrowthArgs = {
  window?: GrowthWindow;
  baseline?: GrowthBaseline;
};


/** A tracked account: one whose newest measurement is above 1,000. */
export type AccountMeasurementsArgs = {
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** A tracked account: one whose newest measurement is above 1,000. */
export type AccountHistoryArgs = {
  bucket: HistoryBucket;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
  fill?: HistoryFill;
};

/** One count of one account at one instant. */
export type Measurement = Node & {
  readonly __typename?: 'Measurement';
  /** The node id, made from accountId and instant. */
  readonly id: Scalars['ID']['output'];
  /** The account that was measured. */
  readonly account: Account;
  /** When it was measured. A file's time without a zone is taken as UTC, and anything finer than a millisecond is cut. */
  readonly measuredAt: Scalars['DateTime']['output'];
  /** The count, rounded half up to a whole number. */
  readonly subscriberCount: Scalars['SafeInt']['output'];
  /** The categories given with this measurement, by lower-case name. Empty when it has none. */
  readonly categories: ReadonlyArray<Scalars['String']['output']>;
  /** The ingestion that this value comes from: for a corrected measurement, the one that corrected it. */
  readonly ingestion: Ingestion;
};

/**
 * Growth of one account from the measurement `from` to its newest measurement `to`. Unknown growth is null with its
 * reason, never 0.
 */
export type Growth = {
  readonly __typename?: 'Growth';
  /** The window that was asked for. */
  readonly window: GrowthWindow;
  /** The baseline that was asked for. */
  readonly baseline: GrowthBaseline;
  /** When the window opens: `dataset.asOf` less one window, in the UTC calendar. */
  readonly opensAt: Scalars['DateTime']['output'];
  /** (to − from) × 100 / from, in percent and not rounded: 12.5 means 12.5 %. Null when unknown, see `unknownReason`. */
  readonly percent?: Maybe<Scalars['Float']['output']>;
  /** The difference of the two counts, to − from. Null when there is no `from`. */
  readonly absolute?: Maybe<Scalars['SafeInt']['output']>;
  /** The measurement that growth is counted from. Null for NO_RECENT_MEASUREMENT and NO_BASELINE. */
  readonly from?: Maybe<Measurement>;
  /** The account's newest measurement, also when growth is unknown. */
  readonly to: Measurement;
  /** Why `percent` is null. Null when `percent` is known. */
  readonly unknownReason?: Maybe<GrowthUnknownReason>;
};

/** One calendar bucket of an account's history. An empty one has a `measurementCount` of 0, and counts as `fill` says. */
export type HistoryPoint = {
  readonly __typename?: 'HistoryPoint';
  /** The first instant of the bucket, in UTC. It may lie before the `from` that was asked for. */
  readonly bucketStart: Scalars['DateTime']['output'];
  /** The earliest count in the bucket. */
  readonly first?: Maybe<Scalars['SafeInt']['output']>;
  /** The latest count in the bucket. */
  readonly last?: Maybe<Scalars['SafeInt']['output']>;
  /** The smallest count in the bucket. */
  readonly min?: Maybe<Scalars['SafeInt']['output']>;
  /** The largest count in the bucket. */
  readonly max?: Maybe<Scalars['SafeInt']['output']>;
  /** How many measurements the bucket holds. 0 marks an empty one, whether or not its counts have been filled. */
  readonly measurementCount: Scalars['Int']['output'];
};

/** A category that at least one tracked account has. */
export type Category = {
  readonly __typename?: 'Category';
  /** Its name, in the spelling seen first. */
  readonly name: Scalars['String']['output'];
  /** How many tracked accounts have it. */
  readonly accountCount: Scalars['Int']['output'];
};

/** Figures over everything in the database. Those of accounts count tracked accounts only; the others speak of all data. */
export type Dataset = {
  readonly __typename?: 'Dataset';
  /**
   * The instant of the newest measurement, at which every growth window ends: the product's "now", never the wall clock.
   * Null while the database is empty.
   */
  readonly asOf?: Maybe<Scalars['DateTime']['output']>;
  /** The instant of the oldest measurement. Null while the database is empty. */
  readonly firstMeasuredAt?: Maybe<Scalars['DateTime']['output']>;
  /** How many accounts are tracked. */
  readonly accountCount: Scalars['Int']['output'];
  /** How many measurements there are, those of untracked accounts included. */
  readonly measurementCount: Scalars['SafeInt']['output'];
  /** The newest ingestion that stands as SUCCEEDED, dry runs left aside. Null when there is none. */
  readonly lastIngestion?: Maybe<Ingestion>;
  /** How many tracked accounts have a known growth, and how many not, by reason. Read it beside every growth list. */
  readonly growthCoverage: GrowthCoverage;
};


/** Figures over everything in the database. Those of accounts count tracked accounts only; the others speak of all data. */
export type DatasetGrowthCoverageArgs = {
  window?: GrowthWindow;
  baseline?: GrowthBaseline;
};

/** How many tracked accounts have a known growth. The four figures add up to `dataset.accountCount`. */
export type GrowthCoverage = {
  readonly __typename?: 'GrowthCoverage';
  /** Accounts whose percent is known. */
  readonly known: Scalars['Int']['output'];
  /** Accounts that were not measured within the window. */
  readonly noRecentMeasurement: Scalars['Int']['output'];
  /** Accounts without an earlier measurement to count from. */
  readonly noBaseline: Scalars['Int']['output'];
  /** Accounts whose earlier count is 0, so that there is no percent. */
  readonly zeroBaseline: Scalars['Int']['output'];
};

/** Conditions on accounts. All that are given must hold; null is no condition. */
export type AccountFilter = {
  /** Conditions on the account's categories. */
  readonly categories?: InputMaybe<CategoryFilter>;
  /** Bounds on the newest count. */
  readonly subscriberCount?: InputMaybe<SafeIntFilter>;
  /** Conditions on growth within one window. Without any bound it matches the accounts whose percent is known. */
  readonly growth?: InputMaybe<GrowthFilter>;
  /** Bounds on the instant of the newest measurement. */
  readonly measuredAt?: InputMaybe<DateTimeFilter>;
};

/**
 * Conditions on an account's categories, compared without case. All that are given must hold; null is no condition. An
 * unknown category is not an error: no account has it.
 */
export type CategoryFilter = {
  /** The account has at least one of these. An empty list matches nothing. */
  readonly anyOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The account has every one of these. An empty list is no condition. */
  readonly allOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The account has none of these. An empty list is no condition. */
  readonly noneOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Bounds on a whole number. All that are given must hold; null is no condition. */
export type SafeIntFilter = {
  /** Greater than this (exclusive). */
  readonly gt?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Greater than or equal to this (inclusive). */
  readonly gte?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Less than this (exclusive). */
  readonly lt?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Less than or equal to this (inclusive). */
  readonly lte?: InputMaybe<Scalars['SafeInt']['input']>;
};

/** Bounds on a number. All that are given must hold; null is no condition. Numbers are compared unrounded. */
export type FloatFilter = {
  /** Greater than this (exclusive): `percent: {gt: 10}` leaves out exactly 10 %. */
  readonly gt?: InputMaybe<Scalars['Float']['input']>;
  /** Greater than or equal to this (inclusive). */
  readonly gte?: InputMaybe<Scalars['Float']['input']>;
  /** Less than this (exclusive). */
  readonly lt?: InputMaybe<Scalars['Float']['input']>;
  /** Less than or equal to this (inclusive). */
  readonly lte?: InputMaybe<Scalars['Float']['input']>;
};

/** Bounds on an instant. All that are given must hold; null is no condition. */
export type DateTimeFilter = {
  /** After this instant (exclusive). */
  readonly gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or after this instant (inclusive). */
  readonly gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** Before this instant (exclusive). */
  readonly lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or before this instant (inclusive). */
  readonly lte?: InputMaybe<Scalars['DateTime']['input']>;
};

/**
 * Conditions on growth within one window, from one baseline. Unknown growth matches no bound on it; without any bound,
 * every account whose percent is known matches.
 */
export type GrowthFilter = {
  /** The length of the window. It ends at `dataset.asOf`. */
  readonly window?: GrowthWindow;
  /** Which measurement growth is counted from. */
  readonly baseline?: GrowthBaseline;
  /** Bounds on growth in percent: 12.5 means 12.5 %. "Grew more than 10 %" is `{gt: 10}`. */
  readonly percent?: InputMaybe<FloatFilter>;
  /** Bounds on growth as a difference of counts. Known for an account that started from 0 too. */
  readonly absolute?: InputMaybe<SafeIntFilter>;
};

/** The order of accounts. Ties are ordered by accountId, in the same direction. */
export type AccountOrder = {
  /** What to order by. */
  readonly field: AccountOrderField;
  /** Ascending or descending. Unknown growth comes last either way. */
  readonly direction?: SortDirection;
  /**
   * The window, for the two growth fields only; with any other field it is an error. Null: that of the growth filter, or
   * else MONTH.
   */
  readonly window?: InputMaybe<GrowthWindow>;
  /**
   * The baseline, for the two growth fields only; with any other field it is an error. Null: that of the growth filter,
   * or else FIRST_IN_WINDOW.
   */
  readonly baseline?: InputMaybe<GrowthBaseline>;
};

/** What accounts can be ordered by. */
export type AccountOrderField =
  /** The newest count. */
  | 'SUBSCRIBER_COUNT'
  /** Growth in percent. Accounts whose percent is unknown come last in both directions. */
  | 'GROWTH_PERCENT'
  /** Growth as a difference of counts. Accounts for which it is unknown come last in both directions. */
  | 'GROWTH_ABSOLUTE'
  /** The instant of the newest measurement. */
  | 'MEASURED_AT'
  /** The account's id alone. */
  | 'ACCOUNT_ID';

/** The direction of an order. */
export type SortDirection =
  /** Smallest, earliest or first id first. */
  | 'ASC'
  /** Largest, latest or last id first. */
  | 'DESC';

/**
 * The length of a growth window. It ends at `dataset.asOf` and is counted in the UTC calendar; where a month is too short,
 * its last day counts (31 March less one month is 28 or 29 February).
 */
export type GrowthWindow =
  /** 7 days. */
  | 'WEEK'
  /** 1 calendar month. */
  | 'MONTH'
  /** 3 calendar months. */
  | 'QUARTER'
  /** 1 calendar year. */
  | 'YEAR';

/** Which measurement growth is counted from. The choice changes the answer: compare both before you conclude. */
export type GrowthBaseline =
  /** The account's first measurement at or after the window's opening: growth that was seen within the window. */
  | 'FIRST_IN_WINDOW'
  /**
   * The account's last measurement at or before the window's opening, if it is at most one window older than that; else
   * the first one after it. It shows growth since the count known at the opening, and serves accounts measured once a
   * window.
   */
  | 'AT_WINDOW_START';

/** Why growth in percent is unknown. */
export type GrowthUnknownReason =
  /** The account's newest measurement is older than the window's opening. */
  | 'NO_RECENT_MEASUREMENT'
  /** The baseline finds no measurement earlier than the newest one. */
  | 'NO_BASELINE'
  /** The earlier count is 0: `from` and `absolute` are known, and there is no percent. */
  | 'ZERO_BASELINE';

/** The length of a history bucket, in the UTC calendar. */
export type HistoryBucket =
  /** A day, from 00:00 UTC. */
  | 'DAY'
  /** A week, from Monday 00:00 UTC. */
  | 'WEEK'
  /** A calendar month. */
  | 'MONTH'
  /** A calendar quarter, from January, April, July or October. */
  | 'QUARTER';

/** What the counts of a history bucket without a measurement are. Its measurementCount is 0 either way. */
export type HistoryFill =
  /** The bucket is listed with null counts. */
  | 'NONE'
  /**
   * All four counts repeat the last one known before the bucket, also one from before `from`. They are null where none was
   * known yet.
   */
  | 'LAST';

/** A file to take, and how. */
export type IngestAccountsInput = {
  /** The Parquet file's path: relative to the server's data directory, or absolute and inside it. */
  readonly file: Scalars['String']['input'];
  /** True: answer when the ingestion has ended. False: answer as soon as it is queued, and follow it by its id. */
  readonly wait?: Scalars['Boolean']['input'];
  /** True: read and check the whole file and report what would happen, but change no data. */
  readonly dryRun?: Scalars['Boolean']['input'];
  /**
   * True: refuse the file with CORRUPT_PARQUET when its metadata disagrees with its values. False: ingest it and report each
   * disagreement in `warnings`. A file whose values cannot be read exactly is refused either way.
   */
  readonly strict?: Scalars['Boolean']['input'];
  /** The file's SHA-256 in 64 hex digits. The file is refused when its bytes have another. Null: no check. */
  readonly expectedSha256?: InputMaybe<Scalars['String']['input']>;
};

/** An ingestion to stop. */
export type CancelIngestionInput = {
  /** The `id` of a queued or running ingestion. */
  readonly id: Scalars['ID']['input'];
};

/** An ingestion to undo. */
export type RevertIngestionInput = {
  /** The `id` of the newest succeeded ingestion. */
  readonly id: Scalars['ID']['input'];
};

/** What became of a file. */
export type IngestAccountsPayload = {
  readonly __typename?: 'IngestAccountsPayload';
  /** The file's line in the ledger. Null when the file was refused before its bytes were hashed. */
  readonly ingestion?: Maybe<Ingestion>;
  /** True when these bytes had succeeded before: `ingestion` is that earlier one, and nothing has changed. */
  readonly alreadyIngested: Scalars['Boolean']['output'];
  /** Why the file was refused. Empty when it was not. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What became of a cancellation. */
export type CancelIngestionPayload = {
  readonly __typename?: 'CancelIngestionPayload';
  /** The ingestion as it stands now. Null when there is none of that id. */
  readonly ingestion?: Maybe<Ingestion>;
  /** Why it was not cancelled. Empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What became of a reversal. */
export type RevertIngestionPayload = {
  readonly __typename?: 'RevertIngestionPayload';
  /** The ingestion as it stands now. Null when there is none of that id. */
  readonly ingestion?: Maybe<Ingestion>;
  /** Why it was not reverted. Empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Something that a person can mend. */
export type UserError = {
  readonly __typename?: 'UserError';
  /** What is wrong, for programs. */
  readonly code: ErrorCode;
  /** The path of the input field at fault, such as `["input", "file"]`. Null when no field is. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What is wrong and what to do, for people. The wording may change. */
  readonly message: Scalars['String']['output'];
};

/** One file's way into the database: a line of the ledger. */
export type Ingestion = Node & {
  readonly __typename?: 'Ingestion';
  /** The node id. */
  readonly id: Scalars['ID']['output'];
  /**
   * The file's path relative to the data directory when it lies inside, else its base name. Of a file that was sent to
   * /ingest, the name that its sender gave it.
   */
  readonly fileName: Scalars['String']['output'];
  /** The SHA-256 of the bytes that were decoded, in lower-case hex. */
  readonly sha256: Scalars['String']['output'];
  /** The file's size in bytes. */
  readonly fileSize: Scalars['SafeInt']['output'];
  /** How far it is, or how it ended. Only SUCCEEDED means that the data is in. */
  readonly status: IngestionStatus;
  /** True when the file was only checked, and no data changed. */
  readonly dryRun: Scalars['Boolean']['output'];
  /** When it joined the queue. */
  readonly queuedAt: Scalars['DateTime']['output'];
  /** When its turn came. Null before that. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it ended. Null before that. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** How many rows the file declares. Null until that is known. */
  readonly rowsTotal?: Maybe<Scalars['SafeInt']['output']>;
  /** How many rows have been read so far. Once succeeded: inserted + corrected + unchanged + rejected. */
  readonly rowsRead: Scalars['SafeInt']['output'];
  /** Rows read per second so far, or over the whole ingestion. Null before the first rows. */
  readonly rowsPerSecond?: Maybe<Scalars['Float']['output']>;
  /** Seconds until all rows are read at the present rate. Null unless it is running and that can be told. */
  readonly secondsLeft?: Maybe<Scalars['Float']['output']>;
  /**
   * Rows that brought a measurement the database did not have. 0 until the ingestion has ended, and if it did not succeed;
   * a REVERTED one keeps its figure.
   */
  readonly inserted: Scalars['SafeInt']['output'];
  /**
   * Rows that changed the count or the categories of a measurement of the same account and instant. 0 until the ingestion
   * has ended, and if it did not succeed; a REVERTED one keeps its figure.
   */
  readonly corrected: Scalars['SafeInt']['output'];
  /**
   * Rows that repeated a measurement as it stood. 0 until the ingestion has ended, and if it did not succeed; a REVERTED
   * one keeps its figure.
   */
  readonly unchanged: Scalars['SafeInt']['output'];
  /** Rows that were set aside as invalid. 0 until the ingestion has ended, and then exact, after a failure too. */
  readonly rejected: Scalars['SafeInt']['output'];
  /** The rejected rows counted by reason. Empty until the ingestion has ended, and then exact, after a failure too. */
  readonly rejections: ReadonlyArray<RejectionCount>;
  /**
   * The rejected rows, by row number; none until the ingestion has ended. The first 1,000 are kept; the command line can
   * write all of them to a file. Where access tokens are asked for, these need the role ingest.
   */
  readonly rejectedRows: RejectedRowConnection;
  /**
   * How many accounts the database had not known before, tracked or not. 0 until the ingestion has ended, and if it did
   * not succeed; a REVERTED one keeps its figure.
   */
  readonly accountsCreated: Scalars['SafeInt']['output'];
  /**
   * The earliest instant among the file's accepted rows. Null when there is none, until the ingestion has ended, and if it
   * did not succeed; a REVERTED one keeps it.
   */
  readonly firstMeasuredAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The latest instant among the file's accepted rows. Null when there is none, until the ingestion has ended, and if it
   * did not succeed; a REVERTED one keeps it.
   */
  readonly lastMeasuredAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * Metadata of the file that disagrees with its values. The values are exact all the same. Empty until the ingestion has
   * ended.
   */
  readonly warnings: ReadonlyArray<IngestionWarning>;
  /** The version of this program that took the file. */
  readonly programVersion: Scalars['String']['output'];
  /** Why it failed or was cancelled. Null otherwise. */
  readonly error?: Maybe<UserError>;
};


/** One file's way into the database: a line of the ledger. */
export type IngestionRejectedRowsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** Metadata of an ingested file that disagrees with the file's values, which it describes but does not decide. */
export type IngestionWarning = {
  readonly __typename?: 'IngestionWarning';
  /** The kind of disagreement. */
  readonly code: IngestionWarningCode;
  /** The column that the metadata describes. Null when it describes the whole file. */
  readonly column?: Maybe<Scalars['String']['output']>;
  /** What disagrees, and where. The wording may change. */
  readonly message: Scalars['String']['output'];
};

/** The kinds of metadata that can disagree with a file's values. */
export type IngestionWarningCode =
  /** Statistics in the footer or in page headers, such as bounds or null counts, do not describe the values. */
  | 'STATISTICS_DISAGREE'
  /** A size, row count or value count in the footer or in a page header is not the real one. */
  | 'SIZE_DISAGREES'
  /** Bytes follow the last value of a page. They belong to no value and are ignored. */
  | 'TRAILING_BYTES';

/** How far an ingestion is, or how it ended. */
export type IngestionStatus =
  /** It waits for its turn, in the server's memory: it is lost if the server stops. */
  | 'QUEUED'
  /** Its rows are being read. Nothing of them can be seen yet. */
  | 'RUNNING'
  /** All its valid rows are in the database. Of a dry run: the file is fine, and no data changed. */
  | 'SUCCEEDED'
  /** It was refused or broke off, and nothing of it is in the database. See `error`. */
  | 'FAILED'
  /** It was cancelled, and nothing of it is in the database. */
  | 'CANCELLED'
  /** It had succeeded and was undone later. The same file can be ingested again. */
  | 'REVERTED';

/** How many rows were rejected for one reason. */
export type RejectionCount = {
  readonly __typename?: 'RejectionCount';
  /** The reason. */
  readonly reason: RejectionReason;
  /** How many rows. */
  readonly count: Scalars['SafeInt']['output'];
};

/** A row that was set aside as invalid. */
export type RejectedRow = {
  readonly __typename?: 'RejectedRow';
  /** Its number in the file, from 1. */
  readonly rowNumber: Scalars['SafeInt']['output'];
  /** Why it was rejected. */
  readonly reason: RejectionReason;
  /** The input column that decided. */
  readonly column: Scalars['String']['output'];
  /**
   * The four input columns as found, before any normalising, as JSON text. Big integers, NaN and Infinity are strings,
   * bytes are hex, and a value over 1 KB is cut and marked.
   */
  readonly row: Scalars['String']['output'];
};

/** Why a row was rejected. The first column that fails decides, in this order. */
export type RejectionReason =
  /** `account_id` is null or not a UUID. */
  | 'INVALID_ACCOUNT_ID'
  /** `date` is null, no real calendar instant, or in a form that is not accepted. */
  | 'INVALID_TIMESTAMP'
  /** `date` is before 2000-01-01 UTC, or more than 24 hours after the moment of ingestion. */
  | 'TIMESTAMP_OUT_OF_RANGE'
  /** `subscriber_count` is null, not a number, NaN, infinite, negative, or above 2^53 − 1. */
  | 'INVALID_SUBSCRIBER_COUNT'
  /** `categories` has a part of more than 100 characters, more than 100 parts, or control characters. */
  | 'INVALID_CATEGORIES';

/** What a person can mend: why a file, a cancellation or a reversal was refused. */
export type ErrorCode =
  /** There is no file at that path. Check the path; it is relative to the server's data directory. */
  | 'FILE_NOT_FOUND'
  /** The path leads outside the server's data directory. Move or copy the file into it. */
  | 'FILE_OUTSIDE_DATA_DIRECTORY'
  /** The path is a directory or a device. Name a single file. */
  | 'NOT_A_REGULAR_FILE'
  /** The file exceeds the server's size limit. Split it, or raise the limit. */
  | 'FILE_TOO_LARGE'
  /** The file changed while it was being taken. Wait until it is written completely, then ingest it again. */
  | 'FILE_CHANGED'
  /** The file's SHA-256 is not the one expected. Copy the file again, or correct `expectedSha256`. */
  | 'CHECKSUM_MISMATCH'
  /** The file is not Parquet. Check that it is the right one and that it was copied completely. */
  | 'NOT_PARQUET'
  /** The file is Parquet, but damaged. Copy or write it again. */
  | 'CORRUPT_PARQUET'
  /** The file is encrypted. Write it without encryption. */
  | 'ENCRYPTED_PARQUET'
  /** The file has a codec, an encoding or a nested column that cannot be read. Write it with other settings. */
  | 'UNSUPPORTED_PARQUET'
  /** A needed column is missing; the message names it and lists the file's columns. Rename or add it. */
  | 'MISSING_COLUMN'
  /** A needed column has a type that is not accepted; the message names it. Write it with another type. */
  | 'UNEXPECTED_COLUMN_TYPE'
  /** More than half of the rows are invalid. Look at the ingestion's rejections and mend the file. */
  | 'TOO_MANY_REJECTED_ROWS'
  /** The file or the reversal needs more time or memory, or the file declares a larger size, than the server allows. Split the file, or raise the limit. */
  | 'RESOURCE_LIMIT'
  /** Too many files or reversals are waiting. Try again later. */
  | 'QUEUE_FULL'
  /** The ingestion was cancelled. Ingest the file again if that was not meant. */
  | 'INGESTION_CANCELLED'
  /** The server or its process stopped during the load or the reversal, or the process could not be started. Ingest the file, or revert it, again. */
  | 'INGESTION_INTERRUPTED'
  /** There is no space left for the database. Free some, then ingest the file again. */
  | 'DATABASE_FULL'
  /** The database file cannot be written. Check its permissions and its disk. */
  | 'DATABASE_READ_ONLY'
  /** Another program holds the database. Close it or wait, then try again. */
  | 'DATABASE_BUSY'
  /** There is no ingestion of that id. Check the id; a queued ingestion is forgotten when the server stops. */
  | 'NOT_FOUND'
  /** The ingestion has already ended. Only a queued or running one can be cancelled. */
  | 'NOT_CANCELLABLE'
  /** The ingestion is not the newest succeeded one. If it succeeded, revert those after it first; of any other there is nothing to revert. */
  | 'NOT_LATEST_INGESTION';

/** Where a page lies in the whole filtered list, and the cursors to go on from. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** True when the filtered list holds a row after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** True when the filtered list holds a row before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the page's first row: give it as `before` to page backward. Null for an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the page's last row: give it as `after` to page forward. Null for an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** One page of accounts. */
export type AccountConnection = {
  readonly __typename?: 'AccountConnection';
  /** The accounts of the page, each with its cursor. */
  readonly edges: ReadonlyArray<AccountEdge>;
  /** The accounts of the page. */
  readonly nodes: ReadonlyArray<Account>;
  /** Where the page lies in the list. */
  readonly pageInfo: PageInfo;
  /** How many accounts match the filter, whatever the page and the cursors. Computed only when it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** An account's place in the list. */
export type AccountEdge = {
  readonly __typename?: 'AccountEdge';
  /** The cursor of this place: opaque, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The account. */
  readonly node: Account;
};

/** One page of measurements. */
export type MeasurementConnection = {
  readonly __typename?: 'MeasurementConnection';
  /** The measurements of the page, each with its cursor. */
  readonly edges: ReadonlyArray<MeasurementEdge>;
  /** The measurements of the page. */
  readonly nodes: ReadonlyArray<Measurement>;
  /** Where the page lies in the list. */
  readonly pageInfo: PageInfo;
  /** How many measurements lie between `from` and `to`, whatever the page and the cursors. Computed only when selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A measurement's place in the list. */
export type MeasurementEdge = {
  readonly __typename?: 'MeasurementEdge';
  /** The cursor of this place: opaque, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The measurement. */
  readonly node: Measurement;
};

/** One page of ingestions. */
export type IngestionConnection = {
  readonly __typename?: 'IngestionConnection';
  /** The ingestions of the page, each with its cursor. */
  readonly edges: ReadonlyArray<IngestionEdge>;
  /** The ingestions of the page. */
  readonly nodes: ReadonlyArray<Ingestion>;
  /** Where the page lies in the list. */
  readonly pageInfo: PageInfo;
  /** How many ingestions there are, whatever the page and the cursors. Computed only when it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** An ingestion's place in the list. */
export type IngestionEdge = {
  readonly __typename?: 'IngestionEdge';
  /** The cursor of this place: opaque, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The ingestion. */
  readonly node: Ingestion;
};

/** One page of rejected rows. */
export type RejectedRowConnection = {
  readonly __typename?: 'RejectedRowConnection';
  /** The rejected rows of the page, each with its cursor. */
  readonly edges: ReadonlyArray<RejectedRowEdge>;
  /** The rejected rows of the page. */
  readonly nodes: ReadonlyArray<RejectedRow>;
  /** Where the page lies in the list. */
  readonly pageInfo: PageInfo;
  /** How many rejected rows are kept, at most 1,000. `rejected` counts them all. Computed only when it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A rejected row's place in the list. */
export type RejectedRowEdge = {
  readonly __typename?: 'RejectedRowEdge';
  /** The cursor of this place: opaque, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The rejected row. */
  readonly node: RejectedRow;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( AccountParent )
    | ( MeasurementParent )
    | ( IngestionParent )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  UUID: ResolverTypeWrapper<Scalars['UUID']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  Account: ResolverTypeWrapper<AccountParent>;
  Measurement: ResolverTypeWrapper<MeasurementParent>;
  Growth: ResolverTypeWrapper<GrowthParent>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  HistoryPoint: ResolverTypeWrapper<HistoryPointParent>;
  Category: ResolverTypeWrapper<CategoryParent>;
  Dataset: ResolverTypeWrapper<DatasetParent>;
  GrowthCoverage: ResolverTypeWrapper<GrowthCoverageParent>;
  AccountFilter: AccountFilter;
  CategoryFilter: CategoryFilter;
  SafeIntFilter: SafeIntFilter;
  FloatFilter: FloatFilter;
  DateTimeFilter: DateTimeFilter;
  GrowthFilter: GrowthFilter;
  AccountOrder: AccountOrder;
  AccountOrderField: AccountOrderField;
  SortDirection: SortDirection;
  GrowthWindow: GrowthWindow;
  GrowthBaseline: GrowthBaseline;
  GrowthUnknownReason: GrowthUnknownReason;
  HistoryBucket: HistoryBucket;
  HistoryFill: HistoryFill;
  IngestAccountsInput: IngestAccountsInput;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CancelIngestionInput: CancelIngestionInput;
  RevertIngestionInput: RevertIngestionInput;
  IngestAccountsPayload: ResolverTypeWrapper<Omit<IngestAccountsPayload, 'ingestion' | 'userErrors'> & { ingestion?: Maybe<ResolversTypes['Ingestion']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  CancelIngestionPayload: ResolverTypeWrapper<Omit<CancelIngestionPayload, 'ingestion' | 'userErrors'> & { ingestion?: Maybe<ResolversTypes['Ingestion']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RevertIngestionPayload: ResolverTypeWrapper<Omit<RevertIngestionPayload, 'ingestion' | 'userErrors'> & { ingestion?: Maybe<ResolversTypes['Ingestion']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UserError: ResolverTypeWrapper<UserErrorParent>;
  Ingestion: ResolverTypeWrapper<IngestionParent>;
  IngestionWarning: ResolverTypeWrapper<IngestionWarningParent>;
  IngestionWarningCode: IngestionWarningCode;
  IngestionStatus: IngestionStatus;
  RejectionCount: ResolverTypeWrapper<RejectionCountParent>;
  RejectedRow: ResolverTypeWrapper<RejectedRowParent>;
  RejectionReason: RejectionReason;
  ErrorCode: ErrorCode;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  AccountConnection: ResolverTypeWrapper<Connection<AccountParent>>;
  AccountEdge: ResolverTypeWrapper<Omit<AccountEdge, 'node'> & { node: ResolversTypes['Account'] }>;
  MeasurementConnection: ResolverTypeWrapper<Connection<MeasurementParent>>;
  MeasurementEdge: ResolverTypeWrapper<Omit<MeasurementEdge, 'node'> & { node: ResolversTypes['Measurement'] }>;
  IngestionConnection: ResolverTypeWrapper<Connection<IngestionParent>>;
  IngestionEdge: ResolverTypeWrapper<Omit<IngestionEdge, 'node'> & { node: ResolversTypes['Ingestion'] }>;
  RejectedRowConnection: ResolverTypeWrapper<Connection<RejectedRowParent>>;
  RejectedRowEdge: ResolverTypeWrapper<Omit<RejectedRowEdge, 'node'> & { node: ResolversTypes['RejectedRow'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  SafeInt: Scalars['SafeInt']['output'];
  UUID: Scalars['UUID']['output'];
  Query: Record<PropertyKey, never>;
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  Account: AccountParent;
  Measurement: MeasurementParent;
  Growth: GrowthParent;
  Float: Scalars['Float']['output'];
  HistoryPoint: HistoryPointParent;
  Category: CategoryParent;
  Dataset: DatasetParent;
  GrowthCoverage: GrowthCoverageParent;
  AccountFilter: AccountFilter;
  CategoryFilter: CategoryFilter;
  SafeIntFilter: SafeIntFilter;
  FloatFilter: FloatFilter;
  DateTimeFilter: DateTimeFilter;
  GrowthFilter: GrowthFilter;
  AccountOrder: AccountOrder;
  IngestAccountsInput: IngestAccountsInput;
  Boolean: Scalars['Boolean']['output'];
  CancelIngestionInput: CancelIngestionInput;
  RevertIngestionInput: RevertIngestionInput;
  IngestAccountsPayload: Omit<IngestAccountsPayload, 'ingestion' | 'userErrors'> & { ingestion?: Maybe<ResolversParentTypes['Ingestion']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  CancelIngestionPayload: Omit<CancelIngestionPayload, 'ingestion' | 'userErrors'> & { ingestion?: Maybe<ResolversParentTypes['Ingestion']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RevertIngestionPayload: Omit<RevertIngestionPayload, 'ingestion' | 'userErrors'> & { ingestion?: Maybe<ResolversParentTypes['Ingestion']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UserError: UserErrorParent;
  Ingestion: IngestionParent;
  IngestionWarning: IngestionWarningParent;
  RejectionCount: RejectionCountParent;
  RejectedRow: RejectedRowParent;
  PageInfo: PageInfo;
  AccountConnection: Connection<AccountParent>;
  AccountEdge: Omit<AccountEdge, 'node'> & { node: ResolversParentTypes['Account'] };
  MeasurementConnection: Connection<MeasurementParent>;
  MeasurementEdge: Omit<MeasurementEdge, 'node'> & { node: ResolversParentTypes['Measurement'] };
  IngestionConnection: Connection<IngestionParent>;
  IngestionEdge: Omit<IngestionEdge, 'node'> & { node: ResolversParentTypes['Ingestion'] };
  RejectedRowConnection: Connection<RejectedRowParent>;
  RejectedRowEdge: Omit<RejectedRowEdge, 'node'> & { node: ResolversParentTypes['RejectedRow'] };
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface SafeIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['SafeInt'], any> {
  name: 'SafeInt';
}

export interface UuidScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['UUID'], any> {
  name: 'UUID';
}

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType, RequireFields<QueryAccountArgs, 'accountId'>>;
  accounts?: Resolver<ResolversTypes['AccountConnection'], ParentType, ContextType, RequireFields<QueryAccountsArgs, 'orderBy'>>;
  categories?: Resolver<ReadonlyArray<ResolversTypes['Category']>, ParentType, ContextType>;
  dataset?: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
  ingestion?: Resolver<Maybe<ResolversTypes['Ingestion']>, ParentType, ContextType, RequireFields<QueryIngestionArgs, 'id'>>;
  ingestions?: Resolver<ResolversTypes['IngestionConnection'], ParentType, ContextType, Partial<QueryIngestionsArgs>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
};

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  ingestAccounts?: Resolver<ResolversTypes['IngestAccountsPayload'], ParentType, ContextType, RequireFields<MutationIngestAccountsArgs, 'input'>>;
  cancelIngestion?: Resolver<ResolversTypes['CancelIngestionPayload'], ParentType, ContextType, RequireFields<MutationCancelIngestionArgs, 'input'>>;
  revertIngestion?: Resolver<ResolversTypes['RevertIngestionPayload'], ParentType, ContextType, RequireFields<MutationRevertIngestionArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  ingestionProgress?: SubscriptionResolver<ResolversTypes['Ingestion'], "ingestionProgress", ParentType, ContextType, RequireFields<SubscriptionIngestionProgressArgs, 'id'>>;
};

export type NodeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Account' | 'Measurement' | 'Ingestion', ParentType, ContextType>;
};

export type AccountResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  accountId?: Resolver<ResolversTypes['UUID'], ParentType, ContextType>;
  categories?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  subscriberCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  measuredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  growth?: Resolver<ResolversTypes['Growth'], ParentType, ContextType, RequireFields<AccountGrowthArgs, 'window' | 'baseline'>>;
  measurements?: Resolver<ResolversTypes['MeasurementConnection'], ParentType, ContextType, Partial<AccountMeasurementsArgs>>;
  history?: Resolver<ReadonlyArray<ResolversTypes['HistoryPoint']>, ParentType, ContextType, RequireFields<AccountHistoryArgs, 'bucket' | 'fill'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MeasurementResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Measurement'] = ResolversParentTypes['Measurement']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
  measuredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  subscriberCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  categories?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  ingestion?: Resolver<ResolversTypes['Ingestion'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GrowthResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Growth'] = ResolversParentTypes['Growth']> = {
  window?: Resolver<ResolversTypes['GrowthWindow'], ParentType, ContextType>;
  baseline?: Resolver<ResolversTypes['GrowthBaseline'], ParentType, ContextType>;
  opensAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  percent?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  absolute?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['Measurement']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Measurement'], ParentType, ContextType>;
  unknownReason?: Resolver<Maybe<ResolversTypes['GrowthUnknownReason']>, ParentType, ContextType>;
};

export type HistoryPointResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['HistoryPoint'] = ResolversParentTypes['HistoryPoint']> = {
  bucketStart?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  first?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  last?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  min?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  max?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  measurementCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CategoryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Category'] = ResolversParentTypes['Category']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  accountCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DatasetResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Dataset'] = ResolversParentTypes['Dataset']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  firstMeasuredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  accountCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  measurementCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  lastIngestion?: Resolver<Maybe<ResolversTypes['Ingestion']>, ParentType, ContextType>;
  growthCoverage?: Resolver<ResolversTypes['GrowthCoverage'], ParentType, ContextType, RequireFields<DatasetGrowthCoverageArgs, 'window' | 'baseline'>>;
};

export type GrowthCoverageResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['GrowthCoverage'] = ResolversParentTypes['GrowthCoverage']> = {
  known?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  noRecentMeasurement?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  noBaseline?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  zeroBaseline?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type IngestAccountsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IngestAccountsPayload'] = ResolversParentTypes['IngestAccountsPayload']> = {
  ingestion?: Resolver<Maybe<ResolversTypes['Ingestion']>, ParentType, ContextType>;
  alreadyIngested?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CancelIngestionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CancelIngestionPayload'] = ResolversParentTypes['CancelIngestionPayload']> = {
  ingestion?: Resolver<Maybe<ResolversTypes['Ingestion']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RevertIngestionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RevertIngestionPayload'] = ResolversParentTypes['RevertIngestionPayload']> = {
  ingestion?: Resolver<Maybe<ResolversTypes['Ingestion']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['ErrorCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type IngestionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Ingestion'] = ResolversParentTypes['Ingestion']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fileName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fileSize?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['IngestionStatus'], ParentType, ContextType>;
  dryRun?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  queuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  rowsTotal?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  rowsRead?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  rowsPerSecond?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  secondsLeft?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  inserted?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  corrected?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  unchanged?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  rejected?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  rejections?: Resolver<ReadonlyArray<ResolversTypes['RejectionCount']>, ParentType, ContextType>;
  rejectedRows?: Resolver<ResolversTypes['RejectedRowConnection'], ParentType, ContextType, Partial<IngestionRejectedRowsArgs>>;
  accountsCreated?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  firstMeasuredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastMeasuredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  warnings?: Resolver<ReadonlyArray<ResolversTypes['IngestionWarning']>, ParentType, ContextType>;
  programVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['UserError']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type IngestionWarningResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IngestionWarning'] = ResolversParentTypes['IngestionWarning']> = {
  code?: Resolver<ResolversTypes['IngestionWarningCode'], ParentType, ContextType>;
  column?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RejectionCountResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RejectionCount'] = ResolversParentTypes['RejectionCount']> = {
  reason?: Resolver<ResolversTypes['RejectionReason'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type RejectedRowResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RejectedRow'] = ResolversParentTypes['RejectedRow']> = {
  rowNumber?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['RejectionReason'], ParentType, ContextType>;
  column?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  row?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AccountConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AccountConnection'] = ResolversParentTypes['AccountConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AccountEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Account']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AccountEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AccountEdge'] = ResolversParentTypes['AccountEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type MeasurementConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['MeasurementConnection'] = ResolversParentTypes['MeasurementConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['MeasurementEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Measurement']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type MeasurementEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['MeasurementEdge'] = ResolversParentTypes['MeasurementEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Measurement'], ParentType, ContextType>;
};

export type IngestionConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IngestionConnection'] = ResolversParentTypes['IngestionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['IngestionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Ingestion']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type IngestionEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IngestionEdge'] = ResolversParentTypes['IngestionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Ingestion'], ParentType, ContextType>;
};

export type RejectedRowConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RejectedRowConnection'] = ResolversParentTypes['RejectedRowConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['RejectedRowEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['RejectedRow']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RejectedRowEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RejectedRowEdge'] = ResolversParentTypes['RejectedRowEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['RejectedRow'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  DateTime?: GraphQLScalarType;
  SafeInt?: GraphQLScalarType;
  UUID?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  Account?: AccountResolvers<ContextType>;
  Measurement?: MeasurementResolvers<ContextType>;
  Growth?: GrowthResolvers<ContextType>;
  HistoryPoint?: HistoryPointResolvers<ContextType>;
  Category?: CategoryResolvers<ContextType>;
  Dataset?: DatasetResolvers<ContextType>;
  GrowthCoverage?: GrowthCoverageResolvers<ContextType>;
  IngestAccountsPayload?: IngestAccountsPayloadResolvers<ContextType>;
  CancelIngestionPayload?: CancelIngestionPayloadResolvers<ContextType>;
  RevertIngestionPayload?: RevertIngestionPayloadResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  Ingestion?: IngestionResolvers<ContextType>;
  IngestionWarning?: IngestionWarningResolvers<ContextType>;
  RejectionCount?: RejectionCountResolvers<ContextType>;
  RejectedRow?: RejectedRowResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  AccountConnection?: AccountConnectionResolvers<ContextType>;
  AccountEdge?: AccountEdgeResolvers<ContextType>;
  MeasurementConnection?: MeasurementConnectionResolvers<ContextType>;
  MeasurementEdge?: MeasurementEdgeResolvers<ContextType>;
  IngestionConnection?: IngestionConnectionResolvers<ContextType>;
  IngestionEdge?: IngestionEdgeResolvers<ContextType>;
  RejectedRowConnection?: RejectedRowConnectionResolvers<ContextType>;
  RejectedRowEdge?: RejectedRowEdgeResolvers<ContextType>;
};

