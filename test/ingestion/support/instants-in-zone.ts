/** Run with another TZ: reads the texts of its argument as instants, and says how far behind UTC it is in winter. */
import { timestampReader } from '../../../src/ingestion/normalise/timestamp.ts'

const read = timestampReader({ kind: 'text' })
const forms: string[] = JSON.parse(process.argv[2] ?? '[]')
const minutesBehind = new Date(2024, 0, 1).getTimezoneOffset()
console.log(JSON.stringify({ minutesBehind, instants: forms.map(read) }))
