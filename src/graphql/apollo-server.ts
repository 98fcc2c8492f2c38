import { ApolloServer, type ApolloServerPlugin, type HeaderMap } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import { OperationTypeNode } from 'graphql'
import { AppError, type RequestErrorCode } from '../domain/errors.ts'
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../domain/query-limits.ts'
import { authorizationPlugin } from './authorization.ts'
import { compiledQueriesPlugin } from './compiled-queries.ts'
import type { GraphQLContext } from './context.ts'
import { errorFormatter } from './errors.ts'
import { EXAMPLES } from './examples.ts'
import { CostLimit, costLimitPlugin } from './limits/query-cost.ts'
import { sizeLimitRule } from './limits/query-size.ts'
import { schema } from './schema.ts'
import { noConditionalSubscriptionRoot } from './subscription-operations.ts'

export interface ApolloServerSettings {
  /** Called with each error that the response masks as INTERNAL_SERVER_ERROR. */
  readonly onUnexpectedError: (error: unknown) => void
  readonly limits?: QueryLimits
  /** Whether clients can query the schema. Default: true. */
  readonly introspection?: boolean
  readonly plugins?: readonly ApolloServerPlugin<GraphQLContext>[]
}

/**
 * Returns an Apollo Server that is not yet started. Apollo reads NODE_ENV for introspection, the landing page, stack
 * traces and signal handlers. Each of them is set here instead.
 */
export function createApolloServer(settings: ApolloServerSettings): ApolloServer<GraphQLContext> {
  const { onUnexpectedError, limits = DEFAULT_QUERY_LIMITS, introspection = true, plugins = [] } = settings
  return new ApolloServer<GraphQLContext>({
    schema,
    introspection,
    nodeEnv: 'production',
    formatError: errorFormatter({ onUnexpectedError, introspection }),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: limits.maxTokens },
    validationRules: [sizeLimitRule(limits), noConditionalSubscriptionRoot],
    stopOnTerminationSignals: false,
    plugins: [
      // First, so that a client without access learns nothing else.
      authorizationPlugin(),
      ...plugins,
      rejectSubscriptionsOverHttp(),
      costLimitPlugin(new CostLimit(schema, limits)),
      compiledQueriesPlugin(schema),
      statusByMediaType(),
      sandbox(Object.values(EXAMPLES).join('\n\n')),
      ...disabledDefaultPlugins(),
    ],
  })
}

/** Apollo Server would execute a subscription over HTTP as a query. */
function rejectSubscriptionsOverHttp(): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return
        const message = 'Subscriptions run over WebSocket at this address, with the protocol graphql-transport-ws.'
        throw new AppError('BAD_REQUEST', message)
      },
    }),
  }
}

/** Codes of errors in a well-formed request. */
const WELL_FORMED_REQUEST_CODES: readonly unknown[] = [
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'QUERY_TOO_COMPLEX',
] satisfies RequestErrorCode[]

/**
 * Answers a well-formed request with status 200 in `application/json`, and with 400 in
 * `application/graphql-response+json`, as the GraphQL over HTTP specification requires. Apollo Server answers 400 in both.
 */
function statusByMediaType(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ response: { body, http } }) {
        if (http.status !== 400 || body.kind !== 'single') return
        const { errors = [] } = body.singleResult
        if (!errors.every(({ extensions }) => WELL_FORMED_REQUEST_CODES.includes(extensions?.code))) return
        // Apollo Server chooses the media type after this hook, and then reads the status.
        Object.defineProperty(http, 'status', { enumerable: true, get: () => statusOf(http.headers) })
      },
    }),
  }
}

function statusOf(headers: HeaderMap): number {
  return headers.get('content-type')?.startsWith('application/graphql-response+json') ? 400 : 200
}

function sandbox(document: string): ApolloServerPlugin {
  const embed = { runTelemetry: false, initialState: { pollForSchemaUpdates: false } }
  return ApolloServerPluginLandingPageLocalDefault({ embed, document })
}

/** Apollo Server installs these plugins by default. They reduce throughput to a quarter. */
function disabledDefaultPlugins(): ApolloServerPlugin[] {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ]
}
