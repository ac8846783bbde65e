import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { layout } from '../../aiur/circuit/layout.js'
import { compile } from '../../aiur/language/compile.js'
import { run } from '../../cli/run.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { writeEnvironment } from '../../ixon/ixe-write.js'
import { deriveKey } from '../../prover/derive-key.js'
import { encodeKey } from '../../prover/key-file.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'
import { axiom, c, definition, sourceOf } from '../ixon/declarations.js'
import { PROP } from '../kernel/inductive-types.js'

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)
if (executablePath === undefined) console.log('no Chromium here: the verifier page is not tested')

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const ROOT = join(import.meta.dirname, '..', '..')
const TWIN = join(ROOT, 'test', 'lean', 'Twin.ixe')

const SQUARE = 'pub fn square(n: G) -> G { n * n }'

async function ix(...argv: string[]): Promise<string> {
  const terminal = bufferTerminal()
  expect(await run(argv, terminal), terminal.stderr.text).toBe(0)
  return terminal.stdout.text
}

describe.skipIf(executablePath === undefined)('the verifier page, opened as a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ix-page-'))
  const file = (name: string) => join(folder, name)
  let context: BrowserContext
  let page: Page
  let digest: string
  const requests: string[] = []
  const errors: string[] = []

  beforeAll(async () => {
    const site = file('page')
    mkdirSync(site)
    digest = (await ix('vk', '-o', file('kernel.ixvk'))).split('\n')[0]!
    for (const claim of ['reveal', 'contains']) await ix('vk', '--claim', claim, '-o', file(`${claim}.ixvk`))
    const keys = ['kernel', 'reveal', 'contains'].map(name => file(`${name}.ixvk`))
    execFileSync(process.execPath, [join(ROOT, 'docs/verifier/build.mjs'), site, ...keys])
    const twin = ['--ixe', TWIN, '--ixes', file('twin.ixes')]
    await ix('shard', TWIN, '--shards', '1', '-o', file('twin.ixes'))
    await ix('reveal', 'Twin.symm', '--field', 'kind', ...twin.slice(0, 2), '--prove', file('reveal.ixp'))
    await ix('contains', 'Twin.symm', '--shard', '0', ...twin, '--prove', file('contains.ixp'))
    const lie = readFileSync(file('reveal.ixp'))
    // What the claim says of the kind: its last byte.
    lie[12 + 1 + 32 + 2] = 0
    writeFileSync(file('lie.ixp'), lie)
    await ix('prove', 'PUnit', '--ixe', TWIN, '-o', file('unit.ixp'))
    const axioms = compileEnvironment(
      sourceOf(axiom('A', PROP), axiom('a', c('A')), definition('Proved', c('A'), c('a'))),
      {},
    )
    writeEnvironment(file('axioms.ixe'), axioms)
    const library = ['--ixe', file('axioms.ixe'), '--ixes', file('axioms.ixes')]
    await ix('shard', file('axioms.ixe'), '--shards', '2', '-o', file('axioms.ixes'))
    for (const shard of ['0', '1'])
      await ix('prove', '--shard', shard, ...library, '-o', file(`shard${shard}.ixp`))
    await ix('prove', 'Proved', ...library.slice(0, 2), '-o', file('proved.ixp'))
    await ix('prove', 'PUnit', '--ixe', TWIN, '-o', file('weak.ixp'), '--preset', 'fast', '--transparent')
    const proof = readFileSync(file('unit.ixp'))
    proof[proof.length >> 1]! ^= 1
    writeFileSync(file('damaged.ixp'), proof)
    writeFileSync(file('short.ixp'), proof.subarray(0, 500))
    writeFileSync(file('text.ixp'), 'hello')
    writeFileSync(file('square.aiur'), SQUARE)
    await ix('aiur', 'prove', file('square.aiur'), '5', '-o', file('square.ixp'))
    context = await chromium.launchPersistentContext(file('profile'), {
      executablePath: executablePath!,
      args: FLAGS,
    })
    page = await context.newPage()
    page.on('request', request => requests.push(request.url()))
    page.on('pageerror', error => errors.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.goto(pathToFileURL(join(site, 'index.html')).href)
  }, 120_000)
  afterAll(async () => {
    await context?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const card = (name: string) => page.locator(`[data-file="${name}"]`)
  const idle = () => page.waitForFunction("document.querySelector('#bar').hidden")
  /** Chooses files and waits for the verdict about the last one. */
  const choose = async (...names: string[]) => {
    await page.setInputFiles('#files', names)
    await card(names.at(-1)!.split('/').at(-1)!).waitFor()
    await idle()
  }
  const verdict = (name: string) => card(name).getAttribute('data-verdict')

  test('shows the digest of the kernel', async () => {
    await page.locator('#key-digest').waitFor()
    expect(await page.textContent('#key-digest')).toBe(digest)
  })

  test('accepts a valid proof, verified beside the page', async () => {
    await page.evaluate(
      "window.ticks = 0; setInterval(() => { if (!document.querySelector('#bar').hidden) ticks++ }, 5)",
    )
    await choose(file('unit.ixp'))
    expect(await verdict('unit.ixp')).toBe('accepted')
    const text = await card('unit.ixp').innerText()
    expect(text).toContain(digest)
    expect(text).toMatch(/100\.\d bits proven, \d+ conjectured/)
    expect(text).toContain('hidden (zero knowledge)')
    expect(text).toContain('preset default')
    // timers of the page ran while the worker verified
    expect(page.workers().length).toBe(1)
    expect(await page.evaluate('ticks')).toBeGreaterThan(2)
  })

  test('names the constant when it has the environment', async () => {
    expect(await card('unit.ixp').innerText()).not.toContain('PUnit')
    await choose(TWIN)
    expect(await card('unit.ixp').innerText()).toContain('PUnit')
  })

  test('says what an accepted check rests on, and what it does not say', async () => {
    await page.getByRole('button', { name: 'Clear' }).click()
    await card('unit.ixp').waitFor({ state: 'detached' })
    await choose(file('proved.ixp'), file('shard0.ixp'))
    const alone = await card('proved.ixp').innerText()
    expect(alone).not.toContain('Rests on')
    expect(alone).toMatch(/Does not say\s+What it is about, and what it assumes: drop the environment/)
    await choose(file('axioms.ixe'), file('axioms.ixes'))
    const known = await card('proved.ixp').innerText()
    expect(known).toMatch(/About\s+Proved\s+Rests on\s+Assumes the axioms A, a\./)
    expect(known).toMatch(/Does not say\s+That the assumptions above are true/)
    expect(known).not.toContain('other shards')
    const texts = [await card('shard0.ixp').innerText()]
    await choose(file('shard1.ixp'))
    await page.locator('[data-library=accepted]').waitFor()
    texts.push(await card('shard1.ixp').innerText())
    const frontier = /Assumes [1-9] constants? of other shards, which their proofs are about/
    expect(texts.filter(text => frontier.test(text)).length).toBeGreaterThan(0)
    for (const text of texts)
      expect(/uses? (is|are) well typed: proofs of all shards together/.test(text)).toBe(frontier.test(text))
    const all = await page.locator('[data-library]').innerText()
    expect(all).toContain('All of the library is proven')
    expect(all).toMatch(/Rests on\s+Assumes the axioms A, a\./)
    expect(all).toContain('That the assumptions above are true')
    await page.getByRole('button', { name: 'Clear' }).click()
    await card('proved.ixp').waitFor({ state: 'detached' })
    await choose(file('unit.ixp'), TWIN)
    const unit = await card('unit.ixp').innerText()
    expect(unit).toMatch(/Rests on\s+no axiom, no bare statement/)
    expect(unit).not.toContain('That the assumptions above are true')
    await page.locator('[data-library]').waitFor({ state: 'detached' })
  })

  test('says what a claim says, without and with the environment', async () => {
    await page.getByRole('button', { name: 'Clear' }).click()
    await card('unit.ixp').waitFor({ state: 'detached' })
    await choose(file('reveal.ixp'), file('contains.ixp'))
    expect(await verdict('reveal.ixp')).toBe('accepted')
    expect(await verdict('contains.ixp')).toBe('accepted')
    const revealed = await card('reveal.ixp').innerText()
    expect(revealed).toContain('kind: theorem')
    expect(revealed).toContain('not revealed: safety, levels, type, value')
    expect(revealed).not.toContain('Twin')
    expect(revealed).toMatch(/Does not say\s+That the constant is well typed/)
    expect(await card('contains.ixp').innerText()).toContain('is a leaf of the tree')
    await choose(TWIN, file('twin.ixes'))
    expect(await card('reveal.ixp').innerText()).toContain('Twin.symm')
    expect(await card('contains.ixp').innerText()).toContain('Twin.symm in shard 0')
    await choose(file('lie.ixp'))
    expect(await verdict('lie.ixp')).toBe('rejected')
    expect(await card('lie.ixp').innerText()).toContain('about another claim')
    await page.getByRole('button', { name: 'Clear' }).click()
    await card('lie.ixp').waitFor({ state: 'detached' })
    await choose(file('unit.ixp'))
  })

  test('rejects or refuses everything else, saying why', async () => {
    await choose(...['damaged.ixp', 'square.ixp', 'weak.ixp', 'short.ixp', 'text.ixp'].map(file))
    expect(await verdict('damaged.ixp')).toBe('rejected')
    expect(await verdict('square.ixp')).toBe('rejected')
    expect(await card('square.ixp').innerText()).toContain('made for another verifying key')
    expect(await verdict('weak.ixp')).toBe('rejected')
    expect(await card('weak.ixp').innerText()).toContain('made under other parameters')
    expect(await card('weak.ixp').innerText()).not.toContain('Does not say')
    expect(await verdict('short.ixp')).toBe('unusable')
    expect(await card('short.ixp').innerText()).toContain('ends at byte 500')
    expect(await verdict('text.ixp')).toBe('unusable')
    expect(await verdict('unit.ixp')).toBe('accepted')
    expect(await page.textContent('#status')).toContain('1 of 4 accepted')
  })

  test('takes weaker parameters when asked to', async () => {
    await page.selectOption('#preset', 'fast')
    await card('weak.ixp').and(page.locator('[data-verdict=accepted]')).waitFor()
    await idle()
    expect(await card('weak.ixp').innerText()).toContain('not hidden (transparent)')
    expect(await verdict('unit.ixp')).toBe('rejected')
    await page.selectOption('#preset', 'default')
    await card('unit.ixp').and(page.locator('[data-verdict=accepted]')).waitFor()
    await idle()
  })

  test('takes another key, and gives it back', async () => {
    const { key } = deriveKey(layout(compile([{ name: 'square.aiur', text: SQUARE }])))
    writeFileSync(file('square.ixvk'), encodeKey(key))
    writeFileSync(file('damaged.ixvk'), encodeKey(key).subarray(0, 100))
    await choose(file('damaged.ixvk'))
    expect(await verdict('damaged.ixvk')).toBe('unusable')
    expect(await page.textContent('#key-digest')).toBe(digest)
    await choose(file('square.ixvk'))
    expect(await verdict('square.ixp')).toBe('accepted')
    expect(await card('square.ixp').innerText()).toContain('square(5) = 25')
    expect(await card('square.ixp').innerText()).toContain('By the key in square.ixvk')
    expect(await verdict('unit.ixp')).toBe('rejected')
    await page.getByRole('button', { name: 'Use the kernel of this page' }).click()
    await card('unit.ixp').and(page.locator('[data-verdict=accepted]')).waitFor()
    expect(await verdict('square.ixp')).toBe('rejected')
  })

  test('takes dropped files, and forgets all of them', async () => {
    await page.getByRole('button', { name: 'Clear' }).click()
    await card('unit.ixp').waitFor({ state: 'detached' })
    await page.evaluate(`{
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['nothing'], 'dropped.bin'))
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
      document.querySelector('#zone').dispatchEvent(event)
    }`)
    await card('dropped.bin').waitFor()
    expect(await verdict('dropped.bin')).toBe('unusable')
  })

  test('asks nobody and says no error', async () => {
    expect(
      requests.every(url => /^(file|blob|data):/.test(url)),
      requests.join(),
    ).toBe(true)
    expect(errors).toEqual([])
    const fetched = await page.evaluate("fetch('https://example.com').then(() => 'sent', () => 'refused')")
    expect(fetched).toBe('refused')
  })
})
