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
   * A date and time as RFC 3339 text. Responses are in UTC with milliseconds, for example `2024-11-28T08:39:14.000Z`.
   * Arguments need a date, a time with seconds, and `Z` or an offset. Fractions finer than milliseconds are truncated.
   */
  DateTime: { input: number; output: number; }
  /** An integer from −(2^53 − 1) to 2^53 − 1, as a JSON number. Subscriber counts exceed the 32 bits of `Int`. */
  SafeInt: { input: number; output: number; }
  /**
   * The id of an account, as a lower-case UUID with hyphens. Arguments may also be in upper case, with surrounding white
   * space, or within braces.
   */
  UUID: { input: string; output: string; }
};

/**
 * Read access to all data. The API shows tracked accounts: those with more than 1,000 subscribers in their newest
 * measurement. Lists are Relay connections with pages of 20 rows by default and at most 100.
 */
export type Query = {
  readonly __typename?: 'Query';
  /** Returns one tracked account, or null if the account is unknown or not tracked. */
  readonly account?: Maybe<Account>;
  /** Lists the tracked accounts that match a filter. */
  readonly accounts: AccountConnection;
  /** Lists the categories of tracked accounts, sorted by lower-case name. */
  readonly categories: ReadonlyArray<Category>;
  /** Returns figures about the whole database. */
  readonly dataset: Dataset;
  /** Returns one ingestion, or null if the id is unknown. Repeat the query to follow a queued or running ingestion. */
  readonly ingestion?: Maybe<Ingestion>;
  /**
   * Lists the ledger: every ingestion that has started, newest queued first. An ingestion that is still queued can be found
   * by its id only.
   */
  readonly ingestions: IngestionConnection;
  /**
   * Returns any object by its node id, or null if it does not exist or its account is not tracked. A malformed id is an
   * error.
   */
  readonly node?: Maybe<Node>;
  /** Returns several objects by their node ids, in the order of `ids`, with null for an object that does not exist. */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
};


/**
 * Read access to all data. The API shows tracked accounts: those with more than 1,000 subscribers in their newest
 * measurement. Lists are Relay connections with pages of 20 rows by default and at most 100.
 */
export type QueryAccountArgs = {
  accountId: Scalars['UUID']['input'];
};


/**
 * Read access to all data. The API shows tracked accounts: those with more than 1,000 subscribers in their newest
 * measurement. Lists are Relay connections with pages of 20 rows by default and at most 100.
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
 * Read access to all data. The API shows tracked accounts: those with more than 1,000 subscribers in their newest
 * measurement. Lists are Relay connections with pages of 20 rows by default and at most 100.
 */
export type QueryIngestionArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Read access to all data. The API shows tracked accounts: those with more than 1,000 subscribers in their newest
 * measurement. Lists are Relay connections with pages of 20 rows by default and at most 100.
 */
export type QueryIngestionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Read access to all data. The API shows tracked accounts: those with more than 1,000 subscribers in their newest
 * measurement. Lists are Relay connections with pages of 20 rows by default and at most 100.
 */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Read access to all data. The API shows tracked accounts: those with more than 1,000 subscribers in their newest
 * measurement. Lists are Relay connections with pages of 20 rows by default and at most 100.
 */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};

/**
 * Operations that change the database. Errors that the caller can correct are returned in `userErrors`. All other errors
 * are in the top-level `errors` of the response.
 */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Loads the measurements of one Parquet file, either completely or not at all. A file that was ingested before is not
   * ingested again. If the server requires access tokens, this needs the role `ingest`.
   */
  readonly ingestAccounts: IngestAccountsPayload;
  /**
   * Cancels a queued or running ingestion. None of its data stays in the database. If the server requires access tokens,
   * this needs the role `ingest`.
   */
  readonly cancelIngestion: CancelIngestionPayload;
  /**
   * Reverts the newest successful ingestion: deletes the measurements that it inserted, and restores the earlier values of
   * those that it corrected. If the server requires access tokens, this needs the role `admin`.
   */
  readonly revertIngestion: RevertIngestionPayload;
};


/**
 * Operations that change the database. Errors that the caller can correct are returned in `userErrors`. All other errors
 * are in the top-level `errors` of the response.
 */
export type MutationIngestAccountsArgs = {
  input: IngestAccountsInput;
};


/**
 * Operations that change the database. Errors that the caller can correct are returned in `userErrors`. All other errors
 * are in the top-level `errors` of the response.
 */
