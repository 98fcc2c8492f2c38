import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'sqlite', schema: './src/storage/sqlite/schema/tables.ts', out: './drizzle' })
