import type { TestServer } from '../../support/program/server.ts'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A scrape as Prometheus reads it: every line must be one that it takes, every sample of a family that was announced. */
export class Scrape {
  readonly samples: readonly Sample[]
  readonly types = new Map<string, string>()

  constructor(text: string) {
    if (!text.endsWith('\n')) throw new Error('the last line is not ended')
    const lines = text.split('\n').filter(line => line !== '')
    for (const line of lines.filter(line => line.startsWith('#'))) this.#announce(line)
    this.samples = lines.filter(line => !line.startsWith('#')).map(line => this.#sample(line))
  }

  static async of(server: TestServer): Promise<Scrape> {
    const response = await fetch(`${server.origin}/metrics`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    return new Scrape(await response.text())
  }

  /** The value of the one sample with these labels, and no others; 0 where there is none, as for Prometheus' rates. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = JSON.stringify(Object.entries(labels).sort())
    return this.of(name).find(sample => JSON.stringify(Object.entries(sample.labels).sort()) === wanted)?.value ?? 0
  }

  of(name: string): Sample[] {
    return this.samples.filter(sample => sample.name === name)
  }

  #announce(line: string): void {
    const [, kind, name, rest] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? []
    if (kind === undefined) throw new Error(`not of the format: ${line}`)
    if (kind === 'TYPE') this.types.set(name!, rest!)
  }

  #sample(line: string): Sample {
    const [, name = '', inner = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    const family = [name, name.replace(/_(bucket|sum|count)$/, '')].find(known => this.types.has(known))
    if (family === undefined) throw new Error(`of no family: ${line}`)
    const labels = [...inner.matchAll(/(\w+)="((?:[^"\\\n]|\\.)*)"(?:,|$)/g)].map(([, label, text]) => [label, text])
    const number = value === 'Nan' || value === 'NaN' ? Number.NaN : Number(value!.replace('Inf', 'Infinity'))
    return { name, labels: Object.fromEntries(labels), value: number }
  }
}
