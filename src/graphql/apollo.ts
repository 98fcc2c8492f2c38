import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import type { GraphQLContext } from './context.ts'
import { errorFormatter } from './errors.ts'
import { EXAMPLES } from './examples.ts'
import { resolvers, typeDefs } from './schema.ts'

export interface ApolloServerSettings {
  /** Told of every error that is no fault of the client, whose cause the answer does not name. */
  readonly onUnexpectedError: (error: unknown) => void
  /** What Sandbox opens with. */
  readonly landingDocument?: string
  readonly introspection?: boolean
  readonly plugins?: readonly ApolloServerPlugin<GraphQLContext>[]
}

const MAX_TOKENS = 1000
const MAX_RECURSIVE_SELECTIONS = 500

/**
 * An Apollo server over the schema, still to be started. Nothing of it depends on the environment: Apollo would read
 * NODE_ENV for introspection, the landing page, stack traces and signal handlers, so each of them is set here.
 */
export function createApolloServer(settings: ApolloServerSettings): ApolloServer<GraphQLContext> {
  const { onUnexpectedError, landingDocument, introspection = true, plugins = [] } = settings
  return new ApolloServer<GraphQLContext>({
    typeDefs,
    resolvers,
    introspection,
    nodeEnv: 'production',
    formatError: errorFormatter(onUnexpectedError),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    maxRecursiveSelections: MAX_RECURSIVE_SELECTIONS,
    // Whoever owns the process decides when it ends.
    stopOnTerminationSignals: false,
    plugins: [...plugins, sandbox(landingDocument ?? Object.values(EXAMPLES).join('\n\n')), ...unneeded()],
  })
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
