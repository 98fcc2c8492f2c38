/** The charts page in a real browser, against a real server. Skipped, and said so, where there is no Chromium. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { ENTRIES, TOKENS } from '../support/program/access.ts'
import { type Row, writeDrop } from '../support/program/drops.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (!CHROMIUM) console.warn('there is no Chromium: the charts page is not tested')

/** Accounts 1 to 20 of 10,000 to 200,000, each measured in every month of three years; number 20 has doubled. */
const ROWS: Row[] = Array.from({ length: 36 }, (_, month) => month).flatMap(month =>
  Array.from({ length: 20 }, (_, i) => ({
    account: i + 1,
    count: (i + 1) * 10_000 * (i === 19 && month === 35 ? 2 : 1),
    at: new Date(Date.UTC(2022, month, i === 19 && month === 35 ? 1 : 2)).toISOString(),
    categories: i % 2 ? 'Gaming' : 'Podcast;Education',
  })),
)
const LATER: Row = { account: 20, count: 500_000, at: '2024-12-20T00:00:00Z', categories: '<b>Gaming</b>' }

const programs = usePrograms()
let cwd: string
let server: TestServer
let browser: Browser
let page: Page
let complaints: string[]

;(CHROMIUM ? describe : describe.skip)('charts', () => {
  beforeAll(async () => {
    cwd = await programs.folder()
    await writeDrop(join(cwd, 'data/drop.parquet'), [...ROWS, LATER])
    expect(await programs.run(['ingest', 'data/drop.parquet'], { cwd })).toMatchObject({ exitCode: 0 })
    server = await programs.serve({ cwd })
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] })
  })

  afterAll(() => browser?.close())

  beforeEach(async () => {
    complaints = []
    page = await browser.newPage()
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('request', request => {
      if (new URL(request.url()).origin !== server.origin && !request.url().startsWith('data:'))
        complaints.push(`asked ${request.url()}`)
    })
  })

  afterEach(async () => {
    await page.close()
    expect(complaints).toEqual([])
  })

  test('shows the largest accounts, and the first three as lines', async () => {
    await open()
    expect(await page.textContent('#dataset')).toBe(
      '20 tracked accounts, 721 measurements, 2022-01-02 to 2024-12-20 (UTC)',
    )
    expect(await page.textContent('#found')).toBe('20 accounts')
    expect(await table()).toHaveLength(15)
    expect((await table())[0]).toMatchObject([expect.stringMatching(/0020$/), '<b>Gaming</b>', '500,000', '+25 %'])
    expect(await lines('history')).toEqual([13, 12, 12])
  })

  test('on a phone shows the full growth coverage, and nothing overflows', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open()
    const entries = await page.$$eval('#coverage-legend li', found =>
      found.map(entry => {
        const { left, right, height } = entry.getBoundingClientRect()
        const { backgroundColor } = getComputedStyle(entry, '::before')
        return { text: entry.textContent, isInside: left >= 0 && right <= innerWidth && height > 0, backgroundColor }
      }),
    )
    expect(entries.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^known \(\d+\)$/),
      expect.stringMatching(/^not measured in the window \(\d+\)$/),
      expect.stringMatching(/^nothing to count from \(\d+\)$/),
      expect.stringMatching(/^counted from 0 \(\d+\)$/),
    ])
    expect(entries.filter(({ isInside }) => !isInside)).toEqual([])
    expect(new Set(entries.map(({ backgroundColor }) => backgroundColor)).size).toBe(4)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })

  test('turns pages, and keeps the order', async () => {
    await open()
    await page.click('#next')
    await page.waitForFunction(() => document.querySelectorAll('#accounts tr').length === 5)
    expect((await table()).map(([, , count]) => count)).toEqual(['50,000', '40,000', '30,000', '20,000', '10,000'])
    await page.click('#previous')
    await page.waitForFunction(() => document.querySelectorAll('#accounts tr').length === 15)
  })

  test('asks what the form says, and puts it into the address', async () => {
    await open()
    await page.selectOption('[name=category]', 'Podcast')
    await page.fill('[name=above]', '100000')
    await page.press('[name=above]', 'Enter')
    await page.waitForFunction(() => document.querySelector('#found')!.textContent === '5 accounts')
    expect(page.url()).toBe(`${server.origin}/charts#category=Podcast&above=100000`)
    await page.reload()
    await page.waitForFunction(() => document.querySelector('#found')!.textContent === '5 accounts')
    expect(await page.inputValue('[name=above]')).toBe('100000')
  })

  test('leaves alone what is being typed when an answer comes', async () => {
    await open()
    let answer = () => {}
    const isTyped = new Promise<void>(resolve => (answer = resolve))
    await page.route('**/graphql', async route => {
      await isTyped
      await route.continue()
    })
    await page.selectOption('[name=category]', 'Podcast')
    await page.fill('[name=above]', '100000')
    answer()
    await page.waitForFunction(() => document.querySelector('#found')!.textContent === '10 accounts')
    expect(await page.inputValue('[name=above]')).toBe('100000')
  })

  test('draws the chosen accounts as the API returns them', async () => {
    await open('#span=0&bucket=MONTH')
    await page.locator('#accounts input').nth(1).uncheck()
    await page.waitForFunction(() => document.querySelectorAll('#accounts input:checked').length === 2)
    await page.waitForFunction(() => (window as never as Drawing).Chart.getChart('history')?.data.datasets.length === 2)
    const id = (await table())[0]![0]!
    const query = `query ($id: UUID!) { account(accountId: $id) { history(bucket: MONTH, to: "2024-12-20T00:00:00.001Z",
      from: "2022-01-02T00:00:00Z") { last } } }`
    const { account } = await server.ask<{ account: { history: { last: number }[] } }>(query, { id })
    expect((await drawn('history'))[0]).toEqual(account.history.map(({ last }) => last))
  })

  test('draws nothing after the last account is removed, also after a reload', async () => {
    await open()
    for (const left of [2, 1, 0]) {
      await page.locator('#accounts input').nth(left).uncheck()
      await page.waitForFunction(
        count => (window as never as Drawing).Chart.getChart('history')?.data.datasets.length === count,
        left,
      )
    }
    await page.reload()
    await page.waitForFunction(() => (window as never as Drawing).Chart?.getChart('history'))
    expect(await lines('history')).toEqual([])
    await page.locator('#accounts input').nth(4).check()
    await page.waitForFunction(() => (window as never as Drawing).Chart.getChart('history')?.data.datasets.length === 1)
    await page.selectOption('[name=category]', 'Podcast')
    await page.waitForFunction(() => (window as never as Drawing).Chart.getChart('history')?.data.datasets.length === 3)
  })

  test('shows growth in subscribers in lists ordered by it', async () => {
    await open()
    await page.selectOption('[name=order]', 'GROWTH_ABSOLUTE')
    await page.waitForFunction(() => document.querySelector('#accounts td:last-child')?.textContent === '+100,000')
    await page.selectOption('[name=order]', 'GROWTH_PERCENT')
    await page.waitForFunction(() => document.querySelector('#accounts td:last-child')?.textContent === '+25 %')
  })

  test.each([390, 1001, 1280])('keeps its parts apart in a window %d wide', async width => {
    await page.setViewportSize({ width, height: 800 })
    await open()
    const tooWide = await page.$$eval('html, section', parts =>
      parts.filter(part => part.scrollWidth > part.clientWidth).map(({ tagName }) => tagName),
    )
    expect(tooWide).toEqual([])
  })

  test('shows what the server refuses, in its words, and goes on', async () => {
    await open('#span=0')
    await page.selectOption('[name=bucket]', 'DAY')
    await page.waitForSelector('#problem:not([hidden])')
    expect(await page.textContent('#problem')).toMatch(/1,?000 buckets/)
    await page.selectOption('[name=bucket]', 'WEEK')
    await page.waitForSelector('#problem', { state: 'hidden' })
  })

  test('asks for an access token where one is needed, until it is right', async () => {
    await server.stop()
    server = await programs.serve({ cwd, env: { ACCESS_TOKENS: ENTRIES } })
    await page.goto(`${server.origin}/charts`)
    for (const token of ['wrong', TOKENS.read]) {
      await page.waitForSelector('#token[open]')
      await page.fill('#token input', token)
      await page.press('#token input', 'Enter')
    }
    await page.waitForFunction(() => document.querySelector('#found')!.textContent === '20 accounts')
    // Chromium itself notes each 401.
    const unexpected = complaints.filter(complaint => !complaint.includes('401'))
    complaints = unexpected
  })
})

async function open(address = ''): Promise<void> {
  await page.goto(`${server.origin}/charts${address}`)
  await page.waitForFunction(() => (window as never as Drawing).Chart?.getChart('history'))
}

interface Drawing {
  readonly Chart: { getChart(id: string): { data: { datasets: { data: (number | null)[] }[] } } | undefined }
}

function table(): Promise<string[][]> {
  return page.$$eval('#accounts tr', rows =>
    rows.map(row => [...row.children].slice(1).map(cell => cell.textContent ?? '')),
  )
}

function drawn(id: string): Promise<(number | null)[][]> {
  return page.evaluate(
    canvas => (window as never as Drawing).Chart.getChart(canvas)!.data.datasets.map(({ data }) => data),
    id,
  )
}

async function lines(id: string): Promise<number[]> {
  return (await drawn(id)).map(data => data.filter(value => value !== null).length)
}
