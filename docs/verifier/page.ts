/** The page: takes files, hands them to the worker and shows its report. */

import type { Assumption } from '../../kernel/assumption.js'
import { assumptionLines } from '../../kernel/assumption-lines.js'
import type { Preset } from '../../prover/parameters.js'
import type { FileReport, KeyReport, LibraryReport, ProofReport, Report, Rests } from './judge.js'
import type { Answer, Request } from './messages.js'
import { plural } from './not-said.js'
import workerCode from './worker.ts?code'

declare global {
  /** Verifying keys of the kernel and of Reveal and Contains claims, gzip in base64: kernel.js. */
  var ixKeys: readonly string[] | undefined
}

type Child = Node | string | null

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...children.filter(child => child !== null))
  return node
}

function find<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T
}

const input = find<HTMLInputElement>('files')
const zone = find('zone')
const status = find('status')
const bar = find<HTMLProgressElement>('bar')
const results = find('results')
const keyLine = find('key')
const presets = find<HTMLSelectElement>('preset')
const clear = find<HTMLButtonElement>('clear')

// A worker from a blob: one from a file is refused when the page itself is opened as a file.
const worker = new Worker(URL.createObjectURL(new Blob([workerCode], { type: 'text/javascript' })))

const ask = (request: Request, doing: string) => {
  status.textContent = doing
  bar.hidden = false
  bar.removeAttribute('value')
  worker.postMessage(request)
}

const fail = (reason: string) => {
  bar.hidden = true
  status.textContent = ''
  results.replaceChildren(
    element(
      'article',
      { class: 'card bad' },
      element('h2', {}, 'Nothing can be verified'),
      element('p', {}, reason),
    ),
  )
}

worker.onmessage = ({ data }: MessageEvent<Answer>) => {
  switch (data.kind) {
    case 'progress':
      status.textContent = data.total > 1 ? `${data.what} (${data.done} of ${data.total})` : data.what
      if (data.total > 1) bar.value = data.done / data.total
      break
    case 'broken':
      fail(data.reason)
      break
    case 'report':
      show(data.report)
  }
}
worker.onerror = event => fail(event.message || 'this browser does not run the verifier')

function show(report: Report): void {
  bar.hidden = true
  const { proofs, files, library } = report
  const accepted = proofs.filter(p => p.accepted).length
  const unusable = files.filter(f => f.kind === 'unusable').length
  status.textContent =
    proofs.length === 0 && unusable === 0
      ? ''
      : [
          proofs.length > 0 ? `${accepted} of ${proofs.length} accepted` : '',
          unusable > 0 ? `${unusable} of no use` : '',
        ]
          .filter(Boolean)
          .join(', ')
  showKey(report.key)
  clear.hidden = proofs.length === 0 && files.every(f => f.kind === 'key')
  results.replaceChildren(
    ...(library === null ? [] : [libraryCard(library)]),
    ...proofs.map(proof => proofCard(proof, report)),
    ...files.map(fileCard),
  )
}

function showKey({ digest, file, circuits }: KeyReport): void {
  const own = file === null
  keyLine.replaceChildren(
    element('span', {}, own ? 'The kernel that came with this page' : `The key in ${file}`),
    ` (${circuits} circuits) `,
    element('code', { id: 'key-digest' }, digest),
  )
  if (own) return
  const back = element('button', { type: 'button', class: 'quiet' }, 'Use the kernel of this page')
  back.onclick = () => ask({ kind: 'own key' }, 'Verifying')
  keyLine.append(' ', back)
}

function libraryCard({ accepted, shards, constants, rests, notSaid, faults }: LibraryReport): HTMLElement {
  const few = faults.slice(0, 8)
  const facts = factList()
  if (rests !== null) addRests(facts, rests)
  addNotSaid(facts, notSaid)
  return element(
    'article',
    { class: `card ${accepted ? 'good' : 'open'}`, 'data-library': accepted ? 'accepted' : 'open' },
    heading(accepted, accepted ? 'All of the library is proven' : 'Not all of the library is proven', ''),
    accepted
      ? element(
          'p',
          {},
          `${shards} shards are disjoint, cover its ${constants} constants, and each has a proof.`,
        )
      : element(
          'ul',
          {},
          ...few.map(fault => element('li', {}, fault)),
          faults.length > few.length ? element('li', {}, `and ${faults.length - few.length} more`) : null,
        ),
    accepted ? facts.list : null,
  )
}

/** A list of facts by name, and what adds one. */
function factList(): { list: HTMLElement; fact: (name: string, ...value: Child[]) => void } {
  const list = element('dl', {})
  const fact = (name: string, ...value: Child[]) =>
    list.append(element('dt', {}, name), element('dd', {}, ...value))
  return { list, fact }
}

type Facts = ReturnType<typeof factList>

/** Names of one kind that are shown. */
const SHOWN_NAMES = 500

const KINDS: Record<Assumption['kind'], string> = {
  axiom: 'axioms',
  theorem: 'theorems without a proof here',
  definition: 'definitions without their bodies',
  opaque: 'opaque constants without their bodies',
  primitive: 'primitives taken for the standard ones',
}

