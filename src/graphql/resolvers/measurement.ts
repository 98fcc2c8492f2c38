import { AppError } from '../../domain/errors.ts'
import type { Ingestion } from '../../domain/ingestion.ts'
import type { Measurement } from '../../domain/measurement.ts'
import type { Reader } from '../../domain/reader.ts'
import type { GraphQLContext, MeasurementParent } from '../context.ts'
import type { MeasurementResolvers } from '../generated.ts'
import { nodeId } from '../node-id.ts'

export const measurement: MeasurementResolvers = {
  id: ({ accountId, measuredAt }) => nodeId({ type: 'Measurement', accountId, measuredAt }),

  account: ({ account, accountId }, _, { reader }) => account ?? reader.account(accountId).then(requireFound),

  categories: (measurement, _, { reader }) =>
    knownCategories(measurement) ?? readMeasurement(measurement, reader).then(({ categories }) => categories),

  async ingestion(measurement, _, context) {
    const { findIngestion = ingestionFinder(context) } = measurement
    const ingestionId = measurement.ingestionId ?? (await readMeasurement(measurement, context.reader)).ingestionId
    return requireFound(await findIngestion(ingestionId))
  },
}

/** The newest measurement has the categories of the account. */
function knownCategories({ categories, account, measuredAt }: MeasurementParent): readonly string[] | undefined {
  return categories ?? (account?.newest.measuredAt === measuredAt ? account.categories : undefined)
}

/** Keyed by parent value, which lives as long as the response: several selected fields read the measurement once. */
const readMeasurements = new WeakMap<MeasurementParent, Promise<Measurement>>()

function readMeasurement(parent: MeasurementParent, reader: Reader): Promise<Measurement> {
  const read =
    readMeasurements.get(parent) ?? reader.measurement(parent.accountId, parent.measuredAt).then(requireFound)
  readMeasurements.set(parent, read)
  return read
}

/** An ingestion that commits between two statements of a response can remove what the first one found. */
function requireFound<Found>(found: Found | null): Found {
  if (found !== null) return found
  throw new AppError('DATABASE_BUSY', 'The data changed during the query. Run the query again.')
}

type FindIngestion = (id: string) => Promise<Ingestion | null>

const ingestionFinders = new WeakMap<GraphQLContext, FindIngestion>()

/** Returns a finder that is shared by all `Growth.from` and `Growth.to` of a response. */
function ingestionFinder(context: GraphQLContext): FindIngestion {
  const find = ingestionFinders.get(context) ?? memoizeById(id => context.reader.ingestion(id))
  ingestionFinders.set(context, find)
  return find
}

/** Returns `find` with its results cached by id. */
export function memoizeById<Found>(find: (id: string) => Promise<Found>): (id: string) => Promise<Found> {
  const cache = new Map<string, Promise<Found>>()
  return id => {
    const found = cache.get(id) ?? find(id)
    cache.set(id, found)
    return found
  }
}
