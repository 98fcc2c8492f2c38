import { AppError } from '../../domain/errors.ts'
import type { Ingestion } from '../../domain/ingestion.ts'
import type { Measurement } from '../../domain/measurement.ts'
import type { Reader } from '../../domain/reader.ts'
import type { GraphQLContext } from '../context.ts'
import type { MeasurementResolvers } from '../generated.ts'
import { nodeId } from '../node-id.ts'
import type { MeasurementParent } from '../parents.ts'

export const measurement: MeasurementResolvers = {
  id: ({ accountId, measuredAt }) => nodeId({ type: 'Measurement', accountId, measuredAt }),

  account: ({ account, accountId }, _, { reader }) => account ?? reader.account(accountId).then(stillThere),

  categories: (measurement, _, { reader }) =>
    knownCategories(measurement) ?? readWhole(measurement, reader).then(({ categories }) => categories),

  async ingestion(measurement, _, context) {
    const { findIngestion = finderOf(context) } = measurement
    const ingestionId = measurement.ingestionId ?? (await readWhole(measurement, context.reader)).ingestionId
    return stillThere(await findIngestion(ingestionId))
  },
}

/** The newest measurement has the account's categories. */
function knownCategories({ categories, account, measuredAt }: MeasurementParent): readonly string[] | undefined {
  return categories ?? (account?.newest.measuredAt === measuredAt ? account.categories : undefined)
}

/** Of the ends of growth, read once however much of them is selected. A parent lives as long as its answer. */
const wholes = new WeakMap<MeasurementParent, Promise<Measurement>>()

function readWhole(end: MeasurementParent, reader: Reader): Promise<Measurement> {
  const whole = wholes.get(end) ?? reader.measurement(end.accountId, end.measuredAt).then(stillThere)
  wholes.set(end, whole)
  return whole
}

/** What one statement found, a later one may miss: an ingestion can end between them. */
function stillThere<Found>(found: Found | null): Found {
  if (found !== null) return found
  throw new AppError('DATABASE_BUSY', 'The data changed while it was being read. Ask again.')
}

type Find = (id: string) => Promise<Ingestion | null>

const finders = new WeakMap<GraphQLContext, Find>()

/** For the ends of growth, whose accounts know nothing of each other. A context lives as long as its answer. */
function finderOf(context: GraphQLContext): Find {
  const find = finders.get(context) ?? onceForEach(id => context.reader.ingestion(id))
  finders.set(context, find)
  return find
}

/** `find`, asked once for each id, however many measurements come from it. */
export function onceForEach<Found>(find: (id: string) => Promise<Found>): (id: string) => Promise<Found> {
  const asked = new Map<string, Promise<Found>>()
  return id => {
    const answer = asked.get(id) ?? find(id)
    asked.set(id, answer)
    return answer
  }
}
