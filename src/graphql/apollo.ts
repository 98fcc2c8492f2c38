import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import { OperationTypeNode } from 'graphql'
import { AppError } from '../domain/errors.ts'
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../domain/query-limits.ts'
import { requireRights } from './access.ts'
import { runCompiled } from './compiled.ts'
import type { GraphQLContext } from './context.ts'
import { errorFormatter } from './errors.ts'
import { EXAMPLES } from './examples.ts'
import { answerWellFormedInPlainJson } from './http-status.ts'
import { CostLimit, limitCost } from './limits/limit-cost.ts'
import { limitShape } from './limits/rule.ts'
import { schema } from './schema.ts'
import { rootWithoutConditions } from './subscription-root.ts'

export interface ApolloServerSettings {
  /** Told of every error that is no fault of the client, whose cause the answer does not name. */
  readonly onUnexpectedError: (error: unknown) => void
  readonly limits?: QueryLimits
  readonly plugins?: readonly ApolloServerPlugin<GraphQLContext>[]
}

/**
 * An Apollo server over the schema, still to be started. Nothing of it depends on the environment: Apollo would read
 * NODE_ENV for introspection, the landing page, stack traces and signal handlers, so each of them is set here.
 */
export function createApolloServer(settings: ApolloServerSettings): ApolloServer<GraphQLContext> {
  const { onUnexpectedError, limits = DEFAULT_QUERY_LIMITS, plugins = [] } = settings
  return new ApolloServer<GraphQLContext>({
    schema,
    introspection: true,
    nodeEnv: 'production',
    formatError: errorFormatter(onUnexpectedError),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: limits.maxTokens },
    validationRules: [limitShape(limits), rootWithoutConditions],
    validationOptions: { hideSuggestions: true },
    // Whoever owns the process decides when it ends.
    stopOnTerminationSignals: false,
    plugins: [
      // Before all others: who may not ask is told nothing else.
      requireRights(),
      ...plugins,
      refuseSubscriptions(),
      limitCost(new CostLimit(schema, limits)),
      runCompiled(schema),
      answerWellFormedInPlainJson(),
      sandbox(Object.values(EXAMPLES).join('\n\n')),
      ...unneeded(),
    ],
  })
}

/** Over HTTP a subscription would be run as a query, and answer nonsense. */
function refuseSubscriptions(): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return
        const message = 'A subscription goes over a WebSocket at this address, in the protocol graphql-transport-ws.'
        throw new AppError('BAD_REQUEST', message)
      },
    }),
  }
}

function sandbox(document: string): ApolloServerPlugin {
  const embed = { runTelemetry: false, initialState: { pollForSchemaUpdates: false } }
  return ApolloServerPluginLandingPageLocalDefault({ embed, document })
}

/** Plugins that Apollo installs by itself, at a quarter of the throughput, and that nobody here uses. */
function unneeded(): ApolloServerPlugin[] {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ]
}
