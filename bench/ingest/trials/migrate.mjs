import { programModule } from '../program.mjs'

/* Makes an empty database of the program's. */

const { migrateDatabase } = await programModule('storage/sqlite/database.js')
migrateDatabase(process.argv[2])
