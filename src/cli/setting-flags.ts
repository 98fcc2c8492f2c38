import type { Command } from 'commander'
import { type Config, parseConfig, type Setting } from '../config/config.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Flags that stand for a setting of the environment, and come before it. */
const SETTING_FLAGS: readonly (readonly [flag: string, setting: Setting, help: string])[] = [
  ['--host <address>', 'HOST', 'address to listen on (127.0.0.1)'],
  ['--port <number>', 'PORT', 'port to listen on, 0 for a free one (4000)'],
  ['--database-url <url>', 'DATABASE_URL', 'database file (file:data/accounts.db)'],
  ['--data-dir <directory>', 'DATA_DIR', 'where ingestAccounts looks for files (data)'],
  ['--anyone-may <what>', 'ANYONE_MAY', 'what needs no token: nothing, read, ingest or everything'],
  ['--log-level <level>', 'LOG_LEVEL', 'fatal, error, warn, info, debug, trace or silent (warn)'],
]

/** Gives a command the flags of some settings. */
export function withSettings(command: Command, settings: readonly Setting[]): Command {
  for (const [flag, setting, words] of SETTING_FLAGS) {
    if (settings.includes(setting)) command.option(flag, `${words} [${setting}]`)
  }
  return command
}

/** @throws AppError INVALID_CONFIGURATION */
export function configFrom(command: Command, environment: Environment): Config {
  const flags = command.opts<Record<string, string | undefined>>()
  const settings = SETTING_FLAGS.map(([flag, setting]) => {
    const name = flag
      .slice(2)
      .split(' ')[0]!
      .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    return [setting, flags[name]]
  })
  // An empty variable is how scripts leave one out; an empty flag is a mistake.
  const variables = Object.entries(environment).filter(([, value]) => value !== '')
  const given = [...variables, ...settings].filter(([, value]) => value !== undefined)
  return parseConfig(Object.fromEntries(given))
}