/** What an accepted check rests on: the lines of `ix verify`, and the names behind its numbers. */
function addRests({ fact }: Facts, { assumptions, allowed, frontier }: Rests): void {
  const lines = assumptionLines(assumptions).map(sentence)
  if (frontier !== null && frontier > 0)
    lines.push(`Assumes ${plural(frontier)} of other shards, which their proofs are about`)
  const kinds = (['theorem', 'definition', 'opaque'] as const).flatMap(kind => {
    const names = assumptions.filter(a => a.kind === kind).map(a => a.name)
    if (names.length === 0) return []
    const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : ''
    const list = element('p', { class: 'names' }, `${names.slice(0, SHOWN_NAMES).join(', ')}${more}`)
    return [element('details', {}, element('summary', {}, `The ${names.length} ${KINDS[kind]}`), list)]
  })
  fact(
    'Rests on',
    ...(lines.length === 0
      ? ['no axiom, no bare statement and no assumed primitive']
      : [element('ul', { class: 'rests' }, ...lines.map(line => element('li', {}, `${line}.`))), ...kinds]),
  )
  if (allowed.length > 0)
    fact('Trusts', `compiled code that nobody checked here: ${allowed.join(', ')} (made with --allow)`)
}

function addNotSaid({ fact }: Facts, sentences: readonly string[]): void {
  if (sentences.length > 0)
    fact(
      'Does not say',
      element('ul', { class: 'not-said' }, ...sentences.map(text => element('li', {}, text))),
    )
}

function heading(good: boolean, verdict: string, rest: string): HTMLElement {
  return element(
    'h2',
    {},
    element('span', { class: 'mark', 'aria-hidden': 'true' }, good ? '✓' : '✗'),
    element('span', { class: 'verdict' }, verdict),
    rest === '' ? null : element('span', { class: 'file' }, rest),
  )
}

function proofCard(proof: ProofReport, { key, preset }: Report): HTMLElement {
  const facts = factList()
  const { fact } = facts
  const code = (text: string) => element('code', {}, text)
  if (proof.about !== null) fact('About', proof.about)
  if (proof.rests !== null) addRests(facts, proof.rests)
  if (proof.claim.kind === 'kernel') {
    fact('Claim', code(proof.claim.claim))
    fact('Primitives', code(proof.claim.primitives))
  } else if (proof.claim.kind === 'statement') {
    fact('Says', element('pre', {}, proof.claim.lines.join('\n')))
    fact('Claim', code(proof.claim.claim))
  } else fact('Claim', code(proof.claim.call))
  const expected = proof.claim.kind === 'statement' ? proof.claim.key : key.digest
  const same = proof.keyDigest === expected
  fact(
    proof.claim.kind === 'statement' ? 'Program' : 'Kernel',
    code(proof.keyDigest),
    same ? '' : element('em', {}, ' (another)'),
  )
  const { security } = proof
  if (security !== null) {
    const terms = Object.entries(security.terms).map(
      ([term, bits]) => `${TERMS[term] ?? term} ${Math.floor(bits)}`,
    )
    fact(
      'Security',
      `${security.proven.toFixed(1)} bits proven, ${security.conjectured.toFixed(0)} conjectured`,
      element('small', {}, ` ${terms.join(', ')}`),
    )
  }
  fact('Witness', proof.hiding ? 'hidden (zero knowledge)' : 'not hidden (transparent)')
  fact('Made with', proof.preset === null ? 'parameters of its own' : `preset ${proof.preset}`)
  fact(
    'Size',
    `${(proof.bytes / 2 ** 20).toFixed(2)} MiB, ${proof.accepted ? 'verified' : 'rejected'} in ${seconds(proof.milliseconds)}`,
  )
  addNotSaid(facts, proof.notSaid)
  return element(
    'article',
    {
      class: `card ${!proof.accepted ? 'bad' : proof.foreignKey === null ? 'good' : 'open'}`,
      'data-file': proof.file,
      'data-verdict': proof.accepted ? 'accepted' : 'rejected',
    },
    heading(proof.accepted, proof.accepted ? 'Accepted' : 'Rejected', proof.file),
    proof.reason === null ? null : element('p', { class: 'reason' }, `${sentence(proof.reason)}.`),
    proof.accepted && proof.foreignKey !== null
      ? element(
          'p',
          { class: 'warning' },
          `By the key in ${proof.foreignKey}, which did not come with this page: that program accepted, whatever it checks.`,
        )
      : null,
    !proof.accepted && same && proof.preset !== preset
      ? element('p', {}, 'It was not made with the preset that is required above.')
      : null,
    facts.list,
  )
}

const TERMS: Record<string, string> = {
  query: 'queries',
  lookup: 'lookups',
  outOfDomain: 'out of domain',
  batch: 'batching',
}

const seconds = (ms: number) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`)

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function fileCard({ file, kind, text }: FileReport): HTMLElement {
  const bad = kind === 'unusable'
  return element(
    'article',
    { class: `card ${bad ? 'bad' : 'plain'}`, 'data-file': file, 'data-verdict': kind },
    bad
      ? heading(false, 'Cannot be used', file)
      : element('h2', {}, element('span', { class: 'file' }, file)),
    element('p', {}, `${sentence(text)}.`),
  )
}

const drop = (files: Iterable<File> | null) => {
  const list = [...(files ?? [])]
  if (list.length > 0) ask({ kind: 'files', files: list }, 'Reading')
}

input.onchange = () => {
  drop(input.files)
  input.value = ''
}
document.addEventListener('dragover', event => {
  event.preventDefault()
  zone.classList.add('over')
})
document.addEventListener('dragleave', event => {
  if (event.relatedTarget === null) zone.classList.remove('over')
})
document.addEventListener('drop', event => {
  event.preventDefault()
  zone.classList.remove('over')
  drop(event.dataTransfer?.files ?? null)
})
presets.onchange = () => ask({ kind: 'preset', preset: presets.value as Preset }, 'Verifying')
clear.onclick = () => ask({ kind: 'clear' }, '')

const packed = globalThis.ixKeys
if (packed === undefined) fail('The file kernel.js is missing: npm run build:page makes it.')
else {
  const keys = packed.map(text => Uint8Array.from(atob(text), c => c.charCodeAt(0)))
  ask({ kind: 'keys', keys }, 'Loading the verifying keys')
}
