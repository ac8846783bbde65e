// Makes `npx ix` work inside a checkout: npm links the binaries of dependencies, not the package's own.
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'

const target = new URL('../dist/cli/main.js', import.meta.url).pathname
const bin = new URL('../node_modules/.bin/', import.meta.url).pathname
mkdirSync(bin, { recursive: true })
rmSync(`${bin}ix`, { force: true })
symlinkSync(target, `${bin}ix`)
chmodSync(target, 0o755)
