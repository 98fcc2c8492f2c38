// Writes docs/images/charts.png: the charts page on the sample data. Needs Chromium (`apt-get install chromium`).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = join(ROOT, 'docs/images/charts.png')
/** The large Gaming accounts that grew more than 50 % in the last month. */
const VIEW = '#category=Gaming&above=1000000&grew=50&order=GROWTH_PERCENT&scale=logarithmic&bucket=MONTH&carry=LAST'
const SIZE = { width: 1000, height: 822 }

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (!executablePath) {
  console.error('Chromium was not found in /usr/bin. Install it, for example with `apt-get install chromium`.')
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'account-growth-'))
let server
try {
  cpSync(join(ROOT, 'data/sample_accounts.parquet'), join(folder, 'data/sample_accounts.parquet'))
  server = spawn(process.execPath, [join(ROOT, 'dist/main.js'), 'serve', '--port', '0'], { cwd: folder })
  const origin = await originOf(server)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' })
    await page.goto(`${origin}/charts${VIEW}`, { waitUntil: 'networkidle' })
    // The chart draws its lines with an animation.
    await page.waitForTimeout(2000)
    await page.screenshot({ path: OUT })
  } finally {
    await browser.close()
  }
} finally {
  if (server && server.exitCode === null) {
    server.kill()
    await once(server, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
}
console.log(`wrote ${OUT}`)

/** Returns the address that the server prints when it listens. */
async function originOf({ stdout }) {
  let text = ''
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    text += chunk
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
    if (origin) {
      stdout.resume()
      return origin
    }
  }
  throw new Error(`the server ended before it listened:\n${text}`)
}
