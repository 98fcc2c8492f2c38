// Generates the types of arguments, inputs, enums and resolvers from schema.graphql.
import { readFileSync, writeFileSync } from 'node:fs'
import { codegen } from '@graphql-codegen/core'
import * as typescript from '@graphql-codegen/typescript'
import * as resolvers from '@graphql-codegen/typescript-resolvers'
import { parse } from 'graphql'

const SCHEMA = new URL('../schema.graphql', import.meta.url)
const OUTPUT = new URL('../src/graphql/generated.ts', import.meta.url)

/** The parent values of resolvers, by type: domain values, or values of the GraphQL layer that wrap them. */
const mappers = {
  Account: '../domain/account.ts#Account as AccountParent',
  Category: '../domain/account.ts#Category as CategoryParent',
  Dataset: '../domain/reader.ts#Dataset as DatasetParent',
  Growth: './context.ts#GrowthParent',
  GrowthCoverage: '../domain/growth.ts#GrowthCoverage as GrowthCoverageParent',
  HistoryPoint: '../domain/history.ts#HistoryPoint as HistoryPointParent',
  Ingestion: '../domain/ingestion.ts#Ingestion as IngestionParent',
  IngestionWarning: '../domain/ingestion.ts#IngestionWarning as IngestionWarningParent',
  Measurement: './context.ts#MeasurementParent',
  RejectedRow: '../domain/ingestion.ts#RejectedRow as RejectedRowParent',
  RejectionCount: '../domain/ingestion.ts#RejectionCount as RejectionCountParent',
  UserError: '../domain/errors.ts#UserError as UserErrorParent',
  AccountConnection: 'Connection<AccountParent>',
  IngestionConnection: 'Connection<IngestionParent>',
  MeasurementConnection: 'Connection<MeasurementParent>',
  RejectedRowConnection: 'Connection<RejectedRowParent>',
}

/** The generator does not import mappers that have a type argument. */
const connection = {
  plugin: () => ({ prepend: [`import type { Connection } from './connection.ts';`], content: '' }),
}

const source = await codegen({
  filename: OUTPUT.pathname,
  schema: parse(readFileSync(SCHEMA, 'utf8')),
  documents: [],
  plugins: [{ connection: {} }, { typescript: {} }, { resolvers: {} }],
  pluginMap: { connection, typescript, resolvers },
  config: {
    contextType: './context.ts#GraphQLContext',
    mappers,
    scalars: { DateTime: 'number', SafeInt: 'number', UUID: 'string', ID: 'string' },
    enumsAsTypes: true,
    immutableTypes: true,
    useTypeImports: true,
  },
})

writeFileSync(OUTPUT, `// Generated from schema.graphql by \`npm run types\`: change that, not this.\n${source}`)
