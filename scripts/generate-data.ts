import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateDemoData } from './demo-data/generate.ts'
import { readmeOf } from './demo-data/readme.ts'

/** `npm run data`: writes the two demo files and the page about them into data/, or into the folder that is named. */
const folder = process.argv[2] ?? fileURLToPath(new URL('../data', import.meta.url))
const manifest = await generateDemoData(folder)
await writeFile(join(folder, 'README.md'), readmeOf(manifest))
for (const [name, { rows, bytes, sha256 }] of Object.entries(manifest)) {
  console.log(`${name}: ${rows} rows, ${bytes} bytes, SHA-256 ${sha256}`)
}