export type MutationCancelIngestionArgs = {
  input: CancelIngestionInput;
};


/**
 * Operations that change the database. Errors that the caller can correct are returned in `userErrors`. All other errors
 * are in the top-level `errors` of the response.
 */
export type MutationRevertIngestionArgs = {
  input: RevertIngestionInput;
};

/** Live updates over WebSocket, at the address of this API, with the protocol graphql-transport-ws. */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /** Emits the current state of an ingestion, then its changes up to ten times a second, and finally its result. */
  readonly ingestionProgress: Ingestion;
};


/** Live updates over WebSocket, at the address of this API, with the protocol graphql-transport-ws. */
export type SubscriptionIngestionProgressArgs = {
  id: Scalars['ID']['input'];
};

/** An object that `node` can return. */
export type Node = {
  /** The node id, an opaque string for `node` and `nodes`. */
  readonly id: Scalars['ID']['output'];
};

/** A tracked account: one with more than 1,000 subscribers in its newest measurement. */
export type Account = Node & {
  readonly __typename?: 'Account';
  /** The node id, which encodes `accountId`. */
  readonly id: Scalars['ID']['output'];
  /** The account's UUID. */
  readonly accountId: Scalars['UUID']['output'];
  /** The categories of the newest measurement, sorted by lower-case name. Empty if it has none. */
  readonly categories: ReadonlyArray<Scalars['String']['output']>;
  /** The subscriber count of the newest measurement. */
  readonly subscriberCount: Scalars['SafeInt']['output'];
  /** The time of the newest measurement. */
  readonly measuredAt: Scalars['DateTime']['output'];
  /**
   * The growth of the account within a window. The window and baseline of a growth filter or order do not apply here: set
   * the arguments to the same values.
   */
  readonly growth: Growth;
  /** The account's measurements, oldest first, including counts of 1,000 and below. */
  readonly measurements: MeasurementConnection;
  /**
   * The account's measurements aggregated by calendar bucket in UTC, oldest first and without gaps, for charts. At most
   * 1,000 buckets.
   */
  readonly history: ReadonlyArray<HistoryPoint>;
};


/** A tracked account: one with more than 1,000 subscribers in its newest measurement. */
export type AccountGrowthArgs = {
  window?: GrowthWindow;
  baseline?: GrowthBaseline;
};


