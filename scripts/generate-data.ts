import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateDemoData } from './demo-data/generate.ts'
import { readmeOf } from './demo-data/readme.ts'

/** `npm run data [folder]`: writes the sample files and their README to data/ or to the folder. */
const folder = process.argv[2] ?? fileURLToPath(new URL('../data', import.meta.url))
const manifest = await generateDemoData(folder)
await writeFile(join(folder, 'README.md'), readmeOf(manifest))
for (const [name, { rows, bytes, sha256 }] of Object.entries(manifest)) {
  console.log(`${name}: ${rows} rows, ${bytes} bytes, SHA-256 ${sha256}`)
}
