import { createServer } from 'node:http'
import { buildSchema } from 'drizzle-graphql'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createYoga } from 'graphql-yoga'
import { programModule } from '../../ingest/program.mjs'
import { listening } from '../listening.mjs'

/* It makes schema and statement itself, from tables. The nearest to ours is the view that the database has for people. */

const { openConnection } = await programModule('storage/sqlite/connection/connection.js')
const accounts = sqliteTable('accounts', {
  accountId: text('account_id').primaryKey(),
  categories: text().notNull(),
  subscriberCount: integer('subscriber_count').notNull(),
  monthGrowthPercent: real('month_growth_percent'),
})
const database = drizzle(openConnection(process.argv[2], { readonly: true }), { schema: { accounts } })
const { schema } = buildSchema(database, { mutations: false })
listening(createServer(createYoga({ schema, logging: false })).listen(0, '127.0.0.1'))