/** A tracked account: one with more than 1,000 subscribers in its newest measurement. */
export type AccountMeasurementsArgs = {
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** A tracked account: one with more than 1,000 subscribers in its newest measurement. */
export type AccountHistoryArgs = {
  bucket: HistoryBucket;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
  fill?: HistoryFill;
};

/** The subscriber count of one account at one time. */
export type Measurement = Node & {
  readonly __typename?: 'Measurement';
  /** The node id, which encodes the account and the time. */
  readonly id: Scalars['ID']['output'];
  /** The account that was measured. */
  readonly account: Account;
  /** The time of the measurement. Times without a zone are read as UTC, and fractions of a millisecond are truncated. */
  readonly measuredAt: Scalars['DateTime']['output'];
  /** The subscriber count, rounded half up to an integer. */
  readonly subscriberCount: Scalars['SafeInt']['output'];
  /** The categories of the account in this measurement, sorted by lower-case name. Empty if it has none. */
  readonly categories: ReadonlyArray<Scalars['String']['output']>;
  /** The ingestion that wrote this value: for a corrected measurement, the one that corrected it. */
  readonly ingestion: Ingestion;
};

/**
 * The growth of an account from an earlier measurement (`from`) to its newest measurement (`to`). Unknown growth is null
 * with a reason, never 0.
 */
export type Growth = {
  readonly __typename?: 'Growth';
  /** The window of this growth. */
  readonly window: GrowthWindow;
  /** The baseline of this growth. */
  readonly baseline: GrowthBaseline;
  /** The start of the window: one window before `dataset.asOf`, in the UTC calendar. */
  readonly opensAt: Scalars['DateTime']['output'];
  /**
   * The growth in percent, not rounded: (to − from) × 100 / from. For example, 12.5 means 12.5 %. Null if unknown, with the
   * reason in `unknownReason`.
   */
  readonly percent?: Maybe<Scalars['Float']['output']>;
  /** The difference of the two counts: to − from. Null if `from` is null. */
  readonly absolute?: Maybe<Scalars['SafeInt']['output']>;
  /** The measurement that growth starts from. Null for NO_RECENT_MEASUREMENT and NO_BASELINE. */
  readonly from?: Maybe<Measurement>;
  /** The account's newest measurement. It is set even if growth is unknown. */
  readonly to: Measurement;
  /** The reason why `percent` is null. Null if `percent` is known. */
  readonly unknownReason?: Maybe<GrowthUnknownReason>;
};

/** A calendar bucket of an account's history. A bucket without measurements has the counts that `fill` selects. */
export type HistoryPoint = {
  readonly __typename?: 'HistoryPoint';
  /** The start of the bucket in UTC. It can be before the `from` argument. */
  readonly bucketStart: Scalars['DateTime']['output'];
  /** The first count in the bucket. */
  readonly first?: Maybe<Scalars['SafeInt']['output']>;
  /** The last count in the bucket. */
  readonly last?: Maybe<Scalars['SafeInt']['output']>;
  /** The smallest count in the bucket. */
  readonly min?: Maybe<Scalars['SafeInt']['output']>;
  /** The largest count in the bucket. */
  readonly max?: Maybe<Scalars['SafeInt']['output']>;
  /** The number of measurements in the bucket. 0 for a bucket without measurements, even if its counts are filled. */
  readonly measurementCount: Scalars['Int']['output'];
};

/** A category of tracked accounts. */
export type Category = {
  readonly __typename?: 'Category';
  /** The name, in the spelling that was ingested first. */
  readonly name: Scalars['String']['output'];
  /** The number of tracked accounts with this category. */
  readonly accountCount: Scalars['Int']['output'];
};

/** Figures about the whole database. `accountCount` and `growthCoverage` count tracked accounts; the others cover all data. */
export type Dataset = {
  readonly __typename?: 'Dataset';
  /**
   * The time of the newest measurement, where every growth window ends. It replaces the current time, because files can
   * arrive long after the measurements were taken. Null if the database is empty.
   */
  readonly asOf?: Maybe<Scalars['DateTime']['output']>;
  /** The time of the oldest measurement. Null if the database is empty. */
  readonly firstMeasuredAt?: Maybe<Scalars['DateTime']['output']>;
  /** The number of tracked accounts. */
  readonly accountCount: Scalars['Int']['output'];
  /** The number of measurements, including those of untracked accounts. */
  readonly measurementCount: Scalars['SafeInt']['output'];
  /** The newest ingestion with the status SUCCEEDED that is not a dry run. Null if there is none. */
  readonly lastIngestion?: Maybe<Ingestion>;
  /**
   * The number of tracked accounts with known growth, and with unknown growth by reason. It shows how much of the data a
   * list sorted or filtered by growth covers.
   */
  readonly growthCoverage: GrowthCoverage;
};


/** Figures about the whole database. `accountCount` and `growthCoverage` count tracked accounts; the others cover all data. */
export type DatasetGrowthCoverageArgs = {
  window?: GrowthWindow;
  baseline?: GrowthBaseline;
};

/** The number of tracked accounts by whether their growth is known. The four figures add up to `dataset.accountCount`. */
export type GrowthCoverage = {
  readonly __typename?: 'GrowthCoverage';
  /** Accounts with a known growth in percent. */
  readonly known: Scalars['Int']['output'];
  /** Accounts without a measurement in the window. */
  readonly noRecentMeasurement: Scalars['Int']['output'];
  /** Accounts without an earlier measurement to start from. */
  readonly noBaseline: Scalars['Int']['output'];
  /** Accounts whose earlier count is 0, so that the growth in percent is undefined. */
  readonly zeroBaseline: Scalars['Int']['output'];
};

/** Conditions on accounts. An account must meet all conditions that are set; null matches every account. */
export type AccountFilter = {
  /** Conditions on the account's categories. */
  readonly categories?: InputMaybe<CategoryFilter>;
  /** Bounds on the newest subscriber count. */
  readonly subscriberCount?: InputMaybe<SafeIntFilter>;
  /** Conditions on growth. Without bounds, it matches accounts whose growth in percent is known. */
  readonly growth?: InputMaybe<GrowthFilter>;
  /** Bounds on the time of the newest measurement. */
  readonly measuredAt?: InputMaybe<DateTimeFilter>;
};

/**
 * Conditions on an account's categories. Names are compared case-insensitively. An account must meet all conditions that
 * are set; null matches every account. An unknown category is not an error and matches no account.
 */
export type CategoryFilter = {
  /** The account has at least one of these categories. An empty list matches no account. */
  readonly anyOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The account has all of these categories. An empty list matches every account. */
  readonly allOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The account has none of these categories. An empty list matches every account. */
  readonly noneOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Bounds on an integer. A value must be within all bounds that are set; null is no bound. */
export type SafeIntFilter = {
  /** Greater than this value. */
  readonly gt?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Greater than or equal to this value. */
  readonly gte?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Less than this value. */
  readonly lt?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Less than or equal to this value. */
  readonly lte?: InputMaybe<Scalars['SafeInt']['input']>;
};

/** Bounds on a number. A value must be within all bounds that are set; null is no bound. Values are not rounded. */
export type FloatFilter = {
  /** Greater than this value: `percent: {gt: 10}` does not match exactly 10 %. */
  readonly gt?: InputMaybe<Scalars['Float']['input']>;
  /** Greater than or equal to this value. */
  readonly gte?: InputMaybe<Scalars['Float']['input']>;
  /** Less than this value. */
  readonly lt?: InputMaybe<Scalars['Float']['input']>;
  /** Less than or equal to this value. */
  readonly lte?: InputMaybe<Scalars['Float']['input']>;
};

/** Bounds on a time. A value must be within all bounds that are set; null is no bound. */
export type DateTimeFilter = {
  /** After this time. */
  readonly gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or after this time. */
  readonly gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** Before this time. */
  readonly lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or before this time. */
  readonly lte?: InputMaybe<Scalars['DateTime']['input']>;
};

/**
 * Conditions on growth within a window. Accounts with unknown growth match no bound. Without bounds, it matches accounts
 * whose growth in percent is known.
 */
export type GrowthFilter = {
  /** The length of the window, which ends at `dataset.asOf`. */
  readonly window?: GrowthWindow;
  /** The measurement that growth starts from. */
  readonly baseline?: GrowthBaseline;
  /** Bounds on growth in percent: 12.5 means 12.5 %. `{gt: 10}` matches accounts that grew by more than 10 %. */
  readonly percent?: InputMaybe<FloatFilter>;
  /** Bounds on growth as a difference of counts. It is also known for accounts that started from 0. */
  readonly absolute?: InputMaybe<SafeIntFilter>;
};

/** The sort order of accounts. Ties are sorted by `accountId` in the same direction. */
export type AccountOrder = {
  /** The field to sort by. */
  readonly field: AccountOrderField;
  /** The sort direction. Accounts with unknown growth come last in both directions. */
  readonly direction?: SortDirection;
  /**
   * The growth window, for GROWTH_PERCENT and GROWTH_ABSOLUTE only; an error with other fields. Null: the window of the
   * growth filter, or MONTH without one.
   */
  readonly window?: InputMaybe<GrowthWindow>;
  /**
   * The growth baseline, for GROWTH_PERCENT and GROWTH_ABSOLUTE only; an error with other fields. Null: the baseline of the
   * growth filter, or FIRST_IN_WINDOW without one.
   */
  readonly baseline?: InputMaybe<GrowthBaseline>;
};

/** A field that accounts can be sorted by. */
export type AccountOrderField =
  /** The newest subscriber count. */
  | 'SUBSCRIBER_COUNT'
  /** Growth in percent. Accounts with unknown growth in percent come last in both directions. */
  | 'GROWTH_PERCENT'
  /** Growth as a difference of counts. Accounts for which it is unknown come last in both directions. */
  | 'GROWTH_ABSOLUTE'
  /** The time of the newest measurement. */
  | 'MEASURED_AT'
  /** The account's id. */
  | 'ACCOUNT_ID';

/** A sort direction. */
export type SortDirection =
  /** Smallest, earliest or lowest id first. */
  | 'ASC'
  /** Largest, latest or highest id first. */
  | 'DESC';

/**
 * The length of a growth window. Windows end at `dataset.asOf` and follow the UTC calendar. If a month is too short, its
 * last day is used: one month before 31 March is 28 or 29 February.
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

/** The rule that selects the measurement that growth starts from. The two rules can give different results. */
export type GrowthBaseline =
  /** The first measurement at or after the start of the window: growth observed within the window. */
  | 'FIRST_IN_WINDOW'
  /**
   * The last measurement at or before the start of the window, if it is at most one window older; otherwise the first
   * measurement after the start. It suits accounts that are measured about once per window.
   */
  | 'AT_WINDOW_START';

/** The reason why growth in percent is unknown. */
export type GrowthUnknownReason =
  /** The account's newest measurement is before the start of the window. */
  | 'NO_RECENT_MEASUREMENT'
  /** The baseline rule finds no measurement before the newest one. */
  | 'NO_BASELINE'
  /** The earlier count is 0. `from` and `absolute` are known, but the growth in percent is undefined. */
  | 'ZERO_BASELINE';

/** The length of a history bucket in the UTC calendar. */
export type HistoryBucket =
  /** A day, starting at 00:00 UTC. */
  | 'DAY'
  /** A week, starting on Monday at 00:00 UTC. */
  | 'WEEK'
  /** A calendar month. */
  | 'MONTH'
  /** A calendar quarter, starting in January, April, July or October. */
  | 'QUARTER';

/** The counts of a history bucket without measurements. Its `measurementCount` is always 0. */
export type HistoryFill =
  /** The counts are null. */
  | 'NONE'
  /**
   * The counts repeat the last count before the bucket, even if it was measured before `from`. They are null if there is no
   * earlier count.
   */
  | 'LAST';

/** A file to ingest, and the options of its ingestion. */
export type IngestAccountsInput = {
  /** The path of a Parquet file, relative to the server's data directory, or absolute and inside it. */
  readonly file: Scalars['String']['input'];
  /** True: respond when the ingestion has ended. False: respond as soon as it is queued; follow it by its id. */
  readonly wait?: Scalars['Boolean']['input'];
  /** True: read and check the whole file and report the result, without changing any data. */
  readonly dryRun?: Scalars['Boolean']['input'];
  /**
   * True: reject the file with CORRUPT_PARQUET if its metadata disagrees with its values. False: ingest it and report each
   * disagreement in `warnings`. A file whose values cannot be read exactly is always rejected.
   */
  readonly strict?: Scalars['Boolean']['input'];
  /** The SHA-256 of the file as 64 hex digits. A file with another SHA-256 is rejected. Null: no check. */
  readonly expectedSha256?: InputMaybe<Scalars['String']['input']>;
};

/** An ingestion to cancel. */
export type CancelIngestionInput = {
  /** The `id` of a queued or running ingestion. */
  readonly id: Scalars['ID']['input'];
};

/** An ingestion to revert. */
export type RevertIngestionInput = {
  /** The `id` of the newest successful ingestion. */
  readonly id: Scalars['ID']['input'];
};

/** The result of ingesting a file. */
export type IngestAccountsPayload = {
  readonly __typename?: 'IngestAccountsPayload';
  /** The ingestion of the file. Null if the file was rejected before its SHA-256 was computed. */
  readonly ingestion?: Maybe<Ingestion>;
  /** True if the same bytes were ingested before. `ingestion` is the earlier ingestion, and no data has changed. */
  readonly alreadyIngested: Scalars['Boolean']['output'];
  /** The reasons why the file was rejected. Empty if it was not. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The result of a cancellation. */
export type CancelIngestionPayload = {
  readonly __typename?: 'CancelIngestionPayload';
  /** The ingestion in its current state. Null if no ingestion has this id. */
  readonly ingestion?: Maybe<Ingestion>;
  /** The reasons why the ingestion was not cancelled. Empty if it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The result of a reversal. */
export type RevertIngestionPayload = {
  readonly __typename?: 'RevertIngestionPayload';
  /** The ingestion in its current state. Null if no ingestion has this id. */
  readonly ingestion?: Maybe<Ingestion>;
  /** The reasons why the ingestion was not reverted. Empty if it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An error that the caller can correct. */
export type UserError = {
  readonly __typename?: 'UserError';
  /** The error code, for programs. */
  readonly code: ErrorCode;
  /** The path of the input field with the error, for example `["input", "file"]`. Null if no field has it. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What is wrong and what to do, for people. The wording can change. */
  readonly message: Scalars['String']['output'];
};

/** The ingestion of one file: an entry of the ledger. */
export type Ingestion = Node & {
  readonly __typename?: 'Ingestion';
  /** The node id. */
  readonly id: Scalars['ID']['output'];
  /**
   * The path of the file relative to the data directory, or its base name if it is elsewhere. For a file uploaded to
   * /ingest, the name that the client gave it.
   */
  readonly fileName: Scalars['String']['output'];
  /** The SHA-256 of the bytes that were decoded, in lower-case hex. */
  readonly sha256: Scalars['String']['output'];
  /** The size of the file in bytes. */
  readonly fileSize: Scalars['SafeInt']['output'];
  /** The state of the ingestion. Only SUCCEEDED means that the data is in the database. */
  readonly status: IngestionStatus;
  /** True if the file was only checked, and no data changed. */
  readonly dryRun: Scalars['Boolean']['output'];
  /** The time when the ingestion was queued. */
  readonly queuedAt: Scalars['DateTime']['output'];
  /** The time when the ingestion started. Null before that. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The time when the ingestion ended. Null before that. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The number of rows that the file declares. Null until it is known. */
  readonly rowsTotal?: Maybe<Scalars['SafeInt']['output']>;
  /** The number of rows read so far. After success, inserted + corrected + unchanged + rejected. */
  readonly rowsRead: Scalars['SafeInt']['output'];
  /** The rows read per second so far, or in the whole ingestion. Null before the first row. */
  readonly rowsPerSecond?: Maybe<Scalars['Float']['output']>;
  /** The estimated seconds until all rows are read. Null unless the ingestion is running and an estimate is possible. */
  readonly secondsLeft?: Maybe<Scalars['Float']['output']>;
  /**
   * The number of rows that added a new measurement. 0 until the ingestion has ended, and after a failure. A REVERTED
   * ingestion keeps its number.
   */
  readonly inserted: Scalars['SafeInt']['output'];
  /**
   * The number of rows that changed the count or the categories of an existing measurement of the same account and time. 0
   * until the ingestion has ended, and after a failure. A REVERTED ingestion keeps its number.
   */
  readonly corrected: Scalars['SafeInt']['output'];
  /**
   * The number of rows that repeated an existing measurement without a change. 0 until the ingestion has ended, and after a
   * failure. A REVERTED ingestion keeps its number.
   */
  readonly unchanged: Scalars['SafeInt']['output'];
  /** The number of rejected rows. 0 until the ingestion has ended; then exact, even after a failure. */
  readonly rejected: Scalars['SafeInt']['output'];
  /** The number of rejected rows by reason. Empty until the ingestion has ended; then exact, even after a failure. */
  readonly rejections: ReadonlyArray<RejectionCount>;
  /**
   * The rejected rows, by row number. Empty until the ingestion has ended. The database keeps the first 1,000; the command
   * line can write all of them to a file. If the server requires access tokens, this needs the role `ingest`.
   */
  readonly rejectedRows: RejectedRowConnection;
  /**
   * The number of accounts that were new to the database, tracked or not. 0 until the ingestion has ended, and after a
   * failure. A REVERTED ingestion keeps its number.
   */
  readonly accountsCreated: Scalars['SafeInt']['output'];
  /**
   * The earliest time among the valid rows of the file. Null if there are none, until the ingestion has ended, and after a
   * failure. A REVERTED ingestion keeps it.
   */
  readonly firstMeasuredAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The latest time among the valid rows of the file. Null if there are none, until the ingestion has ended, and after a
   * failure. A REVERTED ingestion keeps it.
   */
  readonly lastMeasuredAt?: Maybe<Scalars['DateTime']['output']>;
  /** Disagreements between the metadata and the values of the file. The ingested values are exact. Empty until it has ended. */
  readonly warnings: ReadonlyArray<IngestionWarning>;
  /** The version of account-growth that ingested the file. */
  readonly programVersion: Scalars['String']['output'];
  /** The reason why the ingestion failed or was cancelled. Null otherwise. */
  readonly error?: Maybe<UserError>;
};


/** The ingestion of one file: an entry of the ledger. */
export type IngestionRejectedRowsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** A disagreement between the metadata and the values of an ingested file. */
export type IngestionWarning = {
  readonly __typename?: 'IngestionWarning';
  /** The kind of disagreement. */
  readonly code: IngestionWarningCode;
  /** The column that the metadata describes. Null if it describes the whole file. */
  readonly column?: Maybe<Scalars['String']['output']>;
  /** What disagrees, and where. The wording can change. */
  readonly message: Scalars['String']['output'];
};

/** The kind of metadata that disagrees with the values of a file. */
export type IngestionWarningCode =
  /** Statistics in the footer or in page headers, such as bounds or null counts, do not match the values. */
  | 'STATISTICS_DISAGREE'
  /** A size, row count or value count in the footer or in a page header is wrong. */
  | 'SIZE_DISAGREES'
  /** Bytes follow the last value of a page. They are ignored. */
  | 'TRAILING_BYTES';

/** The state of an ingestion. */
export type IngestionStatus =
  /** The ingestion waits in the server's memory. It is lost if the server stops. */
  | 'QUEUED'
  /** The rows are being read. None of them is visible yet. */
  | 'RUNNING'
  /** All valid rows are in the database. After a dry run: the file is valid, and no data changed. */
  | 'SUCCEEDED'
  /** The ingestion was rejected or aborted. None of its data is in the database. See `error`. */
  | 'FAILED'
  /** The ingestion was cancelled. None of its data is in the database. */
  | 'CANCELLED'
  /** The ingestion succeeded and was reverted later. The same file can be ingested again. */
  | 'REVERTED';

/** The number of rows that were rejected for one reason. */
export type RejectionCount = {
  readonly __typename?: 'RejectionCount';
  /** The reason. */
  readonly reason: RejectionReason;
  /** The number of rows. */
  readonly count: Scalars['SafeInt']['output'];
};

/** An invalid row of a file. It was skipped. */
export type RejectedRow = {
  readonly __typename?: 'RejectedRow';
  /** The row's number in the file, starting at 1. */
  readonly rowNumber: Scalars['SafeInt']['output'];
  /** The reason why the row was rejected. */
  readonly reason: RejectionReason;
  /** The input column with the invalid value. */
  readonly column: Scalars['String']['output'];
  /**
   * The values of the four input columns as found in the file, as JSON text. Large integers, NaN and Infinity are strings,
   * bytes are hex, and a value over 1 KB is truncated and marked.
   */
  readonly row: Scalars['String']['output'];
};

/** The reason why a row was rejected. The columns are checked in this order, and the first invalid one decides. */
export type RejectionReason =
  /** `account_id` is null or not a UUID. */
  | 'INVALID_ACCOUNT_ID'
  /** `date` is null, not a valid date and time, or not in an accepted format. */
  | 'INVALID_TIMESTAMP'
  /** `date` is before 2000-01-01 UTC, or more than 24 hours after the time of ingestion. */
  | 'TIMESTAMP_OUT_OF_RANGE'
  /** `subscriber_count` is null, not a number, NaN, infinite, negative, or above 2^53 − 1. */
  | 'INVALID_SUBSCRIBER_COUNT'
  /** `categories` has a name of more than 100 characters, more than 100 names, or control characters. */
  | 'INVALID_CATEGORIES';

/** The reason why a file, a cancellation or a reversal was rejected. */
export type ErrorCode =
  /** No file exists at this path. Check the path, which is relative to the server's data directory. */
  | 'FILE_NOT_FOUND'
  /** The path leads outside the server's data directory. Copy the file into it. */
  | 'FILE_OUTSIDE_DATA_DIRECTORY'
  /** The path is a directory or a device. Use the path of a file. */
  | 'NOT_A_REGULAR_FILE'
  /** The file exceeds the server's size limit. Split the file, or raise the limit. */
  | 'FILE_TOO_LARGE'
  /** The file changed during the ingestion. Wait until it is written completely, then ingest it again. */
  | 'FILE_CHANGED'
  /** The SHA-256 of the file is not the expected one. Copy the file again, or correct `expectedSha256`. */
  | 'CHECKSUM_MISMATCH'
  /** The file is not a Parquet file. Check that it is the right file and that it was copied completely. */
  | 'NOT_PARQUET'
  /** The Parquet file is damaged. Copy or write it again. */
  | 'CORRUPT_PARQUET'
  /** The file is encrypted. Write it without encryption. */
  | 'ENCRYPTED_PARQUET'
  /** The file uses a codec, an encoding or a nested column that is not supported. Write it with other settings. */
  | 'UNSUPPORTED_PARQUET'
  /** A required column is missing. The message names it and lists the columns of the file. Rename or add the column. */
  | 'MISSING_COLUMN'
  /** A required column has a type that is not supported. The message names it. Write the column with another type. */
  | 'UNEXPECTED_COLUMN_TYPE'
  /** More than half of the rows are invalid. Check the `rejections` of the ingestion and correct the file. */
  | 'TOO_MANY_REJECTED_ROWS'
  /**
   * The ingestion or reversal exceeds the server's limit of time or memory, or the file declares too large a size. Split the
   * file, or raise the limit.
   */
  | 'RESOURCE_LIMIT'
  /** The queue of files and reversals is full. Try again later. */
  | 'QUEUE_FULL'
  /** The ingestion was cancelled. To load the file, ingest it again. */
  | 'INGESTION_CANCELLED'
  /**
   * The server or the ingestion process stopped during the ingestion or reversal, or the process could not be started.
   * Repeat the ingestion or the reversal.
   */
  | 'INGESTION_INTERRUPTED'
  /** The disk of the database is full. Free some space, then ingest the file again. */
  | 'DATABASE_FULL'
  /** The database file is not writable. Check its permissions and its disk. */
  | 'DATABASE_READ_ONLY'
  /** Another program has locked the database. Stop it or wait, then try again. */
  | 'DATABASE_BUSY'
  /** No ingestion has this id. Check the id. A queued ingestion is lost if the server stops. */
  | 'NOT_FOUND'
  /** The ingestion has already ended. Only a queued or running ingestion can be cancelled. */
  | 'NOT_CANCELLABLE'
  /**
   * The ingestion is not the newest successful one. Revert the later ingestions first. An ingestion that did not succeed
   * cannot be reverted.
   */
  | 'NOT_LATEST_INGESTION';

/** The position of a page in the filtered list, and the cursors of its neighbours. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** True if the filtered list has rows after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** True if the filtered list has rows before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first row. Use it as `before` to page backward. Null for an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the last row. Use it as `after` to page forward. Null for an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** A page of accounts. */
export type AccountConnection = {
  readonly __typename?: 'AccountConnection';
  /** The accounts of the page, with their cursors. */
  readonly edges: ReadonlyArray<AccountEdge>;
  /** The accounts of the page. */
  readonly nodes: ReadonlyArray<Account>;
  /** The position of the page in the list. */
  readonly pageInfo: PageInfo;
  /** The number of accounts that match the filter, on all pages. It is computed only if it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** An account and its cursor. */
export type AccountEdge = {
  readonly __typename?: 'AccountEdge';
  /** The cursor of the account, an opaque string for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The account. */
  readonly node: Account;
};

/** A page of measurements. */
export type MeasurementConnection = {
  readonly __typename?: 'MeasurementConnection';
  /** The measurements of the page, with their cursors. */
  readonly edges: ReadonlyArray<MeasurementEdge>;
  /** The measurements of the page. */
  readonly nodes: ReadonlyArray<Measurement>;
  /** The position of the page in the list. */
  readonly pageInfo: PageInfo;
  /** The number of measurements between `from` and `to`, on all pages. It is computed only if it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A measurement and its cursor. */
export type MeasurementEdge = {
  readonly __typename?: 'MeasurementEdge';
  /** The cursor of the measurement, an opaque string for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The measurement. */
  readonly node: Measurement;
};

/** A page of ingestions. */
export type IngestionConnection = {
  readonly __typename?: 'IngestionConnection';
  /** The ingestions of the page, with their cursors. */
  readonly edges: ReadonlyArray<IngestionEdge>;
  /** The ingestions of the page. */
  readonly nodes: ReadonlyArray<Ingestion>;
  /** The position of the page in the list. */
  readonly pageInfo: PageInfo;
  /** The number of ingestions in the ledger, on all pages. It is computed only if it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** An ingestion and its cursor. */
export type IngestionEdge = {
  readonly __typename?: 'IngestionEdge';
  /** The cursor of the ingestion, an opaque string for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The ingestion. */
  readonly node: Ingestion;
};

/** A page of rejected rows. */
export type RejectedRowConnection = {
  readonly __typename?: 'RejectedRowConnection';
  /** The rejected rows of the page, with their cursors. */
  readonly edges: ReadonlyArray<RejectedRowEdge>;
  /** The rejected rows of the page. */
  readonly nodes: ReadonlyArray<RejectedRow>;
  /** The position of the page in the list. */
  readonly pageInfo: PageInfo;
  /**
   * The number of rejected rows that the database keeps, at most 1,000, on all pages. `Ingestion.rejected` counts all of
   * them. It is computed only if it is selected.
   */
  readonly totalCount: Scalars['Int']['output'];
};

/** A rejected row and its cursor. */
export type RejectedRowEdge = {
  readonly __typename?: 'RejectedRowEdge';
  /** The cursor of the rejected row, an opaque string for `after` and `before`. */
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

