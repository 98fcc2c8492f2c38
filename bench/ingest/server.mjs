import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Starts a server in a process of its own; resolves once it says where it listens. */
export async function started(args, { cwd, env = {} } = {}) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => child.on('exit', resolve))
  const origin = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', part => {
      text += part
      const found = /Listening on (\S+)/.exec(text)
      if (found) resolve(found[1])
    })
    void ended.then(() => reject(new Error(`${args[0]} ended: ${text}`)))
  })
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return { origin, pid: child.pid, stop }
}

/** The program's own server on a free port, over the database of the trial. */
export async function startServer({ program, database }, dataDirectory, env = {}) {
  const args = ['serve', '--port', '0', '--database-url', `file:${database}`, '--data-dir', dataDirectory]
  const { origin, stop } = await started([join(program, 'dist/main.js'), ...args], { env })
  return { url: `${origin}/graphql`, stop }
}
